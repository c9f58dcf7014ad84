"""A simulated case: ask it, tabulate it, write its appendix."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from payback.simulator.case import Case
from payback.simulator.case.language.measures import HEADLINE
from payback.simulator.errors import UsageError
from payback.simulator.questions.ask.answers import Answer, answer
from payback.simulator.questions.grammar import parse_questions
from payback.simulator.questions.trials.execution import Execution
from payback.simulator.questions.trials.frames import Frame
from payback.simulator.questions.trials.run_cache import RunCache, shared_runs
from payback.simulator.questions.trials.samples import kept_values
from payback.simulator.questions.trials.sampling import Sampling
from payback.simulator.statistics import Sample

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from payback.simulator.document.document import Document
    from payback.simulator.document.precision import Precision
    from payback.simulator.document.results import MeasureResult
    from payback.simulator.questions.compare.comparison import Side

SHOWN = ("P10", "P50", "P90")


@dataclass(frozen=True)
class Result:
    """The trials of a case, with the answers to any question about them.

    Parameters
    ----------
    frame : Frame
        The case on its cube.
    sampling : Sampling
    execution : Execution
    samples : mapping of str to Sample
        By measure.
    precision : tuple of Precision
        The precision that decided the number of trials; empty if the number was given.
    chosen : bool
        Whether the run chose the number of trials.
    cache : RunCache
        Samples and values of inputs, which further questions on these trials share.
    """

    frame: Frame = field(repr=False)
    sampling: Sampling
    execution: Execution
    samples: Mapping[str, Sample] = field(repr=False)
    precision: tuple[Precision, ...] = ()
    chosen: bool = False
    cache: RunCache = field(default_factory=shared_runs, repr=False, compare=False)
    _before: dict[tuple[str, ...], Side] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def case(self) -> Case:
        """The case that was simulated."""
        return self.frame.case

    def ask(self, *questions: str) -> Any:
        """Return the answer to a question, or a tuple of answers to several, in order.

        Parameters
        ----------
        *questions : str
            ``P(npv < 0)``, ``P90(payback)``, ``mean(npv) in "volume halves"``, ``P(roi < 0) <= 20 %``.

        Returns
        -------
        Answer or tuple of Answer
            `text` is ready to print, `estimate` holds value and interval.

        Raises
        ------
        CaseError
            With every question that makes no sense in the case.
        """
        answers = answer(parse_questions(questions), self.frame, self.execution, self.cache)
        return answers[0] if len(answers) == 1 else answers

    def probability(self, condition: str) -> Answer:
        """Return the probability of a condition, such as ``roi < 0``."""
        probability: Answer = self.ask(f"P({condition})")
        return probability

    @property
    def _values(self) -> dict[str, NDArray[np.float64]]:
        return kept_values(self.samples)

    @cached_property
    def _results(self) -> dict[str, MeasureResult]:
        from payback.simulator.questions.ask.measure_results import measure_result, measured
        from payback.simulator.questions.ask.undefined_reasons import RATES

        measures = measured(self.case)
        rates = self.samples[RATES.id]
        return {name: measure_result(spec, self.samples[name], self.frame, rates) for name, spec in measures.items()}

    @property
    def measures(self) -> pd.DataFrame:
        """A table with a row for each measure: unit, shares never and undefined, mean, sd, and percentiles.

        A value is NaN where it lies beyond the horizon or is not defined.
        """
        import pandas as pd

        rows = {
            name: {
                "unit": measure.unit,
                "never": measure.never,
                "undefined": measure.undefined,
                "mean": measure.mean.value if measure.mean else None,
                "sd": measure.sd.value if measure.sd else None,
                **{key: estimate.value for key, estimate in measure.percentiles.items()},
            }
            for name, measure in self._results.items()
        }
        table = pd.DataFrame.from_dict(rows, orient="index")
        numbers = [column for column in table.columns if column != "unit"]
        return table.astype(dict.fromkeys(numbers, float)).rename_axis("measure")

    def percentiles(self, *names: str) -> pd.DataFrame:
        """Return percentiles with their intervals, one row each, of `names` (the headline measures if none is given).

        A value is NaN where it lies beyond the horizon; `text` says so in words.

        Raises
        ------
        KeyError
            If there is no such measure; `ask` takes percentiles of any formula.
        """
        import pandas as pd

        rows = [
            (name, key, estimate.value, estimate.low, estimate.high, estimate.text)
            for name in names or HEADLINE
            for key, estimate in self._results[name].percentiles.items()
        ]
        table = pd.DataFrame(rows, columns=["measure", "percentile", "value", "low", "high", "text"])
        return table.astype({"value": float, "low": float, "high": float}).set_index(["measure", "percentile"])

    @property
    def trials(self) -> pd.DataFrame:
        """A table with a row for each trial and a column for each measure: ``inf`` is never, NaN is undefined.

        Raises
        ------
        UsageError
            If there are so many trials that they were counted, not kept.
        """
        import pandas as pd

        return pd.DataFrame(self._values).rename_axis("trial")

    def what_if(self, change: str, *questions: str) -> pd.DataFrame:
        """Return a table of answers before and after a change, with the paired difference and its interval.

        Parameters
        ----------
        change : str
            ``traffic * 0.5``, ``fee = 5 %; price * 2``, or the name of a what-if of the case.
        *questions : str
            Each one statistic; the usual ones if none is given.
        """
        from payback.simulator.questions.trials.frames import what_if

        return self._compared(what_if(self.frame, change), questions)

    def stress(self, condition: str, *questions: str) -> pd.DataFrame:
        """Return a table of answers over all trials and under a stress: ``traffic below 10 %``, or one of the case.

        `attrs` of the table holds the stress in words, and how many trials of equal weight its trials are worth.
        """
        from payback.simulator.questions.trials.frames import stress_of

        return self._compared(stress_of(self.frame, condition), questions)

    def _compared(self, frame: Frame, questions: tuple[str, ...]) -> pd.DataFrame:
        import pandas as pd

        from payback.simulator.questions.compare.comparison import compare
        from payback.simulator.questions.compare.default_questions import usual_questions

        statistics = questions or usual_questions(self.case)
        (comparison,) = compare(self.frame, [frame], statistics, self.execution, self.cache, known=self._before)
        pairs = comparison.answers.values()
        numbers = {
            "before": [pair.before.value for pair in pairs],
            "after": [pair.after.value for pair in pairs],
            "difference": [pair.difference.value for pair in pairs],
            "low": [pair.difference.low for pair in pairs],
            "high": [pair.difference.high for pair in pairs],
        }
        table = pd.DataFrame(
            {
                "unit": [pair.unit for pair in pairs],
                **{name: pd.array(values, dtype=float) for name, values in numbers.items()},
                "text": [pair.difference.text for pair in pairs],
            },
            index=list(comparison.answers),
        )
        table.attrs = {"reading": comparison.reading, "note": comparison.note}
        return table

    def table(self, question: str, *arguments: str) -> pd.DataFrame:
        """Return the answer to a registered question, ``tornado``, ``variance`` or ``options``, as a table.

        Parameters
        ----------
        question : str
            Its name on the command line.
        *arguments : str
            The measure, ``npv`` if none is given: any formula with one value per trial. Of options what decides.

        Raises
        ------
        UsageError
            If there is no such question.
        CaseError
            If the measure makes no sense in the case.
        """
        from payback.simulator.document.registered_questions import QUESTIONS, at

        registered = {entry.name: entry for entry in QUESTIONS}
        if question not in registered:
            raise UsageError(f"no question `{question}` -> one of {', '.join(registered)}")
        entry = registered[question]
        table: pd.DataFrame = at(entry.data_frame)(at(entry.answer)(self.frame, self.execution, *arguments))
        return table

    def tornado(self, measure: str = "npv") -> pd.DataFrame:
        """Return the tornado as a table: the measure with each input alone at its P10 and P90, longest swing first.

        `attrs` of the table holds the base value and the inputs that were held.
        """
        return self.table("tornado", measure)

    def variance(self, measure: str = "npv") -> pd.DataFrame:
        """Return a table of the share of each input in the variance of a measure, alone and in total, with intervals.

        `attrs` of the table holds the standard deviation and the sum of the shares that inputs explain alone.
        """
        return self.table("variance", measure)

    def options(self, decide_by: str = "") -> pd.DataFrame:
        """Return a table of the options of the case, best first: the case as it is, and those that it declares.

        Parameters
        ----------
        decide_by : str
            The statistic that ranks them: ``mean(npv)``. If empty that of the case, or the median of npv.

        Returns
        -------
        DataFrame
            A row for each option: what decides with its interval, the paired difference from the first, the probability
            of being best, the expected regret, percentiles, shortfall and loss; `attrs` says which options lead.

        Raises
        ------
        UsageError
            If the case declares no options.
        CaseError
            If `decide_by` makes no sense in the case, or has no better side.
        """
        return self.table("options", decide_by)

    def claims(self) -> pd.DataFrame:
        """Return a table of the claims of the case: probability, interval and verdict of each."""
        import pandas as pd

        from payback.simulator.questions.compare.claims import claims

        columns = ["says", "check", "verdict", "value", "low", "high", "percentile_of_claim", "text", "source"]
        rows = [
            [getattr(claim, column) for column in columns] for claim in claims(self.frame, self.execution, self.cache)
        ]
        return pd.DataFrame(rows, columns=columns)

    @cached_property
    def document(self) -> Document:
        """The result document, which holds every number that a report shows."""
        from payback.simulator.questions.appendix.appendix import appendix

        precision, chosen = self.precision, self.chosen
        return appendix(self.case, self.sampling, self.execution, precision=precision, chosen=chosen).document

    def write(self, folder: str | Path, *, keep: bool = False) -> Path:
        """Write the risk appendix into `folder` and return its path; `keep` adds the trials.

        Raises
        ------
        UsageError
            If `folder` holds anything but an earlier report.
        """
        from payback.reports.files.appendix_folder import check_output, write

        check_output(folder)
        return write(self.document, folder, self._values if keep else None)

    def _repr_html_(self) -> str:
        """Return the headline measures as a table, for notebooks."""
        head = "".join(f"<th>{key}</th>" for key in ("", *SHOWN, "never"))
        rows = "".join(self._row(name, measure) for name, measure in self._results.items() if name in HEADLINE)
        cube = self.frame.cube
        caption = f"{self.case.name}: {self.case.horizon} months, {cube.trials:,} trials, seed {cube.seed}"
        return f"<table><caption>{escape(caption)}</caption><tr>{head}</tr>{rows}</table>"

    def _row(self, name: str, measure: MeasureResult) -> str:
        from payback.simulator.number_text import percent

        cells = [
            name,
            *(measure.percentiles[key].text.split("; ")[0] for key in SHOWN),
            percent(measure.never) if measure.never else "",
        ]
        return "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in cells) + "</tr>"
