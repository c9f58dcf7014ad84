"""The risk appendix of a run as one result document. Nothing here renders it."""

from __future__ import annotations
