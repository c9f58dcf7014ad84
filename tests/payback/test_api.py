"""The public names: light to import, of one class of errors."""

from __future__ import annotations

from pathlib import Path

import pytest

import payback as pb
from tests.payback.commands import python
from tests.simulator.questions.cases import SMALL


def test_import_is_light() -> None:
    outcome = python(
        "import sys, payback; print([m for m in sys.modules if m.split('.')[0] in ('numpy', 'scipy', 'pandas')]);"
        "import payback as pb; case = pb.load('configs/ref1.yaml'); pb.simulate(case, trials=2048).ask('P(npv < 0)');"
        "print([m for m in ('scipy.stats', 'pandas', 'matplotlib', 'rich', 'pydantic') if m in sys.modules])"
    )
    assert outcome.out.splitlines() == ["[]", "[]"]
    assert outcome.err == ""


def test_what_is_public_is_there() -> None:
    assert set(pb.__all__) <= set(dir(pb))
    assert pb.__version__.count(".") == 2
    with pytest.raises(AttributeError, match="no attribute 'lod'"):
        pb.lod  # type: ignore[attr-defined]  # noqa: B018 - reading it is the test


def test_load_takes_a_path_and_simulate_a_path_or_a_case(tmp_path: Path) -> None:
    path = tmp_path / "small.yaml"
    path.write_text(SMALL, encoding="utf-8")
    of_path, of_case = (pb.simulate(case, trials=64).ask("mean(npv)") for case in (path, pb.load(str(path))))
    assert of_path == of_case


def test_errors_are_of_one_class(tmp_path: Path) -> None:
    for wrong in (
        lambda: pb.load(tmp_path / "none.yaml"),
        lambda: pb.loads("horizon: 12"),
        lambda: pb.simulate(pb.loads(SMALL), trials=0),
        lambda: pb.simulate(pb.loads(SMALL), trials=12.5),
        lambda: pb.simulate(pb.loads(SMALL), trials=float("nan")),
        lambda: pb.simulate(pb.loads(SMALL), trials=float("inf")),
        lambda: pb.simulate(pb.loads(SMALL), precision="P(npv < 0), 1 %", seconds=0),
        lambda: pb.simulate(pb.loads(SMALL), seed=-1),
        lambda: pb.simulate(pb.loads(SMALL), sampler="latin"),
    ):
        with pytest.raises(pb.PaybackError):
            wrong()
