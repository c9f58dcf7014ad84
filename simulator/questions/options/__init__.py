"""Options: ways to act, compared on the same trials. Which leads, how surely, and what choosing another would cost."""

from __future__ import annotations
