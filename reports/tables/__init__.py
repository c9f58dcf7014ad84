"""Tables as values, built from the document. They render nothing."""

from __future__ import annotations
