"""Trials of one measure, kept, weighted or counted. There is no statistic in this room.

Three classes hold them, none of which inherits from another: `kept`, `weighted` and `counted`. Statistics use them
through the protocol `Sample` of `sample_protocol` alone.
"""

from __future__ import annotations
