"""The table of where the time of a command went."""

from __future__ import annotations

from collections.abc import Mapping

from payback.cli.output import columns
from payback.simulator.stage_times import Seconds

TOTAL, REST = "total", "the rest of it"

SHOWN = 0.01
"""Seconds of the shortest step that has a row."""


def stage_table(stages: Mapping[str, Mapping[str, Seconds]]) -> str:
    """Return the seconds of each stage as a table, with the steps of a stage below it, and the total of all stages.

    Steps of less than `SHOWN` seconds are in the rest of their stage.

    Parameters
    ----------
    stages : mapping of str to mapping of str to Seconds
        See `payback.simulator.stage_times.StageTimes.by_stage`.
    """
    sums = {name: sum(steps.values(), Seconds()) for name, steps in stages.items()}
    total = sum(sums.values(), Seconds())
    rows = [("", "wall s", "CPU s", "of CPU")]
    for name, steps in stages.items():
        rows.append(_row(name, sums[name], total))
        inner = {step: seconds for step, seconds in steps.items() if step != name and _is_shown(seconds)}
        if inner:
            rest = sums[name] - sum(inner.values(), Seconds())
            rows += [_row(f"  {step}", seconds, total) for step, seconds in (*inner.items(), (REST, rest))]
    return columns([*rows, _row(TOTAL, total, total)], right=(1, 2, 3))


def _is_shown(seconds: Seconds) -> bool:
    return max(seconds.wall, seconds.cpu) >= SHOWN


def _row(name: str, seconds: Seconds, total: Seconds) -> tuple[str, str, str, str]:
    share = seconds.cpu / total.cpu if total.cpu else 0.0
    return name, f"{seconds.wall:.2f}", f"{seconds.cpu:.2f}", f"{100 * share:.0f} %"
