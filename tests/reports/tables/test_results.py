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


def test_tiles_say_never_and_loss_first() -> None:
    document = sample()
    probabilities = (
        replace(document.probabilities[0], question="P(gain < 0)"),
        replace(document.probabilities[1], question="P(never(payback))"),
    )
    names = [name for name, _ in results.tiles(replace(document, probabilities=probabilities))]
    assert not differs(names, "tiles")
    assert results.tiles(EDGES["bare"]()) == ()
