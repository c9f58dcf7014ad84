"""The number of trials on which a run compares its what-ifs and stresses, and so do the commands that ask for them."""

from __future__ import annotations

from payback.simulator.case import Case
from payback.simulator.questions.size.cost_budget import most_trials, run_jobs
from payback.simulator.questions.trials.sampling import TRIALS


def compared_trials(case: Case, trials: int) -> int:
    """Return how many trials a run that chose `trials` trials for itself compares.

    Paired differences are known far better than the numbers themselves, so where all what-ifs and stresses of the case
    would cost more than the budget of work allows, the first `TRIALS` are compared.

    Parameters
    ----------
    case : Case
    trials : int
    """
    long = trials > TRIALS and trials > most_trials(run_jobs(case)[1:])
    return TRIALS if long else trials
