"""The output folder of a simulation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from payback.reports.files.atomic_folder import check, replace
from payback.reports.files.layout import FIGURES, Layout, pictures
from payback.simulator.document.core.record import to_json
from payback.simulator.document.document import Document
from payback.simulator.document.registered_questions import QUESTIONS
from payback.simulator.stage_times import Stage

RESULT, APPENDIX = "result.json", "appendix.html"
LAYOUT = Layout(
    RESULT,
    "payback-result/",
    frozenset({RESULT, APPENDIX, "appendix.md", "summary.csv", FIGURES, "trials.npz", "trials.csv"}),
    pictures("payback", "outcome", "fan", *(question.name for question in QUESTIONS)),
)


def check_output(folder: str | Path) -> None:
    """Raise if a report may not be written to `folder`: call it before the simulation starts.

    A folder that is new, empty, or holds a report of ours and nothing else will do. Whether something can be
    written beside it is tried, with an empty folder that is removed again.

    Raises
    ------
    UsageError
        If `folder` is a link or a file, holds what payback did not write, or cannot be written.
    """
    check(folder, LAYOUT)


@Stage("report")
def write(document: Document, folder: str | Path, trials: Mapping[str, NDArray[np.float64]] | None = None) -> Path:
    """Write the appendix, its figures, the result document and the tables; return the appendix's path.

    A report that is already in `folder` is replaced whole. On failure nothing is left behind and
    what was there stays.

    Parameters
    ----------
    document : Document
    folder : path
        Created, with its parents, if need be.
    trials : mapping of str to ndarray, optional
        Arrays of shape (trials,) to keep as ``trials.npz``, and their first rows as ``trials.csv``.

    Raises
    ------
    UsageError
        See `check_output`.
    PaybackError
        If the folder cannot be written.
    """
    replace(folder, _files(document, trials), LAYOUT)
    return Path(folder) / APPENDIX


def _files(document: Document, trials: Mapping[str, NDArray[np.float64]] | None) -> Iterator[tuple[str, str | bytes]]:
    from payback.reports.figures import plates, rendered
    from payback.reports.files import summary_csv, trials_archive
    from payback.reports.pages import html, markdown
    from payback.reports.pages.escaping import legible

    figures = {key: rendered(plate) for key, plate in plates(legible(document)).items()}
    wide = {key: files["svg"] for key, files in figures.items()}
    yield RESULT, f"{to_json(document)}\n"
    yield APPENDIX, html.render(document, wide)
    yield "appendix.md", markdown.render(document)
    yield "summary.csv", summary_csv.csv(document)
    for key, files in figures.items():
        for kind, content in files.items():
            yield f"{FIGURES}/{key}.{kind}", content
    if trials is not None:
        yield "trials.npz", trials_archive.archive(trials)
        yield "trials.csv", trials_archive.first_rows(trials)
