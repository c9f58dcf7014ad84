"""Which family describes a column of data, and the line for a case file.

The fits themselves are those of `distributions.fitting`.
"""

from __future__ import annotations
