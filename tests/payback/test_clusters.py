"""Clusters from Python and from the command line: whatever form they are given in, the same numbers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import payback as pb
from payback.simulator.engine.workers.dask_cluster import ClusterError
from tests.catalogue import misfit
from tests.payback.commands import MESSAGES, Command
from tests.simulator.questions.cases import SMALL

pytestmark = pytest.mark.filterwarnings(
    "ignore:unclosed:ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"
)

CASE = pb.loads(SMALL)
TRIALS = 4096


@pytest.fixture(scope="module")
def workers() -> Iterator[pb.Cluster]:
    with pb.Cluster("local", workers=2) as cluster:
        yield cluster


@pytest.fixture(scope="module")
def here() -> pb.Result:
    return pb.simulate(CASE, trials=TRIALS)


@pytest.mark.parametrize("form", ["cluster", "client", "address"])
def test_any_form_of_a_cluster_gives_the_trials_of_one_process(
    workers: pb.Cluster, here: pb.Result, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = {"cluster": workers, "client": workers._client, "address": workers._client.scheduler.address}[form]
    sent = []
    plain = pb.Cluster.submit
    monkeypatch.setattr(pb.Cluster, "submit", lambda self, *of: sent.append(self) or plain(self, *of))
    there = pb.simulate(CASE, trials=TRIALS, cluster=given)
    for name, sample in here.samples.items():
        assert there.samples[name].values.tobytes() == sample.values.tobytes()
    assert sent
    sent.clear()
    question = "mean(npv) in 'volume halves'"
    assert there.ask(question) == here.ask(question)
    # an address is for its call alone, what is open serves the result too
    assert bool(sent) == (form != "address")
    assert workers.threads == 2


def test_precision_runs_on_a_cluster(workers: pb.Cluster) -> None:
    here, there = (
        pb.simulate(CASE, precision="P(npv < 0), 1 %", seconds=1e3, cluster=cluster).precision
        for cluster in (None, workers)
    )
    assert here == there


def test_what_is_no_cluster_is_refused(workers: pb.Cluster) -> None:
    for given in ("8786", "tcp://10.1.2.3:8786", 8786):
        with pytest.raises(pb.UsageError, match="cluster: "):
            pb.simulate(CASE, trials=TRIALS, cluster=given)
    with pytest.raises(pb.UsageError, match="workers: 0 -> at least 1"):
        pb.Cluster("local", workers=0)


def test_a_command_on_a_cluster_gives_what_it_gives_here(
    workers: pb.Cluster, case_file: Path, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ("ask", case_file, "P(npv < 0)", "--trials", TRIALS, "--json")
    address = workers._client.scheduler.address
    assert command(*words, "--cluster", address).out == command(*words).out
    monkeypatch.setattr(pb.Cluster, "result", lost)
    outcome = command(*words, "--cluster", address)
    assert (outcome.code, outcome.out) == (1, "")
    assert not misfit(outcome.err.splitlines(), MESSAGES["a scheduler that is gone"])


def lost(*_: object) -> None:
    raise ClusterError("the scheduler is gone", "begin it anew")
