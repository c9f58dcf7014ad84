"""Maximum likelihood fits of the families to data, ranked by AICc and tested for goodness of fit.

No random numbers are drawn in this room: the caller hands uniform coordinates to the test.
"""

from __future__ import annotations
