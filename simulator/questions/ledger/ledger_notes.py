"""Notes on the ledger of a case and of its changes: what a reader must know before any number."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from payback.simulator.case import Case
from payback.simulator.questions.ledger.beyond_horizon import horizon_notes
from payback.simulator.questions.ledger.outflows import outflow_notes
from payback.simulator.questions.trials.frames import Frame, stress, what_if
from payback.simulator.questions.trials.sampling import Sampling

NO_BANDS: Mapping[str, tuple[float, float]] = {}


def ledger_notes(case: Case) -> tuple[str, ...]:
    """Return notes on the ledger of `case`: no money out, costs without a minus, what lies after the horizon."""
    return frame_notes(case, ())


def frame_notes(case: Case, frames: Iterable[Frame]) -> tuple[str, ...]:
    """Return the notes on the ledger of `case`, then what each change of it dates after the horizon, behind its name.

    Parameters
    ----------
    case : Case
        As it is.
    frames : iterable of Frame
        What-ifs and stresses of it.
    """
    own = horizon_notes(case, NO_BANDS)
    notes = [*outflow_notes(case), *own.values()]
    for frame in frames:
        changed = horizon_notes(frame.case, _bands(frame))
        notes += [f"in {frame.name}: {note}" for key, note in changed.items() if key not in own]
    return tuple(notes)


def scenario_notes(case: Case) -> tuple[str, ...]:
    """Return the notes on the ledger of `case`, and on what each of its what-ifs and stresses adds."""
    base = Frame(case, Sampling(trials=1, sampler="monte_carlo").cube(case))
    changed = [what_if(base, declared.name) for declared in case.what_if]
    return frame_notes(case, [*changed, *(stress(base, declared) for declared in case.stress)])


def _bands(frame: Frame) -> dict[str, tuple[float, float]]:
    restricted = (*frame.cube.conditions, *frame.cube.interventions)
    return {axis.partition("[")[0]: (band.low, band.high) for axis, band in restricted}
