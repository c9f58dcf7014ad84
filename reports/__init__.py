"""Reports: they read the result document and compute nothing new.

The rooms import in one direction: ``tables`` know no renderer, ``figures`` draw, ``pages`` set both as HTML, Markdown
and text, ``files`` write pages and figures to disk. Matplotlib, Jinja2, pandas and rich are imported by the functions
that need them.
"""

from __future__ import annotations
