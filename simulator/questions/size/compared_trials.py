"""The number of trials on which a run compares its what-ifs and stresses, and so do the commands that ask for them."""

from __future__ import annotations

from payback.simulator.case import Case
from payback.simulator.questions.compare.default_questions import run_questions
from payback.simulator.questions.size.cost_budget import comparison_job, most_trials
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
    changes = len(case.what_if) + len(case.stress)
    long = trials > TRIALS and trials > most_trials([comparison_job(case, changes, run_questions(case))])
    return TRIALS if long else trials
