"""Families of distributions on whole numbers, one family a file, called as the family is.

A list of any values with their probabilities is `elicited.value_list`.
"""

from __future__ import annotations
