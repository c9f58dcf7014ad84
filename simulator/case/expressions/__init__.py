"""The text of a formula and its tree: tokens, parser, printer, folding. Nothing here knows what a name means."""

from __future__ import annotations
