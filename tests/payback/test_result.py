"""A result: answers, frames, the document and the appendix."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import payback as pb
from tests.simulator.questions.cases import SMALL, ask


@pytest.fixture(scope="module")
def result() -> pb.Result:
    return pb.simulate(pb.loads(SMALL), trials=4096, seed=1)


def test_ask_gives_what_the_command_gives(result: pb.Result) -> None:
    questions = ("P90(payback)", "mean(npv) in 'volume halves'")
    assert result.ask(*questions) == ask(result.case, *questions)
    assert result.probability("roi < 0") == result.ask("P(roi < 0)")
    with pytest.raises(pb.CaseError, match="did you mean npv"):
        result.ask("P(nvp < 0)")


def test_measures_as_a_frame(result: pb.Result) -> None:
    table = result.measures
    assert table.index.name == "measure"
    assert table.loc["npv", "mean"] == result.ask("mean(npv)").value
    assert table.loc["npv", "unit"] == "USD"
    assert np.isnan(table.loc["payback", "mean"])
    assert np.isnan(table.loc["payback", "P95"])
    assert 0 < table.loc["payback", "never"] < 1


def test_percentiles_as_a_frame(result: pb.Result) -> None:
    table = result.percentiles("npv", "payback")
    assert table.loc[("npv", "P90"), "value"] == result.ask("P90(npv)").value
    assert table.loc[("payback", "P95"), "text"].startswith("not within 12 months")
    low, value, high = table.loc[("npv", "P50"), ["low", "value", "high"]]
    assert low < value < high
    assert set(result.percentiles().index.get_level_values(0)) >= {"payback", "npv", "roi"}


def test_trials_as_a_frame(result: pb.Result) -> None:
    table = result.trials
    assert len(table) == 4096
    assert (table["npv"] < 0).mean() == result.probability("npv < 0").value
    assert np.isinf(table["payback"]).mean() == result.measures.loc["payback", "never"]


def test_what_if_and_stress_as_frames(result: pb.Result) -> None:
    table = result.what_if("volume * 0.5", "mean(npv)", "P(npv < 0)")
    assert list(table.index) == ["mean(npv)", "P(npv < 0)"]
    row = table.loc["mean(npv)"]
    assert row["low"] < row["difference"] < row["high"]
    assert row["difference"] == pytest.approx(row["after"] - row["before"])
    assert result.what_if("volume halves").loc["mean(npv)", "after"] == row["after"]
    assert result.stress("thin demand").loc["mean(npv)", "difference"] < 0


def test_tornado_and_claims_as_frames(result: pb.Result) -> None:
    table = result.tornado("gain")
    assert list(table["swing"]) == sorted(table["swing"], reverse=True)
    assert table.attrs["unit"] == "USD"
    assert "Held: works = 1." in table.attrs["note"]
    assert list(result.claims()["verdict"]) == ["unlikely", "supported"]


def test_document_and_appendix(result: pb.Result, tmp_path: Path) -> None:
    assert result.document.provenance.trials == 4096
    written = result.write(tmp_path / "report", keep=True)
    assert written.read_text(encoding="utf-8").startswith("<!")
    with np.load(tmp_path / "report" / "trials.npz", allow_pickle=False) as kept:
        assert (kept["npv"] == result.trials["npv"]).all()
    with pytest.raises(pb.UsageError):
        result.write(Path(__file__).parent)


def test_notebooks_show_a_table_and_escape_names() -> None:
    html = pb.simulate(pb.loads(SMALL.replace("case: A machine", "case: <script>alert(1)</script>")), trials=64)
    text = html._repr_html_()
    assert "<script>" not in text
    assert "&lt;script&gt;" in text
    assert text.count("<tr>") == 9


def test_the_same_seed_gives_the_same_trials(result: pb.Result) -> None:
    again = pb.simulate(pb.loads(SMALL), trials=4096.0, threads=1)
    for name, sample in result.samples.items():
        np.testing.assert_array_equal(again.samples[name].values, sample.values)


def test_variance_as_a_frame(result: pb.Result) -> None:
    table = result.variance("npv >= 0")
    assert list(table.columns) == ["alone", "alone_low", "alone_high", "total", "total_low", "total_high"]
    assert (table["total_low"] <= table["total"]).all()
    assert table["total"].is_monotonic_decreasing
    assert table.attrs["measure"] == "npv >= 0"
    assert 0 < table.attrs["sd"] <= 0.5


def test_answers_do_not_depend_on_those_before(result: pb.Result) -> None:
    changes = ("volume * 0.5", "fee * 2", "volume * 0.5", "horizon = 9 months", "discount_rate = 20 %")
    used = pb.simulate(result.case, trials=4096, seed=1)
    for change in changes:
        fresh = pb.simulate(result.case, trials=4096, seed=1)
        assert used.what_if(change).equals(fresh.what_if(change))
        assert used.ask("P5(npv)", "P(roi < 0)") == fresh.ask("P5(npv)", "P(roi < 0)")
        assert used.stress("thin demand").equals(fresh.stress("thin demand"))


def test_further_changes_draw_nothing_and_leave_the_base_as_it_is(
    result: pb.Result, monkeypatch: pytest.MonkeyPatch
) -> None:
    from payback.simulator.cube import Cube
    from payback.simulator.questions.trials import samples

    used = pb.simulate(result.case, trials=4096, seed=1)
    used.what_if("volume * 0.5")
    runs: list[str] = []
    simulate = samples.simulate

    def counted(*arguments: object, **options: object) -> object:
        runs.append("run")
        return simulate(*arguments, **options)  # type: ignore[arg-type]

    def drawn(*_: object) -> None:
        raise AssertionError("coordinates are drawn again")

    monkeypatch.setattr(samples, "simulate", counted)
    monkeypatch.setattr(Cube, "block", drawn)
    used.what_if("volume * 0.6")
    assert len(runs) == 1
