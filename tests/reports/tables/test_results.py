from __future__ import annotations

from dataclasses import replace

from payback.reports.tables import results
from tests.reports.catalogues import differs
from tests.reports.edges import EDGES
from tests.reports.sample import sample


def test_how_claims_about_each_trial_are_judged_is_told() -> None:
    claims = sample().claims
    assert results.rule(claims) == ""
    rule = results.rule((*claims, replace(claims[0], required=0.8)))
    assert not differs([rule], "the rule of claims")
    rule = results.rule((*claims, replace(claims[0], required=0.4)))
    assert not differs([rule], "the rule of claims that ask for little confidence")


def test_tiles_say_loss_and_never_first() -> None:
    document = sample()
    probabilities = tuple(
        replace(document.probabilities[0], question=question)
        for question in ("P(npv < 0)", "P(gain < 0)", "P(never(payback))")
    )
    document = replace(document, probabilities=probabilities)
    for rate, entry in ((0.1, "tiles"), (0.0, "tiles without a discount rate"), (None, "tiles at an uncertain rate")):
        facts = replace(document.case, discount_rate=rate)
        names = [name for name, _ in results.tiles(replace(document, case=facts))]
        assert not differs(names, entry)
    assert results.tiles(EDGES["bare"]()) == ()
