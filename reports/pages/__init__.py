"""Pages: the appendix as HTML, Markdown and text, and the page of a fit. Nothing here writes to disk."""

from __future__ import annotations
