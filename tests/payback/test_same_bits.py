"""What must not change a result: files that change under a run, other users of chance; and what says that it may."""

from __future__ import annotations

import shlex
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import payback as pb
from payback.simulator.engine.run import checkpoints
from payback.simulator.questions.trials import samples
from tests.payback.commands import Command
from tests.simulator.questions.cases import SMALL

OBSERVED = """
horizon: 12
inputs:
  volume: empirical('volume.csv', column='requests')
  price: uniform(0.5, 1.5)
cash_flows: {upfront: {machine: -4000}, monthly: {sales: volume * price}}
"""


def test_c16_files_that_change_during_a_run_change_nothing(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    file, data = Path("observed.yaml"), Path("volume.csv")
    file.write_text(OBSERVED, encoding="utf-8")
    data.write_text("requests\n" + "\n".join(map(str, range(200, 800, 7))) + "\n", encoding="utf-8")
    words = ("run", file, "--trials", "2048", "--json", "--quiet")
    before, loaded, plain = command(*words), pb.load(file), samples.simulate
    result = pb.simulate(loaded, trials=2048)

    def changing(*of: Any, **how: Any) -> Any:
        file.write_text(OBSERVED.replace("-4000", "-1"), encoding="utf-8")
        data.unlink(missing_ok=True)
        return plain(*of, **how)

    monkeypatch.setattr(samples, "simulate", changing)
    assert command(*words).out == before.out
    assert not data.exists()
    assert before.json["case"]["digest"] == loaded.digest
    again = pb.simulate(loaded, trials=2048)
    assert again.samples["npv"].values.tobytes() == result.samples["npv"].values.tobytes()


def test_b7_the_document_says_how_to_get_the_same_document(command: Command, case_file: Path) -> None:
    words = ("run", case_file, "--trials", "2048", "--seed", "7", "--set", "fee = 20", "--json", "--quiet")
    first = command(*words)
    provenance = first.json["provenance"]
    assert (provenance["seed"], provenance["sampler"], provenance["trials"]) == (7, "sobol", 2048)
    assert {"payback", "numpy", "scipy"} <= set(provenance["versions"])
    again = shlex.split(provenance["command"])
    assert command(*again[1:], "--json", "--quiet").out == first.out


@pytest.mark.parametrize("package", ["payback", "numpy", "scipy", "llvmlite"])
def test_b7_other_versions_are_another_run(package: str, monkeypatch: pytest.MonkeyPatch) -> None:
    own = checkpoints.identity("run")
    monkeypatch.setattr("importlib.metadata.version", lambda name: "0.0" if name == package else version(name))
    assert checkpoints.identity("run") != own


def test_b9_the_random_state_of_numpy_is_neither_read_nor_moved() -> None:
    chance = np.random  # noqa: TID251 - what must not matter
    case = pb.loads(SMALL)
    for sampler in ("sobol", "monte_carlo", "latin_hypercube"):
        chance.seed(1)
        first = pb.simulate(case, trials=2048, sampler=sampler)
        kept = chance.get_state()[1].copy()
        assert (kept == np.random.RandomState(1).get_state()[1]).all()  # noqa: TID251 - the same
        chance.seed(2)
        chance.random(1000)
        other = pb.simulate(case, trials=2048, sampler=sampler)
        assert first.samples["npv"].values.tobytes() == other.samples["npv"].values.tobytes()


@pytest.mark.parametrize("seed", [0, 2**63, 2**128])
def test_b9_seeds_of_any_size_are_taken(seed: int) -> None:
    first, second = (pb.simulate(pb.loads(SMALL), trials=64, seed=seed).ask("mean(npv)") for _ in range(2))
    assert first == second


@pytest.mark.parametrize("seed", [-1, 1.5, "1"])
def test_b9_other_seeds_are_refused(seed: Any) -> None:
    with pytest.raises(pb.UsageError, match="seed"):
        pb.simulate(pb.loads(SMALL), trials=64, seed=seed)
