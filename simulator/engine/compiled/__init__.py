"""The compiled back end: a plan as machine code over strips of trials.

It gives the bits of `numpy_engine`, but for exponentials, logarithms and powers.
"""

from __future__ import annotations
