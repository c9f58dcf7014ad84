"""Answers to questions, each with its simulation error: in numbers, in words and as a record."""

from __future__ import annotations
