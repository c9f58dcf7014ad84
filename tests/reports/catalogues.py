"""The catalogues of what reports say."""

from __future__ import annotations

from pathlib import Path

from tests.catalogue import catalogue, compared_with

FOLDER = Path(__file__).with_name("texts")
FIGURES = catalogue(FOLDER / "figures.txt")

differs = compared_with(FOLDER / "sentences.txt")
