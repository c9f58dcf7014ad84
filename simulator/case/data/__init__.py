"""Columns of CSV, Parquet and workbooks below the case's own folder.

The use of a column is not known here.
"""

from __future__ import annotations
