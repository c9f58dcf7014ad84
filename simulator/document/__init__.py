"""The typed records of everything that is printed or written as JSON, and their published schemas.

Nothing here computes an answer or renders a page.
"""

from __future__ import annotations
