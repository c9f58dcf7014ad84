"""Everything that a run reports, as one result document. It renders nothing."""

from __future__ import annotations
