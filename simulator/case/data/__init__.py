"""Columns of CSV, Parquet and workbooks below the case's own folder.

What a column is used for is not known here.
"""

from __future__ import annotations
