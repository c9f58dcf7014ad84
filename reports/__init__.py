"""Reports: they read the result document and compute nothing new.

Matplotlib, Jinja2, pandas and rich are imported by the functions that need them.
"""

from __future__ import annotations
