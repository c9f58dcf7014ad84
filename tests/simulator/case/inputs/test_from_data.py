"""Distributions of data in a case: the columns of files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from payback.distributions import (
    Certain,
    Distribution,
    Empirical,
    Lognormal,
    Scaled,
    Smoothed,
    Truncated,
    ZeroInflated,
)
from payback.simulator.case import Case, load
from payback.simulator.errors import CaseError
from tests.catalogue import compared_with

differs = compared_with(Path(__file__).with_name("messages.txt"))

ROWS = [4.0, 8.0, 15.0, 16.0, 23.0, 42.0, 8.0]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "data").mkdir()
    rows = "".join(f"{x},{x - 15},3,{x if x > 20 else ''}\n" for x in ROWS)
    (tmp_path / "data" / "volume.csv").write_text(f"requests,gain,flat,gaps\n{rows}", encoding="utf-8")
    return tmp_path


def case_of(folder: Path, line: str, more: str = "") -> Case:
    path = folder / "case.yaml"
    text = f"horizon: 6 months\ninputs:\n  x: {line}\ncash_flows: {{monthly: {{saved: 1 * x}}}}\n{more}"
    path.write_text(text, encoding="utf-8")
    return load(path)


def drawn(case: Case) -> Distribution:
    distribution = case.model.draws[0].distribution
    assert distribution is not None
    return distribution


def refused(folder: Path, line: str) -> str:
    with pytest.raises(CaseError) as error:
        case_of(folder, line)
    return str(error.value)


FILE = "'data/volume.csv', column='requests'"


def test_the_values_are_taken_as_they_are(folder: Path) -> None:
    case = case_of(folder, f"empirical({FILE})")
    assert drawn(case) == Empirical(tuple(ROWS))
    assert any(not differs(note, "values of a file") for note in case.notes)


def test_the_values_are_smoothed_on_request_and_the_rule_is_said(folder: Path) -> None:
    case = case_of(folder, f"empirical({FILE}, smooth=yes)")
    assert drawn(case) == Smoothed(tuple(ROWS))
    logs = np.log(ROWS)
    spread = min(np.std(logs, ddof=1), np.subtract(*np.quantile(logs, [0.75, 0.25])) / 1.34)
    width = f"{0.9 * spread * 7**-0.2:.3g}"
    (note,) = (note for note in case.notes if not differs(note, "a smoothing width"))
    assert width in note.split()
    plain = case_of(folder, "empirical('data/volume.csv', column='gain', smooth=yes)")
    assert any(note.endswith("(rule of Silverman)") for note in plain.notes)
    assert drawn(case_of(folder, f"empirical({FILE}, smooth=no)")) == Empirical(tuple(ROWS))


def test_data_go_with_units_wrappers_and_constants(folder: Path) -> None:
    text = f"truncated(empirical({FILE}), 5, 30)"
    assert drawn(case_of(folder, text)) == Truncated(Empirical(tuple(ROWS)), 5.0, 30.0)
    assert drawn(case_of(folder, f"0.5 * empirical({FILE})")) == Scaled(Empirical(tuple(ROWS)), 0.5)


def test_gaps_are_told_and_one_value_alone_is_certain(folder: Path) -> None:
    case = case_of(folder, "empirical('data/volume.csv', column='gaps')")
    assert drawn(case) == Empirical((23.0, 42.0))
    assert any(not differs(note, "rows left out") for note in case.notes)
    flat = case_of(folder, "empirical('data/volume.csv', column='flat', smooth=yes)")
    assert drawn(flat) == Certain(3.0)
    assert any(not differs(note, "one value alone") for note in flat.notes)


WRONG = [
    ("empirical()", "`empirical` without `file` -> `empirical(file, column=, sheet=, smooth=)`"),
    ("empirical(data)", "`file` is `data` -> a text in quotes"),
    (f"empirical({FILE}, smooth=1)", "`smooth` is `1` -> `yes` or `no`"),
    (f"empirical({FILE}, smoth=yes)", "`smoth=` in empirical(...) -> `empirical(file, column=, sheet=, smooth=)`"),
    (f"empirical({FILE}, sheet='May')", "data/volume.csv: sheet `May` of a file that has no sheets"),
    ("empirical('data/volume.csv')", "data/volume.csv: 4 columns and none is named -> one of `requests`, `gain`"),
    ("empirical('/etc/passwd')", "/etc/passwd: a path that does not begin at the folder of the case"),
    (f"empirical({FILE}) + empirical({FILE})", "two distributions in"),
]


@pytest.mark.parametrize(("line", "says"), WRONG, ids=[says[:40] for _, says in WRONG])
def test_what_is_no_data_is_refused_in_its_place(folder: Path, line: str, says: str) -> None:
    message = refused(folder, line)
    assert says in message
    assert message.startswith(f"{folder / 'case.yaml'}:3:")
    assert "\n" not in message


def test_data_are_part_of_the_digest_and_read_once(folder: Path) -> None:
    case = case_of(folder, f"empirical({FILE})", "what_if:\n  longer: {horizon: 9 months}\n")
    again = load(folder / "case.yaml")
    assert again.digest == case.digest
    (folder / "data" / "volume.csv").write_text("requests\n1\n2\n", encoding="utf-8")
    assert load(folder / "case.yaml").digest != case.digest
    longer = case.change("longer")
    assert drawn(longer) == Empirical(tuple(ROWS))
    assert longer.digest != case.digest
    other = case.change({"x": f"empirical({FILE}, smooth=yes)"})
    assert drawn(other) == Smoothed(tuple(ROWS))


def test_zeros_are_added_to_a_distribution(folder: Path) -> None:
    inflated = drawn(case_of(folder, "zero_inflated(30 %, lognormal(100, 0.5))"))
    assert inflated == ZeroInflated(0.3, Lognormal(100.0, 0.5))
    assert drawn(case_of(folder, f"2 * zero_inflated(0.1, empirical({FILE}))")).support == (0.0, 84.0)
    path = folder / "case.yaml"
    path.write_text(
        "horizon: 6 months\ninputs:\n  p: uniform(0, 0.5)\n  x: zero_inflated(p, gamma(2, 3 USD))\n"
        "cash_flows: {upfront: {saved: 1 * x}}\n", encoding="utf-8",
    )  # fmt: skip
    draw = load(path).model.draws[1]
    assert draw.build is not None
    by_trial = draw.build(np.array([0.0, 0.5])).ppf(np.array([0.4, 0.4]))
    assert by_trial[0] > 0.0 == by_trial[1]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("zero_inflated(0.3)", "`zero_inflated` of no distribution -> `zero_inflated(p, d)`"),
        ("zero_inflated(gamma(2, 3), 0.3)", "`zero_inflated` of no distribution -> `zero_inflated(p, d)`"),
        ("zero_inflated(0.3, gamma(2, 3), 1)", "`zero_inflated` with 3 arguments -> `zero_inflated(p, d)`"),
        ("zero_inflated(1.2, gamma(2, 3))", "`ZeroInflated(p=...)` must lie in [0, 1), got 1.2"),
        ("truncated(gamma(2, 3), 1, 2, 3)", "`truncated` with 4 arguments -> `truncated(d, low=, high=)`"),
    ],
)
def test_wrong_wrappers_are_refused(folder: Path, line: str, says: str) -> None:
    assert says in refused(folder, line)
