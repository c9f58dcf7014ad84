"""Several cases on one cube: axes by name, so that inputs of the same name share their draws."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from payback.simulator.case import Case
from payback.simulator.errors import UsageError
from payback.simulator.number_text import series
from payback.simulator.questions.trials.frames import Frame
from payback.simulator.questions.trials.sampling import Sampling, uncertain_axes

SHARED = "inputs of the same name share their draws"
"""How several cases read that are options of one choice."""


def case_frames(cases: Sequence[Case], sampling: Sampling) -> tuple[Frame, ...]:
    """Return the frame of each case, all on one cube: the axes of the first, then those that each further one adds.

    Parameters
    ----------
    cases : sequence of Case
        At least two, which cover the same months in the same currency at the same discount rate.
    sampling : Sampling

    Raises
    ------
    UsageError
        If they do not, or two cases have one name and one file.
    """
    _require_comparable(cases)
    first = sampling.cube(cases[0])
    axes = dict.fromkeys(axis for case in cases for axis in uncertain_axes(case.model))
    cube = first.with_axes([axis for axis in axes if axis not in first.axes])
    return tuple(
        Frame(case, replace(cube, dependence=case.model.dependence), name, reading=SHARED)
        for name, case in zip(names_of(cases), cases, strict=True)
    )


def names_of(cases: Sequence[Case]) -> tuple[str, ...]:
    """Return a name for each case: that of ``case:``, and where these are not distinct that of its file."""
    for names in ([case.name for case in cases], [Path(case.file).stem for case in cases], [c.file for c in cases]):
        if len(set(names)) == len(names):
            return tuple(names)
    raise UsageError(f"the same case twice: {series([case.file for case in cases])} -> each case once")


def notes_of(cases: Sequence[Case]) -> tuple[str, ...]:
    """Return what a reader must know of cases that are compared: options left out, dependence that differs."""
    notes = []
    with_options = [case.file for case in cases if case.options]
    if with_options:
        left_out = series(with_options)
        notes.append(f"the options declared in {left_out} are left out: give a case alone to compare its options")
    if any(case.model.dependence != cases[0].model.dependence for case in cases):
        notes.append("the cases state different dependence: dependent inputs share only what they have of their own")
    return tuple(notes)


def _require_comparable(cases: Sequence[Case]) -> None:
    first = cases[0]
    for case in cases[1:]:
        for what, own, other, remedy in (
            ("currency", first.currency, case.currency, "one currency"),
            ("horizon", first.horizon, case.horizon, f'one horizon: --set "horizon = {first.horizon} months"'),
            (
                "discount rate",
                first.model.discount_rate,
                case.model.discount_rate,
                'one discount rate: --set "discount_rate = 10 %/year"',
            ),
        ):
            if own != other:
                which = f": {own} and {other}" if isinstance(own, str | int) else ""
                raise UsageError(f"{first.file} and {case.file} differ in {what}{which} -> {remedy}")
