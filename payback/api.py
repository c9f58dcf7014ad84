"""The verbs of the Python API: load a case, simulate it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from payback.result import Result
from payback.simulator.case import Case
from payback.simulator.case import load as load_case
from payback.simulator.case import loads as loads_case
from payback.simulator.engine.workers.dask_cluster import Cluster
from payback.simulator.errors import UsageError
from payback.simulator.questions.ask.measure_results import measured
from payback.simulator.questions.compare.default_questions import usual_questions
from payback.simulator.questions.size.cost_budget import comparison_job, run_jobs
from payback.simulator.questions.size.default_size import find_size
from payback.simulator.questions.size.engine_of_run import with_engine
from payback.simulator.questions.size.precision import MOST_SECONDS
from payback.simulator.questions.trials.execution import Execution
from payback.simulator.questions.trials.frames import Frame
from payback.simulator.questions.trials.samples import samples
from payback.simulator.questions.trials.sampling import SEED, TRIALS, Sampling
from payback.simulator.questions.trials.total_progress import Onward

QUESTIONS_TO_COME = 10
"""Further questions to a result for which its engine is chosen."""


def load(path: str | Path) -> Case:
    """Read and check the case file at `path`.

    Raises
    ------
    CaseError
        With every independent problem of the file.
    """
    return load_case(path)


def loads(text: str) -> Case:
    """Read and check a case written in `text` (YAML or JSON).

    Raises
    ------
    CaseError
        With every independent problem of the text.
    """
    return loads_case(text)


def simulate(
    case: Case | str | Path,
    *,
    trials: float | None = None,
    seed: int = SEED,
    sampler: str | None = None,
    threads: int | None = None,
    engine: str = "auto",
    progress: Callable[[int, int], None] | None = None,
    precision: str | Sequence[str] = (),
    seconds: float = MOST_SECONDS,
    cluster: str | Cluster | Any = None,
) -> Result:
    """Simulate a case.

    Parameters
    ----------
    case : Case, or path of a case file
    trials : int, optional
        Sobol' points round it up to a multiple of 16; ``1e6`` is fine. Default: ``2**17``, or more where two honest
        digits of gain and payback take them; `Result.precision` holds how well they are known.
    seed : int
        Any whole number from 0: the same seed gives the same numbers.
    sampler : {"sobol", "monte_carlo", "latin_hypercube"}, optional
        Default: Sobol' points, or plain Monte Carlo when there are fewer than 1,024 trials.
    threads : int, optional
        Default: all cores. Results do not depend on it.
    engine : {"auto", "numpy", "compiled"}
        The engine that computes the trials; the compiled one needs the extra ``fast``, and rounds some powers
        differently in the last place. "auto" goes by the size of the work.
    progress : callable, optional
        ``progress(done, trials)``, from any thread. Neither number falls; `trials` grows while the run finds out how
        many it takes.
    precision : str or sequence of str
        As many trials as it takes: ``P90(payback), 0.1 months``, ``P(roi < 0), 0.2 %``. The trials double until every
        half-width is met, or cannot be; `Result.precision` says which. Then `trials` is the most; ``2**30`` if it is
        not given.
    seconds : float
        The most that `precision` may take.
    cluster : str, Cluster or dask.distributed.Client, optional
        Where the trials are computed, to the same bits; needs the extra ``dask``. "local" (`threads` processes of this
        machine), ``tcp://host:port`` and ``tls://host:port`` serve this call only: later questions to the result are
        computed in this process. A `Cluster` or a client that stays open serves those too.

    Returns
    -------
    Result
        Answers, tables and the appendix, all on these trials.

    Raises
    ------
    CaseError
        If `case` is the path of a file that is not valid.
    UsageError
        If an argument is out of range.
    NumericalError
        If a formula gives NaN or infinity in any trial.
    PaybackError
        If the cluster cannot do the work: with the trials that are missing.

    Examples
    --------
    >>> case = loads("{horizon: 12, inputs: {x: 1 to 3}, cash_flows: {upfront: {c: -20}, monthly: {s: x}}}")
    >>> simulate(case, trials=2048).ask("P50(payback)").value
    11.6
    """
    if not seconds > 0.0:
        raise UsageError(f"seconds: {seconds} -> above 0")
    given = TRIALS if trials is None else trials
    whole = int(given) if float(given).is_integer() else given
    loaded = case if isinstance(case, Case) else load(case)
    sampling = Sampling(whole, seed, sampler or "")  # type: ignore[arg-type]  # a fraction is refused there
    execution = Execution(threads, engine, None if progress is None else Onward(progress))
    alone, _ = run_jobs(loaded)
    expected = comparison_job(loaded, QUESTIONS_TO_COME, usual_questions(loaded))
    execution = with_engine(execution, [alone, expected], sampling.trials)
    with _workers(cluster, threads) as workers:
        execution = replace(execution, cluster=workers)
        targets = [precision] if isinstance(precision, str) else precision
        size = find_size(loaded, sampling, execution, given=trials is not None, targets=targets, seconds=seconds)
        base = Frame(loaded, size.sampling.cube(loaded))
        specs = measured(loaded)
        by_formula = samples(base, [measure.formula for measure in specs.values()], execution, size.cache)
    if isinstance(cluster, str):
        execution = replace(execution, cluster=None)
    measures = {name: by_formula[measure.formula] for name, measure in specs.items()}
    return Result(base, size.sampling, execution, measures, size.precision, size.chosen)


@contextmanager
def _workers(cluster: str | Cluster | Any, threads: int | None) -> Iterator[Cluster | None]:
    """Yield the cluster of a simulation, None without one; close it afterwards if it was opened here."""
    if cluster is None or isinstance(cluster, Cluster):
        yield cluster
        return
    with Cluster(cluster, workers=threads) as made:
        yield made
