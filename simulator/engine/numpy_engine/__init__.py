"""The reference back end: blocks of trials in numpy. No code is made here."""

from __future__ import annotations
