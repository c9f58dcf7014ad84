"""What a distribution is: its contract, parameters and moments, and the bases that families share.

No family of its own.
"""

from __future__ import annotations
