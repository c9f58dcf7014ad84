from __future__ import annotations

from dataclasses import replace

from payback.reports.tables import assumption_register
from tests.reports.catalogues import differs
from tests.reports.edges import EDGES
from tests.reports.sample import sample


def test_grades_are_counted_among_uncertain_inputs() -> None:
    document = sample()
    assert not differs([assumption_register.grades(document)], "grades")
    silent = replace(document, assumptions=(replace(document.assumptions[0], grade=""),))
    assert not differs([assumption_register.grades(silent)], "grades of one input without a grade")
    assert not differs([assumption_register.grades(EDGES["certain"]())], "grades of a certain case")
