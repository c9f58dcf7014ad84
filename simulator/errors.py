"""The exceptions of payback.

::

    PaybackError                      exit code 1
    ├── UsageError                    2   wrong usage of a command or of the API
    ├── CaseError                     2   a case file (or an expression) that is not valid
    ├── NumericalError                3   formulas gave NaN or infinity beyond the limit
    └── HurdleNotMet                  4   a declared hurdle is not met (with ``--gate``)
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

LISTED_PROBLEMS = 20


def visible(text: str) -> str:
    """Return `text` with control and bidirectional characters escaped, safe for a terminal."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        c if c.isprintable() and not 0x202A <= ord(c) <= 0x202E and not 0x2066 <= ord(c) <= 0x2069 else ascii(c)[1:-1]
        for c in text
    )


@dataclass(frozen=True, slots=True)
class Location:
    """A place in a case file or on the command line; line and column count from 1, 0 if unknown."""

    file: str = ""
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        parts = [self.file or "<case>"]
        if self.line:
            parts += [str(self.line), str(self.column or 1)]
        return ":".join(parts)


@dataclass(frozen=True, slots=True)
class Problem:
    """An error of a case: its place, the text given, what is allowed, and the nearest match."""

    given: str
    allowed: str = ""
    path: str = ""
    near: str = ""
    at: Location = Location()

    @property
    def message(self) -> str:
        """The error without its place: what was given, what is allowed, and what was likely meant."""
        text = self.given
        if self.allowed:
            text += f" -> {self.allowed}"
        if self.near:
            text += f" (did you mean {self.near}?)"
        return text

    def __str__(self) -> str:
        path = f"{self.path}: " if self.path else ""
        return visible(f"{self.at}: {path}{self.message}")


class PaybackError(Exception):
    """Base of every error that payback raises on purpose."""

    exit_code = 1


class UsageError(PaybackError):
    """A command or a function was used in a way that it does not allow."""

    exit_code = 2


class CaseError(PaybackError):
    """A case that is not valid; carries every independent problem found.

    Attributes
    ----------
    problems : tuple of Problem
        In the order of the file.
    """

    exit_code = 2

    def __init__(self, problems: Problem | Iterable[Problem]) -> None:
        self.problems = (problems,) if isinstance(problems, Problem) else tuple(problems)
        super().__init__(str(self))

    def __str__(self) -> str:
        shown = [str(p) for p in self.problems[:LISTED_PROBLEMS]]
        if len(self.problems) > LISTED_PROBLEMS:
            shown.append(f"... and {len(self.problems) - LISTED_PROBLEMS} more")
        return "\n".join(shown)


class NumericalError(PaybackError):
    """Formulas gave NaN or infinity in more trials than the limit allows."""

    exit_code = 3


class HurdleNotMet(PaybackError):
    """A hurdle that the case declares is not met."""

    exit_code = 4
