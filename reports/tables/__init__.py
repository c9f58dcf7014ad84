"""Tables as values, built from the records of a document. Nothing here draws, renders or writes."""

from __future__ import annotations
