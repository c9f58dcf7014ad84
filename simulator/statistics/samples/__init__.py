"""Trials of one measure: kept, weighted or counted, behind the one protocol `Sample`; no statistic stands here.

Three classes hold them, none of which inherits from another: `kept`, `weighted` and `counted`. What a statistic may
ask of any of them is `sample_protocol`.
"""

from __future__ import annotations
