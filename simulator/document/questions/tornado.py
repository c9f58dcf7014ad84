"""The record of a tornado: how far each input alone moves a measure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from payback.simulator import number_text
from payback.simulator.document.core.record import Printed, Record

NAMED = 0.1
"""A sentence on what moves a measure most names no input with less than this part of the longest swing."""

RARE = 0.1
"""Below this probability of a value a reader is told of it."""


@dataclass(frozen=True, kw_only=True)
class Held(Record):
    """An input held at a stated value instead of its median."""

    name: str
    value: float


@dataclass(frozen=True, kw_only=True)
class Bar(Record):
    """One input swung from its `low_u` to its `high_u` quantile, all others at the base case.

    `low` and `high` are the measure at `low_value` and `high_value`, None when it never happens or
    is not defined there; `swing` is abs(high - low), None likewise. `unit` is the input's.
    `low_share` and `high_share` are the probabilities of values that the input takes, where it has few or where
    its usual quantiles are one value; around a value that is drawn nearly always, those of the values on that side.
    """

    input: str
    unit: str = ""
    low_u: float
    high_u: float
    low_value: float
    high_value: float
    low: float | None
    high: float | None
    swing: float | None
    low_share: float | None = None
    high_share: float | None = None

    @property
    def label(self) -> str:
        """The input, with the probability of the rarer of its two values where it is below 10 %."""
        rarer = min(1.0 if share is None else share for share in (self.low_share, self.high_share))
        return f"{self.input} ({number_text.percent(rarer)} of trials)" if rarer < RARE else self.input


@dataclass(frozen=True, kw_only=True)
class Tornado(Record):
    """Bars, longest first, ties by name. `note` says what was held and which inputs were not swung."""

    measure: str
    unit: str
    base: float | None
    held: tuple[Held, ...] = ()
    bars: tuple[Bar, ...] = ()
    note: str = ""

    def movers(self, most: int) -> list[str]:
        """Return the inputs that move the measure most, at most `most`: those with a tenth of the longest swing."""
        longest = max((bar.swing for bar in self.bars if bar.swing is not None), default=0.0)
        names = [bar.label for bar in self.bars if bar.swing is None or 0 < bar.swing >= NAMED * longest]
        return names[:most]


@dataclass(frozen=True, kw_only=True)
class TornadoDocument(Tornado, Printed):
    """What ``payback tornado --json`` prints."""

    schema: Literal["payback-tornado/1"] = "payback-tornado/1"
