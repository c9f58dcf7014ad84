"""The benchmark of one thread tells its comparisons in one table, and why variance shares are cheap."""

from __future__ import annotations

import pytest

from benchmarks import one_thread
from benchmarks.whole_process import ROOT
from payback.simulator.case import load
from payback.simulator.cube import Cube
from payback.simulator.engine import pick_freeze


def test_the_table_has_a_row_for_each_comparison() -> None:
    heading, _, *rows = one_thread.table(trials=64, cells=100, rounds=1).splitlines()
    cells = [row.strip("| ").split(" | ") for row in rows]
    assert heading.count("|") == 7
    assert [float(row[-1]) for row in cells] == [2, 2.5, 12, 20, 10, 10, 20]
    assert all(float(row[-2]) > 0 for row in cells)


def test_fourteen_runs_for_variance_shares_draw_each_input_three_times(monkeypatch: pytest.MonkeyPatch) -> None:
    """In either matrix, and where the one takes it from the other."""
    case = load(ROOT / "configs" / "ref1.yaml")
    coordinates: list[int] = []
    block = Cube.block

    def counted(self: Cube, start: int, stop: int, axes: tuple[str, ...], *out: object) -> object:
        coordinates.append(len(axes) * (stop - start))
        return block(self, start, stop, axes, *out)

    monkeypatch.setattr(Cube, "block", counted)
    groups = [[draw.name] for draw in case.model.draws]
    cube = Cube([draw.axis for draw in case.model.draws], 64)
    pick_freeze(case.model, cube, case.formula("npv").expression, groups, threads=1, engine="numpy")
    assert sum(coordinates) == 3 * 12 * 64
