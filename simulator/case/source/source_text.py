"""The source of a piece of text: its place in a case file, or on the command line."""

from __future__ import annotations

from dataclasses import dataclass

from payback.simulator.errors import Location


@dataclass(frozen=True)
class Source:
    """The source of a piece of a case: its key path, its location, and its text as written.

    Parameters
    ----------
    path : str
        Key path: ``inputs.price``.
    at : Location
        Location of the first character of `text`.
    text : str
        The value as the file gives it, unquoted and unfolded.
    folds : tuple of (offset, line, column)
        Where `text` goes on at another location than the next character of the line: on a new line, behind an
        escape. Empty for text on one line.
    """

    path: str = ""
    at: Location = Location()
    text: str = ""
    folds: tuple[tuple[int, int, int], ...] = ()

    def place(self, offset: int = 0) -> Location:
        """Return the location in the file of ``text[offset]``."""
        start, line, column = 0, self.at.line, self.at.column
        for fold in self.folds:
            if fold[0] > offset:
                break
            start, line, column = fold
        return Location(self.at.file, line, column + offset - start if line else 0)


def question_source(text: str, number: int = 0) -> Source:
    """Return the source of a question of the command line; `number` counts from 1, and is 0 for a single question."""
    return Source(at=Location(f"question {number}" if number else "question", 1, 1), text=text)
