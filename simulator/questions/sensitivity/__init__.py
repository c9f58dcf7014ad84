"""What moves a measure, and what makes it vary."""

from __future__ import annotations
