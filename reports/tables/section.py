"""A section of the appendix as a value: a heading, sentences, tables, and the keys of its figures."""

from __future__ import annotations

from dataclasses import dataclass

from payback.reports.tables.table import Table


@dataclass(frozen=True)
class FigureKey:
    """The key of a figure in a section; the figure is left out when the document has nothing to draw."""

    key: str


@dataclass(frozen=True)
class Section:
    """A heading, sentences, and then tables and figures.

    `command` is a command line set on its own; `points` are set as a list.
    """

    key: str
    title: str
    sentences: tuple[str, ...] = ()
    points: tuple[str, ...] = ()
    parts: tuple[Table | FigureKey, ...] = ()
    command: str = ""
