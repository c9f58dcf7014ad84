"""One family a file on the real line.

A family of whole numbers stands in `discrete`; what wraps another distribution, in `wrappers`.
"""

from __future__ import annotations
