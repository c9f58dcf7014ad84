"""The reference back end, which computes blocks of trials by numpy. No machine code is generated here."""

from __future__ import annotations
