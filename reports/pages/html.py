"""The appendix as one HTML file: no script, no font, no image from elsewhere.

Templates are shipped with the product and escape everything; text of a case is data, never a
template (``{{7*7}}`` prints as it stands). A content security policy forbids all else.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING

from payback.reports.figures import Plate, inline_svg, plates
from payback.reports.pages import sparkline
from payback.reports.pages.escaping import legible
from payback.reports.pages.sections import sections
from payback.reports.tables.results import tiles
from payback.reports.tables.table import Table, typeset
from payback.simulator.document.document import Document
from payback.simulator.stage_times import Stage

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup


@Stage("page")
def render(document: Document, wide: Mapping[str, bytes] | None = None) -> str:
    """Return the appendix of `document` as an HTML page, the same text on every run.

    `wide` holds figures that are drawn already, see `inlined`.
    """
    document = legible(document)
    drawn = plates(document)
    page = environment().get_template("appendix.html.j2")
    return page.render(document=document, sections=sections(document, drawn), figures=inlined(drawn, wide or {}))


def inlined(drawn: Mapping[str, Plate], wide: Mapping[str, bytes]) -> dict[str, tuple[Markup, Markup]]:
    """Return the wide and the narrow form of each plate as parts of a page; `wide` holds the SVG of some, by key."""
    from markupsafe import Markup

    return {
        key: (
            Markup(inline_svg(plate, drawn=wide.get(key))),  # noqa: S704  # matplotlib escapes text
            Markup(inline_svg(plate, narrow=True)),  # noqa: S704  # matplotlib escapes text
        )
        for key, plate in drawn.items()
    }


def _breakable(text: str) -> Markup:
    """Return `text`, escaped, with leave to break a line after an underscore."""
    from markupsafe import Markup, escape

    return escape(text).replace("_", Markup("_<wbr>"))


@cache
def environment() -> Environment:
    """Return the templates, everything escaped, a name that is not defined being an error."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("payback.reports", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"typeset": typeset, "outline": sparkline.outline, "breakable": _breakable}
    environment.globals |= {"tiles": tiles}
    environment.tests |= {
        "table": lambda item: isinstance(item, Table),
        "plate": lambda item: isinstance(item, Plate),
    }
    return environment
