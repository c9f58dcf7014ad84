"""The contract that every distribution fulfils, and the numerical methods and base classes that families share.

There is no family in this room, and nothing here knows a family, a wrapper or a table by name.
"""

from __future__ import annotations
