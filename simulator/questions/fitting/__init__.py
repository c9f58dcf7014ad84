"""Fits of a column of data: the ranking of families, the tests of the leading ones, and the line for a case file.

The families are fitted in `distributions.fitting`.
"""

from __future__ import annotations
