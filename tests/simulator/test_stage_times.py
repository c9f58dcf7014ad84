"""Where the time of a process goes: by a clock of the test's own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import Thread

import pytest

from payback.simulator import stage_times
from payback.simulator.stage_times import IMPORTS, OTHER, Seconds, Stage, recorded, since_start


def ticking(*walls: float) -> Callable[[], Seconds]:
    """Return a clock that reads these seconds in turn, twice as many of the cores."""
    readings = iter(walls)

    def clock() -> Seconds:
        wall = next(readings)
        return Seconds(wall, 2 * wall)

    return clock


def walls(stages: dict[str, dict[str, Seconds]]) -> dict[str, dict[str, float]]:
    return {name: {step: seconds.wall for step, seconds in steps.items()} for name, steps in stages.items()}


def test_a_second_counts_once_in_the_innermost_stage() -> None:
    with recorded(ticking(1, 3, 6, 10, 15, 21, 28, 36)) as times:
        with Stage("what-ifs"), Stage("plan"):
            pass
        with Stage("what-ifs"):
            pass
        stages = times.by_stage()
    assert walls(stages) == {IMPORTS: {IMPORTS: 1}, "what-ifs": {"what-ifs": 15, "plan": 4}, OTHER: {OTHER: 16}}
    assert sum((s for steps in stages.values() for s in steps.values()), Seconds()) == Seconds(36, 72)


def test_a_stage_between_the_outermost_and_the_innermost_has_only_what_is_its_own() -> None:
    with recorded(ticking(0, 0, 1, 3, 7, 15, 31, 31)) as times:
        with Stage("base"), Stage("plan"), Stage("compile"):
            pass
        stages = walls(times.by_stage())
    assert stages["base"] == {"base": 1 + 16, "plan": 2 + 8, "compile": 4}


def test_a_function_is_a_stage_at_every_call_and_one_that_fails_is_left() -> None:
    @Stage("plan")
    def divided(by: int) -> int:
        return 12 // by

    with recorded(ticking(0, 0, 1, 1, 3, 3, 7, 7)) as times:
        assert divided(3) == 4
        with pytest.raises(ZeroDivisionError):
            divided(0)
        assert divided(4) == 3
        assert walls(times.by_stage())["plan"] == {"plan": 1 + 2 + 4}


def test_other_threads_and_unrecorded_stages_read_no_clock() -> None:
    def work() -> None:
        with Stage("simulate"):
            pass

    work()
    with recorded(ticking(5, 8)) as times:
        thread = Thread(target=work)
        thread.start()
        thread.join()
        stages = times.by_stage()
    work()
    assert walls(stages) == {IMPORTS: {IMPORTS: 5}, OTHER: {OTHER: 3}}


def test_the_clock_of_a_process_goes_on() -> None:
    first = since_start()
    later = since_start()
    assert 0 < first.cpu <= later.cpu
    assert 0 < first.wall <= later.wall


def test_without_the_ticks_of_the_platform_the_clock_begins_at_the_import(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(_: str) -> Path:
        raise FileNotFoundError

    monkeypatch.setattr(stage_times, "Path", unknown)
    before = since_start().wall
    monkeypatch.setattr(stage_times, "_LOADED", stage_times._LOADED - 1e6)
    assert 0 < before < 1e6 < since_start().wall
