from __future__ import annotations

from payback.simulator.questions.trials.execution import Execution
from payback.simulator.questions.trials.run_cache import NO_CACHE, RunCache, SampleCache
from payback.simulator.questions.trials.samples import samples
from tests.simulator.questions.cases import frame, small


def test_only_several_runs_share_inputs() -> None:
    assert NO_CACHE.for_runs(1) is NO_CACHE
    shared = NO_CACHE.for_runs(2)
    assert shared.inputs is not None
    assert shared.for_runs(7) is shared


def test_a_run_is_not_run_again_and_a_longer_one_goes_on_from_it() -> None:
    case = small()
    formula = case.formula("npv").expression
    cache = RunCache(samples=SampleCache())
    (short, execution), (long, _) = frame(case, 2_048), frame(case, 4_096)
    first = samples(short, [formula], execution, cache)
    assert samples(short, [formula], execution, cache)[formula] is first[formula]
    longer = samples(long, [formula], execution, cache)[formula]
    assert (longer.values == samples(long, [formula], Execution())[formula].values).all()
    assert samples(long, [formula], execution, cache)[formula] is longer


def test_a_closed_cache_keeps_what_it_has() -> None:
    case = small()
    npv, roi = (case.formula(name).expression for name in ("npv", "roi"))
    store = SampleCache()
    cache = RunCache(samples=store)
    base, execution = frame(case, 2_048)
    kept = samples(base, [npv], execution, cache)[npv]
    store.close()
    assert samples(base, [npv], execution, cache)[npv] is kept
    assert samples(base, [roi], execution, cache)[roi] is not samples(base, [roi], execution, cache)[roi]


def test_runs_that_were_not_read_for_longest_make_room() -> None:
    case = small()
    npv, roi, gain = (case.formula(name).expression for name in ("npv", "roi", "gain"))
    cache = RunCache(samples=SampleCache(most=2 * 8 * 2_048))
    base, execution = frame(case, 2_048)
    first, second = (samples(base, [formula], execution, cache)[formula] for formula in (npv, roi))
    assert samples(base, [npv], execution, cache)[npv] is first
    samples(base, [gain], execution, cache)
    assert samples(base, [npv], execution, cache)[npv] is first
    assert samples(base, [roi], execution, cache)[roi] is not second
