"""From the model to a graph to a plan: what is computed when, and in which buffer.

No numbers are computed here.
"""

from __future__ import annotations
