"""Distribution lines: from a call to a checked draw, and what it implies.

Formulas of money are not checked here.
"""

from __future__ import annotations
