"""The result document and every other record that is printed or written, with their schemas.

It computes nothing and renders nothing.
"""

from __future__ import annotations
