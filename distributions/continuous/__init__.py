"""Families of distributions on the real line, one family a file, called as the family is.

Families of whole numbers are in `discrete`, what is stated or observed in `elicited`, and distributions of other
distributions in `wrappers`.
"""

from __future__ import annotations
