"""From a question to an answer with its error, in words."""

from __future__ import annotations
