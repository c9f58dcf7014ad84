"""One family a file on whole numbers. A list of values with their chances is `elicited.value_list`."""

from __future__ import annotations
