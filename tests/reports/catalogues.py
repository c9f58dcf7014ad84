"""The catalogues of what reports say."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tests.catalogue import catalogue, misfit

FOLDER = Path(__file__).with_name("texts")
FIGURES = catalogue(FOLDER / "figures.txt")
SENTENCES = catalogue(FOLDER / "sentences.txt")


def differs(lines: Sequence[str], entry: str) -> str:
    """Return how lines differ from an entry of ``sentences.txt``; nothing if they do not."""
    return misfit(lines, SENTENCES[entry])
