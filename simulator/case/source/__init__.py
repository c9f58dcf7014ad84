"""The source of a case: from bytes to text to YAML nodes that know their line and column.

The meaning of the keys of a case is not known here.
"""

from __future__ import annotations
