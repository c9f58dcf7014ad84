"""The record of an estimate: a statistic with its simulation error, in numbers and in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from payback.simulator.document.core.record import Record

if TYPE_CHECKING:
    from payback.simulator import statistics


@dataclass(frozen=True, kw_only=True)
class Estimate(Record):
    """A statistic with its simulation error.

    `value` is None when it lies beyond the horizon or is not defined, `low` or `high` when that end
    does; then `never` and `undefined` are the shares of trials that say why, and `text` says it in
    words ("not within 36 months"). An exact value (a certain case) has low = high = value.
    `text` holds value and error with honest digits; `warning` is a full sentence or empty.
    """

    value: float | None
    low: float | None = None
    high: float | None = None
    level: float = 0.95
    never: float | None = None
    undefined: float | None = None
    text: str = ""
    warning: str = ""
    method: str = ""

    @property
    def with_interval(self) -> str:
        """The value and its interval in words, without the remarks behind them: ``30 USD (28 to 32)``."""
        return self.text.partition("; ")[0]

    @property
    def alone(self) -> str:
        """The value in words, without interval and remarks: ``30 USD``."""
        return self.with_interval.partition(" (")[0]

    @classmethod
    def of(
        cls,
        estimate: statistics.Estimate,
        text: str,
        *,
        warning: str = "",
        never: float | None = None,
        undefined: float | None = None,
        **keys: Any,
    ) -> Self:
        """Return the record of an estimate of trials; every record with an estimate in it is made here.

        Parameters
        ----------
        estimate : statistics.Estimate
        text, warning : str
            As the record holds them.
        never, undefined : float or None
            Shares of the trials, None where they do not apply.
        **keys
            The keys that a subclass adds.
        """
        return cls(
            value=estimate.value,
            low=estimate.low,
            high=estimate.high,
            level=estimate.level,
            never=never,
            undefined=undefined,
            text=text,
            warning=warning,
            method=estimate.method,
            **keys,
        )
