"""Everything that a run reports, as one result document. Nothing here renders it."""

from __future__ import annotations
