"""A realistic document to render."""

from __future__ import annotations

from functools import cache

from payback.simulator import number_text
from payback.simulator.document.claims import ClaimResult, HurdleResult, Verdict
from payback.simulator.document.comparisons import Comparison
from payback.simulator.document.core.estimate import Estimate
from payback.simulator.document.document import Document
from payback.simulator.document.exhibits import Definition, Dependence, FormulaText, Omission, Picture
from payback.simulator.document.exhibits import PicturedAssumption as Assumption
from payback.simulator.document.questions.options import Dominance, OptionResult, Options
from payback.simulator.document.questions.tornado import Bar, Held, Tornado
from payback.simulator.document.questions.variance import Variance, VarianceShare
from payback.simulator.document.results import BaseCase, BaseValue, CaseFacts, LadderStep, Provenance, VerdictText
from tests.reports.synthetic import (
    HORIZON,
    TRIALS,
    answer,
    bell,
    comparison,
    cumulative,
    curves,
    measure,
    moment,
    payback_of,
    percentile,
    share,
    step,
)

KEPT, FOLLOW = "Intervention: other inputs keep their draws.", "Condition: other inputs follow the dependence."
BASE = -10_640.0
GATES = tuple(Held(name=f"{name}_gate", value=1.0) for name in ("quality", "terms", "traction"))

# fmt: off
ASSUMPTIONS = (
    Assumption(name="traffic", distribution="lognormal(median=100_000, sigma=1.6)", unit="request/month", mean=359_664,
               sd=1_242_000, p5=7_194, p50=100_000, p95=1_390_000, grade="guess", source="seed 000, line 94",
               why="the page says 100k requests/month; nothing was measured", picture=bell(100_000, 30_000)),
    Assumption(name="price", distribution="pert(0.001, 0.005, 0.010)", unit="USD/request", mean=0.00517, sd=0.0017,
               p5=0.0024, p50=0.00515, p95=0.0080, grade="quoted", source="seed 000, line 92",
               why="the range the page gives; six to sixty times what small API models cost",
               picture=bell(0.005, 0.0016)),
    Assumption(name="planned_hours", distribution="pert(40, 80, 200)", unit="hour", mean=93.3, sd=28.6, p5=52, p50=90,
               p95=146, grade="expert", why="practitioners' logs of comparable fine-tunes", picture=bell(90, 28)),
    Assumption(name="overrun", distribution="lognormal(median=1.241, sigma=0.411)", mean=1.35, sd=0.58, p5=0.63,
               p50=1.241, p95=2.44, grade="measured", source="Molokken & Jorgensen, review of surveys",
               why="60 to 80 % of small projects overrun, by 30 to 40 % on average", picture=bell(1.24, 0.4)),
    Assumption(name="reruns", distribution="poisson(1.2)", unit="run", mean=1.2, sd=1.1, p5=0, p50=1, p95=3,
               grade="guess",
               picture=Picture(x=(0, 1, 2, 3, 4), density=(0.30, 0.36, 0.22, 0.09, 0.03), discrete=True)),
    Assumption(name="quality_gate", distribution="bernoulli(p_quality)", grade="expert",
               why="beta(5, 3): half to two thirds of narrow students reach a sellable quality"),
    Assumption(name="gpu_price", distribution="0.92", unit="USD/hour", mean=0.92, sd=0, p5=0.92, p50=0.92, p95=0.92,
               grade="quoted", certain=True, source="seed 000, line 34"),
)

FORMULAS = (
    FormulaText(section="calculation", name="requests", unit="request/month",
                formula="traffic * live * s_curve(t - launch, half=t50, width=width)"),
    FormulaText(section="upfront", name="teacher", formula="-teacher * (1 + regenerated)", unit="USD"),
    FormulaText(section="upfront", name="engineering", formula="-planned_hours * overrun * hourly_rate", unit="USD"),
    FormulaText(section="monthly", name="revenue", formula="requests * price * paid * (1 - fee)", unit="USD/month"),
    FormulaText(section="monthly", name="serving", formula="-min(serverless, dedicated)", unit="USD/month"),
)

OMISSIONS = (
    Omission(item="Person-hours", stated=True, note="planned hours, overrun, hourly rate"),
    Omission(item="Deal probability and sales effort", stated=True, note="the traction gate"),
    Omission(item="Teacher retirement and drift", stated=False),
    Omission(item="Tax and currency", stated=False, note="out of scope"),
)

LIMITS = (
    "Payback is counted within 12 months only; what happens later is not in these numbers.",
    "Two of seven uncertain inputs are guesses; the result is no better than they are.",
    "The error shown is simulation error alone. It does not cover wrong assumptions.",
)

DEFINITIONS = (
    Definition(name="payback", text="first month in which cumulative net is >= 0, interpolated inside it"),
    Definition(name="roi", text="gain / invested; undefined when nothing is invested"),
    Definition(name="discounting", text="month t's flow falls at its end and is divided by (1 + r)^(t/12)"),
)

SWUNG = (
    ("overrun", "", 0.73, 2.1, -6_067.0, -17_400.0),
    ("traffic", "request/month", 12_870, 777_000, -11_010.0, -1_220.0),
    ("planned_hours", "hour", 58, 133, -6_299.0, -14_900.0),
    ("hourly_rate", "USD/hour", 66, 124, -6_363.0, -14_800.0),
    ("support_hours", "hour/month", 1.6, 9.8, -7_174.0, -15_300.0),
    ("price", "USD/request", 0.0029, 0.0074, -11_400.0, -9_828.0),
    ("platform_fee", "USD/month", 18, 88, -10_160.0, -11_000.0),
    ("reruns", "run", 0, 3, -10_500.0, -10_900.0),
)


def claims() -> tuple[ClaimResult, ...]:
    """Return one claim of each verdict, and one more."""
    def claim(  # a table of claims reads best without keywords
        says: str, check: str, source: str, verdict: Verdict, share: float, half: float, below: float | None
    ) -> ClaimResult:
        low, high = share - half, share + half
        return ClaimResult(says=says, check=check, source=source, question=f"P({check})", value=share, low=low,
                           high=high, text=number_text.percent(share, low, high), percentile_of_claim=below,
                           verdict=verdict)

    return (
        claim("ROI 10x-100x within 12 months", "roi >= 10", "seed 000, line 202", "refuted", 0.0016, 0.0004, 0.9984),
        claim("payback in 1-3 months", "payback <= 3 months", "seed 000, line 118", "refuted", 0.0004, 0.0003, 0.0004),
        claim("half of them pay back in two years", "payback <= 24 months", "", "inconclusive", 0.497, 0.008, None),
        claim("training costs less than 200 USD", "training <= 200 USD", "line 209", "supported", 0.934, 0.004, None),
    )


def comparisons() -> tuple[tuple[Comparison, ...], tuple[Comparison, ...]]:
    """Return what-ifs and stresses against the base case."""
    path = cumulative()
    what_if = (
        comparison("volume halves", "traffic = traffic * 0.5", path, cumulative(traffic=0.5), KEPT),
        comparison("labour at zero (cash view)", "hourly_rate = 0 USD/hour", path, cumulative(labour=0), KEPT),
        comparison("all gates open", "quality_gate = 1", path, cumulative(gates=1.0), KEPT),
    )
    return what_if, (comparison("thin demand", "traffic below 10 %", path, cumulative(traffic=0.08), FOLLOW),)


def ladder() -> tuple[LadderStep, ...]:
    """Return five steps from the claim's frame to the base case."""
    return (
        step("S1 seed frame", "price x volume; every other cost is zero", cumulative(0, 3, 1.0, upkeep=0)),
        step("S2 serving and fees", "adds serving, fees, free tier, platform, reruns", cumulative(0, 0.8, 0.7)),
        step("S3 launch and decay", "adds launch delay, S-curve and price decay", cumulative(0, 0.7, 0.5)),
        step("S4 cash view", "adds the quality, terms and traction gates", cumulative(0)),
        step("S5 honest base", "adds labour: this is the base case", cumulative()),
    )


def tornado() -> Tornado:
    """Return eight bars, longest first."""
    return Tornado(
        measure="npv", unit="USD", base=BASE, held=GATES,
        bars=tuple(
            Bar(input=name, unit=unit, low_u=0.1, high_u=0.9, low_value=a, high_value=b, low=low, high=high,
                swing=abs(high - low))
            for name, unit, a, b, low, high in SWUNG
        ),
        note="quality_gate, terms_gate and traction_gate are held at 1; monthly inputs are not swung.",
    )


def variance() -> Variance:
    """Return shares of five inputs and a group, most of them made together with others."""
    return Variance(
        measure="npv", unit="USD", sd=9_400.0,
        shares=tuple(
            VarianceShare(inputs=inputs, first=share(*first), total=share(*total))
            for inputs, first, total in (
                (("traffic",), (0.06, 0.05), (0.52, 0.23)),
                (("quality_gate",), (-0.002, 0.015), (0.46, 0.5)),
                (("overrun",), (0.19, 0.04), (0.22, 0.05)),
                (("price", "platform_fee"), (0.002, 0.004), (0.05, 0.02)),
                (("hourly_rate",), (0.02, 0.003), (0.04, 0.007)),
                (("reruns",), (1e-5, 2e-5), (4e-5, 1e-5)),
            )
        ),
        alone=share(0.27, 0.06), together=share(0.73, 0.06), trials=8_192, runs=65_536,
        note="Alone: what knowing this input would take; one share for inputs that move together: price with "
             "platform_fee.",
    )


OUTCOMES = (
    ("do nothing", 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.58),
    ("sell elsewhere", -3_100.0, -2_900.0, -9_400.0, 4_200.0, -12_700.0, 0.71, 0.31),
    ("as it is", -10_300.0, -10_640.0, -23_800.0, 2_100.0, -27_900.0, 0.97, 0.11),
)
"""Options: name, mean, P50, P5, P95 and shortfall of npv, probabilities of a loss and of being best."""


def choice() -> Options:
    """Return three options, of which the first leads."""

    def money(value: float) -> Estimate:
        return moment(value, abs(value) / 200, "USD") if value else Estimate(value=0.0, low=0.0, high=0.0, text="0 USD")

    rows = tuple(
        OptionResult(
            name=name, changes=() if name == "as it is" else ("traffic = 0 request/month",), decides=money(p50),
            behind=money(p50) if p50 else None, mean=money(mean), p5=money(p5), p50=money(p50), p95=money(p95),
            shortfall=money(shortfall), loss=share(loss, 0.003), best=share(best, 0.004), regret=money(900.0 - mean),
            efficient="yes" if name == "do nothing" else "no",
        )
        for name, mean, p50, p5, p95, shortfall, loss, best in OUTCOMES
    )
    names = [row.name for row in rows]
    pairs = ((a, b) for a in names for b in names if a != b)
    dominance = tuple(
        Dominance(option=a, over=b, first="no", second="yes" if names.index(a) < names.index(b) else "not known",
                  first_violation=share(0.2, 0.004), second_violation=money(1.0))
        for a, b in pairs
    )
    return Options(
        decide_by="P50(npv)", better="high", stated=True, measure="npv", measure_better="high", unit="USD",
        shortfall="CVaR5(npv)", loss="P(npv < 0)", options=rows, dominance=dominance, several_best=share(0.01, 0.001),
        sentences=("`do nothing` leads by P50(npv): 0 USD.",), trials=4_096,
        note="4,096 trials, the first of the run; every option on the same trials",
    )


@cache
def sample() -> Document:
    """Return a document like the one that a case with gates, labour and little demand gives."""
    path = cumulative()
    gain, payback, upfront = path[:, -1], payback_of(path), -path[:, 0]
    roi, npv = gain / upfront, 0.97 * gain
    answers = (
        answer(roi < 0, "P(roi < 0)"),
        answer(npv < 0, "P(npv < 0)"),
        answer(payback <= 12, "P(payback <= 12 months)"),
        answer(roi >= 10, "P(roi >= 10)"),
    )
    loss, paid = answers[0], answers[2]
    never = 1 - float(paid.value or 0)
    what_if, stress = comparisons()
    return Document(
        case=CaseFacts(
            name="Falcon3-10B student sold as an API", source="000, Scenario 1: API Service", currency="USD",
            horizon=HORIZON, discount_rate=0.10, discount_text="10 %/year", file="falcon3_api.yaml",
            digest="b2:" + "4f" * 16,
            notes=("gpu_hours: `8.3 to 30` became lognormal(p5=8.3, p95=30), both ends being positive",),
        ),
        provenance=Provenance(
            seed=1, sampler="sobol", trials=TRIALS, replicates=16,
            versions={"payback": "0.1.0", "python": "3.11.9", "numpy": "2.4.6", "scipy": "1.17.1"},
            command="payback run configs/falcon3_api.yaml --trials 16384 --seed 1 --sampler sobol",
        ),
        verdict=VerdictText(
            text=f"{number_text.bare_percent(never)} % of trials never pay back within 12 months.",
            sentences=(
                f"The case loses money in {loss.text}; its median gain is {percentile(gain, 50, 'USD').text}.",
                "The claim “ROI 10x-100x within 12 months” holds in well under one trial in a hundred.",
                "What moves it most is labour: overrun, planned hours and the hourly rate.",
            ),
        ),
        base_case=BaseCase(
            measures={
                "payback": BaseValue(value=None, text="not within 12 months", percentile=1.0),
                "npv": BaseValue(value=BASE, text=number_text.quantity(BASE, "USD"), percentile=0.5312),
                "gain": BaseValue(value=-10_812.0, text="-10,812 USD", percentile=0.529),
                "roi": BaseValue(value=-1.13, text="-1.13", percentile=0.41),
            },
            held=GATES, text="Every input at its median; the three gates held open.",
        ),
        ladder=ladder(),
        measures={
            "payback": measure(payback, "month", "low", "first month in which cumulative net is >= 0"),
            "npv": measure(npv, "USD", "high", "net at t = 0 plus the sum of net_t / (1 + r)^(t/12)"),
            "gain": measure(gain, "USD", "high", "sum of net over the horizon, not discounted"),
            "roi": measure(roi, "", "high", "gain / invested", heavy=True),
            "peak_funding": measure(upfront * 1.2, "USD", "low", "largest cumulative amount out of pocket"),
            "total_cost": measure(upfront * 1.4, "USD", "low", "money out, line by line, upfront included"),
        },
        probabilities=answers,
        claims=claims(),
        hurdles=(
            HurdleResult(name="payback within 12 months", question="P(payback <= 12 months) >= 80 %", required=0.8,
                         value=paid.value, low=paid.low, high=paid.high, text=paid.text, verdict="refuted"),
        ),
        what_if=what_if, stress=stress, tornado=tornado(), variance=variance(), options=choice(), curves=curves(path),
        assumptions=ASSUMPTIONS,
        dependence=(Dependence(between=("traffic", "price"), kind="spearman", value=-0.4,
                               why="dearer calls sell fewer"),),
        formulas=FORMULAS, omissions=OMISSIONS, limits=LIMITS, definitions=DEFINITIONS,
    )
