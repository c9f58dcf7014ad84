"""Maximum likelihood fits of the families to data, ranked by AICc and tested.

It draws nothing: uniform numbers are handed to it.
"""

from __future__ import annotations
