"""The date in SOURCE_DATE_EPOCH, by which two runs write the same bytes."""

from __future__ import annotations

import os
from datetime import UTC, datetime

from payback.simulator.errors import UsageError

VARIABLE = "SOURCE_DATE_EPOCH"


def source_date() -> str:
    """Return the date in SOURCE_DATE_EPOCH as ISO 8601, empty when it is not set.

    Libraries that are loaded later read the variable too, and fail on one that is no number: call it before.

    Raises
    ------
    UsageError
        When it is not a number of seconds.
    """
    seconds = os.environ.get(VARIABLE, "")
    if not seconds:
        os.environ.pop(VARIABLE, None)  # numpy.f2py takes an empty one for a number
        return ""
    try:
        return datetime.fromtimestamp(int(seconds), UTC).date().isoformat()
    except (ValueError, OverflowError, OSError):
        raise UsageError(f"{VARIABLE}: {seconds} -> seconds since 1970") from None
