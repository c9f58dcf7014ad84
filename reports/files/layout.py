"""The files of a folder of results, by their names."""

from __future__ import annotations

from dataclasses import dataclass

FIGURES = "figures"
"""The folder of pictures in a folder of results."""


@dataclass(frozen=True)
class Layout:
    """The files of one kind of report.

    Parameters
    ----------
    result : str
        The JSON file by which a folder of this kind is known.
    schema : str
        How the ``schema`` in it begins.
    names : frozenset of str
        The names of all files of such a folder; a folder that holds anything else is not replaced.
    pictures : frozenset of str
        The names of all files in its folder ``figures``, likewise.
    """

    result: str
    schema: str
    names: frozenset[str]
    pictures: frozenset[str]


def pictures(*keys: str) -> frozenset[str]:
    """Return the names of the files of the figures `keys`: each as SVG and as PNG."""
    return frozenset(f"{key}.{kind}" for key in keys for kind in ("svg", "png"))
