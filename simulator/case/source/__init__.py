"""The source of a case: from bytes to text to YAML nodes that know their line and column.

Nothing here knows what a key of a case means.
"""

from __future__ import annotations
