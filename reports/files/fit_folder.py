"""The output folder of a fit."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from payback.reports.files.atomic_folder import check, replace
from payback.reports.files.layout import FIGURES, Layout, pictures
from payback.simulator.document.core.record import to_json
from payback.simulator.document.fit import Fit

RESULT, PAGE = "fit.json", "fit.html"
LAYOUT = Layout(RESULT, "payback-fit/", frozenset({RESULT, PAGE, FIGURES}), pictures("quantiles", "density", "tails"))


def check_output(folder: str | Path) -> None:
    """Raise if a fit may not be written to `folder`; a fit that is there may be replaced.

    Raises
    ------
    UsageError
        As `payback.reports.files.atomic_folder.check`.
    """
    check(folder, LAYOUT)


def write(fit: Fit, folder: str | Path) -> Path:
    """Write the page, the figures and the JSON document of a fit; return the page's path.

    Raises
    ------
    UsageError, PaybackError
        As `payback.reports.files.atomic_folder.replace`.
    """
    replace(folder, _files(fit), LAYOUT)
    return Path(folder) / PAGE


def _files(fit: Fit) -> Iterator[tuple[str, str | bytes]]:
    from payback.reports.figures.fit import plates
    from payback.reports.figures.style import rendered
    from payback.reports.pages import fit_page
    from payback.reports.pages.escaping import legible

    figures = {key: rendered(plate) for key, plate in plates(legible(fit)).items()}
    wide = {key: files["svg"] for key, files in figures.items()}
    yield RESULT, to_json(fit)
    yield PAGE, fit_page.render(fit, wide)
    for key, files in figures.items():
        for kind, content in files.items():
            yield f"{FIGURES}/{key}.{kind}", content
