"""Sections, and their renderers: HTML, Markdown, terminal. They read tables and figures."""

from __future__ import annotations
