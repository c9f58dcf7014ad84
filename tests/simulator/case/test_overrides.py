from __future__ import annotations

import pytest

from payback.distributions import Certain, Normal, Uniform
from payback.simulator.case.checker import check
from payback.simulator.case.declarations.declarations import Declarations
from payback.simulator.case.expressions.printer import to_text
from payback.simulator.case.expressions.tree import Call, Name, Number
from payback.simulator.case.overrides import change
from payback.simulator.errors import CaseError
from payback.simulator.model import Draw, Model
from tests.declare import INPUTS, changes, declare
from tests.reference_language import evaluate

VALUES = {"volume": 1000.0, "price": 2.0, "growth": 0.02, "launch": 2.0, "delay": 2.0, "share": 0.5}


@pytest.fixture
def base() -> Declarations:
    return declare(
        calculations={
            "sales": "volume * price * ramp(launch)",
            "balance": "previous(balance, 100 USD) * 1.1",
            "typical": "expected(volume) * 1 month",
            "visits": "events(3 1/month) * 1 USD",
        },
        upfront={"build": "-500 USD"},
        monthly={"sales": "sales", "support desk": "-10 USD/month", "visits": "-visits"},
    )


def changed(base: Declarations, **texts: str) -> Model:
    return check(change(base, changes(**texts))).model


def gain(model: Model) -> float:
    """Of one trial; `visits` is 0."""
    quiet = {d.name: [0.0] * model.horizon for d in model.draws if d.name.endswith(".events")}
    return evaluate(model, {"gain": Name("gain")}, VALUES | quiet)["gain"]


def find(model: Model, name: str) -> Draw:
    return next(d for d in model.draws if d.name == name)


def test_the_name_itself_is_the_base_value(base: Declarations) -> None:
    sales = gain(check(base).model) + 500 + 12 * 10
    assert gain(changed(base, volume="volume * 0.5")) == pytest.approx(sales / 2 - 620)
    assert gain(changed(base, sales="sales * 0.5")) == pytest.approx(sales / 2 - 620)
    assert gain(changed(base, monthly__sales="monthly.sales * 0.5")) == pytest.approx(sales / 2 - 620)
    assert gain(changed(base, upfront__build="upfront.build - 1 USD")) == pytest.approx(sales - 621)


def test_an_input_keeps_its_axis(base: Declarations) -> None:
    scaled = find(changed(base, volume="volume * 0.5"), "volume")
    assert scaled.axis == "volume"
    assert scaled.change is not None
    assert to_text(scaled.change) == "volume * 0.5"
    anew = find(changed(base, volume="normal(5, 1)"), "volume")
    assert (anew.axis, anew.distribution, anew.unit) == ("volume", Normal(5, 1), "request/month")
    certain = find(changed(base, volume="12_000 request/year"), "volume")
    assert certain.distribution == Certain(1000)
    assert find(changed(base, launch="0"), "launch").distribution == Certain(0)


def test_overrides_add_up(base: Declarations) -> None:
    twice = change(change(base, changes(volume="volume * 0.5")), changes(volume="volume + 1 request/month"))
    assert to_text(find(check(twice).model, "volume").change or Name("")) == "volume * 0.5 + 1"
    anew = change(change(base, changes(volume="volume * 0.5")), changes(volume="uniform(1, 2)"))
    assert find(check(anew).model, "volume") == Draw("volume", "volume", Uniform(1, 2), unit="request/month")
    thrice = base
    for _ in range(3):
        thrice = change(thrice, changes(sales="sales * 2"))
    sales = gain(check(base).model) + 620
    assert gain(check(thrice).model) == pytest.approx(8 * sales - 620)


def test_a_calculation_keeps_its_own_past(base: Declarations) -> None:
    model = changed(base, balance="balance * 2")
    outputs = {"last": check_at(model, "balance", 12)}
    assert evaluate(model, outputs, VALUES)["last"] == pytest.approx(2 * 100 * 1.1**12)
    model = changed(base, balance="previous(balance, 50 USD) + 1 USD")
    assert evaluate(model, {"last": check_at(model, "balance", 12)}, VALUES)["last"] == pytest.approx(62)


def check_at(model: Model, name: str, month: int) -> object:
    from payback.simulator.case.expressions.tree import Call, Number

    return Call("at", (Name(name), Number(month)))


def test_hidden_bases_keep_their_axes_and_are_not_displayed(base: Declarations) -> None:
    checked = check(change(base, changes(visits="visits * 2")))
    assert find(checked.model, "visits.base.events").axis == "visits.events"
    assert set(checked.units) == set(check(base).units)


def test_constants_of_an_input_follow_its_change(base: Declarations) -> None:
    def typical(**texts: str) -> str:
        formula = next(d for d in changed(base, **texts).definitions if d.name == "typical")
        return to_text(formula.expression) if not isinstance(formula, Draw) else ""

    assert typical() == "1648.7212707001281 * 1"
    assert typical(volume="volume * 0.5 + 1 request/month") == "825.3606353500641 * 1"
    assert typical(volume="uniform(1, 3)") == "2 * 1"
    with pytest.raises(CaseError, match="constant factor"):
        changed(base, volume="max(volume, 5 request/month)")


def test_the_frame_of_a_case(base: Declarations) -> None:
    assert changed(base, horizon="24 months").horizon == 24
    assert changed(base, horizon="2 year").horizon == 24
    assert changed(base, horizon="horizon * 2 + 1").horizon == 25
    assert changed(base, horizon="horizon * (0.1 + 0.2) * 10").horizon == 36
    assert to_text(changed(base, discount_rate="discount_rate + 5 %/year").discount_rate) == "0.1 + 0.05"


@pytest.mark.parametrize(
    ("target", "text", "given", "allowed"),
    [
        ("volum", "3", "nothing that can be changed", "did you mean volume?"),
        ("npv", "3", "comes out of the ledger", "an input"),
        ("build", "3", "nothing that can be changed", "did you mean upfront.build?"),
        ("volume", "5 USD", "in USD, its `unit` is request/month", "one unit"),
        ("price", "price * volume", "in USD/month", "`price` in USD/request"),
        ("volume", "volume * step(6)", "one value a trial", "belongs to a calculation"),
        ("volume", "volume * lognormal(1, 1)", "and a distribution", "`calculations`"),
        ("sales", "sales * 1 hour", "in USD", "`sales` in USD/month"),
        ("sales", "sales + 3", "`sales` + `3`", "3 USD/month"),
        ("monthly__sales", "1 USD", "in USD", "pulse(k)"),
        ("horizon", "1.5 month", "a horizon of `1.5 month`", "1 to 1_200"),
        ("horizon", "volume", "not defined", ""),
        ("horizon", "0", "a horizon of `0`", "whole number"),
        ("volume", "later * 2", "not defined", ""),
    ],
)
def test_what_cannot_be_changed(base: Declarations, target: str, text: str, given: str, allowed: str) -> None:
    with pytest.raises(CaseError) as caught:
        changed(base, **{target: text})
    message = str(caught.value)
    assert message.startswith("c.yaml:99:"), message
    assert given in message, message
    assert allowed in message, message


def test_of_labels_that_differ_in_capitals_alone_the_last_is_meant() -> None:
    with pytest.raises(CaseError) as caught:
        changed(declare(upfront={"Build": "-1 USD", "build": "-2 USD"}), upfront__biuld="3 USD")
    assert caught.value.problems[0].near == "upfront.build"


def test_a_change_is_checked_only_where_it_reaches(base: Declarations) -> None:
    checked = check(base)
    for texts in ({"volume": "volume * 0.5"}, {"sales": "sales * 2"}, {"volume": "uniform(1, 2)"}, {"horizon": "6"}):
        anew = change(base, changes(**texts))
        assert check(anew, checked).model == check(anew).model
    step = check(change(base, changes(volume="volume * 0.5")), checked).steps
    assert step["sales"] is checked.steps["sales"]
    assert step["typical"] is not checked.steps["typical"]


def test_a_change_of_kind_reaches_its_readers() -> None:
    base = declare(inputs={**INPUTS, "n": "3"}, calculations={"a": "n", "b": "a * 2", "c": "total(b)"})
    anew = change(base, changes(a="n * t"))
    assert check(anew, check(base)).model == check(anew).model


def test_formulas_that_read_the_horizon_follow_a_change_of_it() -> None:
    base = declare(
        upfront={"build": "-500 USD"}, monthly={"back": "90 USD / horizon", "close": "pulse(horizon) * -7 USD"}
    )
    for months, model in (
        (12, check(base).model),
        (30, changed(base, horizon="30 months")),
        (6, changed(base, horizon="horizon / 2")),
    ):
        assert model.horizon == months
        assert gain(model) == pytest.approx(-500 + 90 - 7)
        last = Call("at", (Name("net"), Number(float(months))))
        assert evaluate(model, {"last": last}, VALUES)["last"] == pytest.approx(90 / months - 7)
