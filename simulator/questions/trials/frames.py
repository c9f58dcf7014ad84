"""Frames: a case on a cube.

A what-if changes the case, a stress changes the cube; trials stay paired.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from payback.distributions import Certain
from payback.simulator.case import Case
from payback.simulator.case.declarations.declarations import Band, Stress
from payback.simulator.case.declarations.scenarios_and_claims import BANDS, band_ends, is_band, stands_alone
from payback.simulator.case.source.source_text import Source, question_source
from payback.simulator.case.source.spelling import listed, nearest
from payback.simulator.cube import Cube
from payback.simulator.errors import CaseError, Location, Problem
from payback.simulator.model import Draw
from payback.simulator.number_text import number
from payback.simulator.questions.grammar import Question
from payback.simulator.questions.trials.rare_shares import rarest
from payback.simulator.questions.trials.sampling import uncertain_axes

BAND_FORMS = f"an input and its band, {BANDS}: `traffic below 10 %`"

INTERVENTION = "the change is made from outside: every other input keeps its draws"
"""How a what-if reads."""

CONDITION = "trials with such a draw: inputs that depend on it follow the dependence"
"""How a stress reads when inputs depend on what it restricts."""

STAYING = "such a draw is set from outside: inputs that depend on it stay as they are"
"""How a stress reads whose bands say `alone`."""

TOGETHER = "trials count by how likely the draws of dependent inputs are together"
"""How a stress reads whose trials have weights."""

CONDITION_ALONE = "trials with such a draw: no other input depends on it, so the others keep their draws"
"""How a stress reads when nothing depends on what it restricts."""


@dataclass(frozen=True)
class Frame:
    """A case on a cube.

    Parameters
    ----------
    case : Case
        Changed by a what-if.
    cube : Cube
        Restricted by a stress.
    name : str
        The name of the change in the case, or the change itself; empty for the case as it is.
    changes : tuple of str
        The change as text, an item for each line.
    reading : str
        In words, what happens to the other inputs.
    shortened : bool
        Whether the cube holds the first trials of a longer one.
    """

    case: Case
    cube: Cube
    name: str = ""
    changes: tuple[str, ...] = ()
    reading: str = ""
    shortened: bool = False

    @cached_property
    def rare_shares(self) -> dict[str, float]:
        """The probability that a trial holds the rarest part of each input that has one."""
        return rarest(self.case.model)


def what_if(base: Frame, change: str) -> Frame:
    """Return the frame of a what-if.

    Parameters
    ----------
    base : Frame
        The case as it is.
    change : str
        The name of a what-if of the case, or a change: ``traffic * 0.5``, ``fee = 5 %; price * 2``.

    Raises
    ------
    CaseError
        If the change does not fit the case.
    """
    changed = base.case.change(change)
    missing = [axis for axis in uncertain_axes(changed.model) if axis not in base.cube.axes]
    cube = base.cube.with_axes(missing) if missing else base.cube
    named = {entry.name: entry for entry in base.case.what_if}.get(change)
    changes = tuple(f"{c.target} = {c.source.text}" for c in named.changes) if named else tuple(_statements(change))
    return Frame(changed, cube, change, changes, INTERVENTION)


def option_frames(base: Frame) -> tuple[Frame, ...]:
    """Return the frame of the case as it is, and of each of its options, all on one cube.

    The axes of new inputs are its last, so that the inputs of the case keep the coordinates of `base`; options that
    state a new input under the same name share its axis.

    Parameters
    ----------
    base : Frame
        The case as it is.
    """
    cases = {option: base.case.option(option.name) for option in base.case.options}
    axes = [axis for case in cases.values() for axis in uncertain_axes(case.model) if axis not in base.cube.axes]
    cube = base.cube.with_axes(dict.fromkeys(axes)) if axes else base.cube
    frames = [replace(base, cube=cube)]
    for option, case in cases.items():
        new = [f"new {declared.name}: {declared.source.text}" for declared in option.inputs]
        changes = [f"{change.target} = {change.source.text}" for change in option.changes]
        frames.append(Frame(case, cube, option.name, (*new, *changes), INTERVENTION, base.shortened))
    return tuple(frames)


def stress(base: Frame, condition: Stress) -> Frame:
    """Return the frame of a stress: the case on the trials in which inputs lie in the bands of `condition`.

    Parameters
    ----------
    base : Frame
        The case as it is.
    condition : Stress
        Bands of inputs, as shares of their distributions in [0, 1].

    Raises
    ------
    CaseError
        If an input is restricted twice, or no trial can meet all bands.
    """
    cube = base.cube
    draws = {draw.name: draw for draw in base.case.model.draws}
    first = condition.bands[0].source
    seen: set[str] = set()
    try:
        for band in condition.bands:
            if band.target in seen:
                given = f"`{band.target}` is restricted twice"
                raise CaseError(Problem(given, "one band an input", band.source.path, at=band.source.at))
            seen.add(band.target)
            axes = _axes(draws[band.target], base.case.horizon)
            cube = cube.restrict(axes, band.low, band.high, follow=not band.alone)
    except ValueError as error:
        raise CaseError(Problem(str(error), path=first.path, at=first.at)) from None
    coupled = {axis for group in base.case.model.dependence for axis in group.axes}
    choices = {band.alone for band in condition.bands if draws[band.target].axis in coupled}
    readings = [text for alone, text in ((False, CONDITION), (True, STAYING)) if alone in choices]
    if cube.weighted:
        readings.append(TOGETHER)
    changes = tuple(band_text(band, monthly=draws[band.target].monthly) for band in condition.bands)
    return replace(
        base, cube=cube, name=condition.name, changes=changes, reading="; ".join(readings) or CONDITION_ALONE
    )


def _axes(draw: Draw, months: int) -> list[str]:
    """Return the axes of an input: its own, or one for each month."""
    return [f"{draw.axis}[{month}]" for month in range(1, months + 1)] if draw.monthly else [draw.axis]


def band_text(band: Band, *, monthly: bool) -> str:
    """Return a band in words: ``traffic below 10 %``, ``demand above 90 % in every month``."""
    low, high = number(100 * band.low), number(100 * band.high)
    end = (" in every month" if monthly else "") + (" alone" if band.alone else "")
    if band.low == band.high:
        return f"{band.target} at {low} %{end}"
    if band.low == 0:
        return f"{band.target} below {high} %{end}"
    return f"{band.target} above {low} %{end}" if band.high == 1 else f"{band.target} {low} % to {high} %{end}"


def named_frame(base: Frame, name: str) -> Frame:
    """Return the frame of the what-if, option or stress that is called `name`; `base` itself for an empty name.

    Raises
    ------
    CaseError
        If the case has none of that name.
    """
    if not name:
        return base
    case = base.case
    if name in {entry.name for entry in case.what_if}:
        return what_if(base, name)
    if name in {entry.name for entry in case.options}:
        return next(frame for frame in option_frames(base) if frame.name == name)
    for condition in case.stress:
        if condition.name == name:
            return stress(base, condition)
    names = [entry.name for entry in (*case.what_if, *case.options)] + [entry.name for entry in case.stress]
    allowed = f"one of {listed(names)}" if names else "the case has no what-if and no stress"
    given = f"`{name}` is no what-if, option or stress of the case"
    near = nearest(name, names, likeness=0.5, same_case=True)
    raise CaseError(Problem(given, allowed, near=near, at=question_source(name).at))


def frames_of(questions: Sequence[Question], base: Frame) -> dict[str, Frame]:
    """Return the frame of every name that `questions` ask for.

    Raises
    ------
    CaseError
        With every name that is not a what-if, an option or a stress of the case.
    """
    frames: dict[str, Frame] = {}
    problems: list[Problem] = []
    for question in questions:
        try:
            if question.where not in frames:
                frames[question.where] = named_frame(base, question.where)
        except CaseError as error:
            problems += [replace(p, path=p.path or question.source.path, at=question.source.at) for p in error.problems]
    if problems:
        raise CaseError(problems)
    return frames


def _statements(text: str) -> list[str]:
    """Return the statements of a change or a stress, which semicolons separate."""
    return [statement.strip() for statement in text.split(";") if statement.strip()]


def stress_of(base: Frame, text: str) -> Frame:
    """Return the frame of a stress that is given as text.

    Parameters
    ----------
    base : Frame
        The case as it is.
    text : str
        The name of a stress of the case, or bands: ``traffic below 10 %; price above 90 %``.

    Raises
    ------
    CaseError
        If the text is neither.
    """
    named = {condition.name: condition for condition in base.case.stress}
    if text.strip() in named:
        return stress(base, named[text.strip()])
    bands = tuple(_band(base.case, statement, text) for statement in _statements(text))
    if not bands:
        raise CaseError(Problem("no stress is given", BAND_FORMS, at=question_source(text).at))
    return stress(base, Stress(text.strip(), bands))


def _band(case: Case, statement: str, text: str) -> Band:
    """Return the band that `statement`, a part of `text`, puts on an input."""
    name, _, band = statement.partition(" ")
    at = Location("stress", 1, text.index(statement) + 1)
    draws = (draw for draw in case.model.draws if not draw.process)
    uncertain = tuple(draw.name for draw in draws if not isinstance(draw.distribution, Certain))
    if name not in uncertain:
        near = nearest(name, uncertain, likeness=0.5, same_case=True)
        if not near:
            near = nearest(statement, (condition.name for condition in case.stress), likeness=0.5, same_case=True)
        given = f"`{name}` is no uncertain input"
        stresses = tuple(condition.name for condition in case.stress)
        allowed = f"one of {listed(uncertain)}" + (f"; or a stress of the case: {listed(stresses)}" if stresses else "")
        raise CaseError(Problem(given, allowed, near=near, at=at))
    ends = band_ends(band)
    if ends is None or not is_band(*ends):
        raise CaseError(Problem(f"`{band}` is no band", BAND_FORMS, near="", at=at))
    return Band(name, *ends, source=Source("", at, statement), alone=stands_alone(band))
