"""Loading a case: from a file, or its text, to a `Case`."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import NoReturn

from payback.simulator.case.case import Case, build
from payback.simulator.case.declarations.case_sections import read_case
from payback.simulator.case.declarations.reader import Reader
from payback.simulator.case.source.decoding import LARGEST, decoded, refuse, require_json, require_text
from payback.simulator.case.source.spelling import is_address, nearest, quoted
from payback.simulator.case.source.yaml_nodes import compose
from payback.simulator.errors import Location
from payback.simulator.source_date import source_date

SUFFIXES = (".yaml", ".yml", ".json")

_LISTED = 1_000


def load(path: str | Path) -> Case:
    """Read and check the case file at `path`.

    Parameters
    ----------
    path : str or Path
        A regular file in UTF-8, at most 1 MB: ``.yaml``, ``.yml`` or ``.json``.

    Returns
    -------
    Case

    Raises
    ------
    CaseError
        With every independent problem of the file, in the order of the file.
    """
    if is_address(str(path)):
        refuse(Location(str(path)), "is an address, and nothing is fetched", "save it, and give the path of the file")
    path = Path(path)
    return loads(decoded(_content(path), str(path)), str(path))


def loads(text: str, file: str = "<case>") -> Case:
    """Read and check the case in `text`.

    Parameters
    ----------
    text : str
        YAML 1.2, or JSON.
    file : str
        What messages call it; a name that ends in ``.json`` asks for strict JSON.

    Returns
    -------
    Case

    Raises
    ------
    CaseError
        With every independent problem of the text, in its order.
    UsageError
        When SOURCE_DATE_EPOCH is set, and is no date.

    Examples
    --------
    >>> case = loads("{horizon: 12, inputs: {saved: 1 to 3}, cash_flows: {monthly: {saved: saved}}}")
    >>> case.horizon
    12
    """
    source_date()
    require_text(text, file)
    text = text.removeprefix("\ufeff")
    if file.endswith(".json"):
        require_json(text, file)
    tree, problems = compose(text, file)
    reader = Reader(file, problems)
    declarations = read_case(tree, file, reader)
    return build(declarations, reader.problems, text)


def _content(path: Path) -> bytes:
    at = Location(str(path))
    try:
        status = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        _missing(path)
    except (OSError, ValueError) as error:
        refuse(at, f"cannot be read: {error}", "the path of a case file")
    if stat.S_ISDIR(status.st_mode):
        refuse(at, "is a folder", "a case file in it", _neighbour(path / "case.yaml"))
    if not stat.S_ISREG(status.st_mode):
        refuse(at, "is not a regular file", "a case file")
    if path.suffix.lower() not in SUFFIXES:
        suffix = quoted(path.suffix) if path.suffix else "no suffix"
        refuse(at, f"{suffix} is no format of cases", f"one of {', '.join(SUFFIXES)}")
    if status.st_size > LARGEST:
        refuse(at, f"the file has {status.st_size:,} bytes", f"at most {LARGEST:,}")
    try:
        with path.open("rb") as stream:
            return stream.read(LARGEST + 1)
    except OSError as error:
        refuse(at, f"cannot be read: {error.strerror}", "a file that you may read")


def _missing(path: Path) -> NoReturn:
    try:
        folder = str(Path.cwd())
    except FileNotFoundError:
        folder = "a folder that is gone"
    given = f"no such file (looked in {folder})"
    refuse(Location(str(path)), given, "the path of a case file", _neighbour(path))


def _neighbour(path: Path) -> str:
    """Return the case file whose name is nearest to that of `path`, in its folder or in ``configs``."""
    cases: dict[str, str] = {}
    for folder in (path.parent, Path("configs")):
        try:
            files = sorted(folder.iterdir())[:_LISTED]
        except (OSError, ValueError):
            continue
        for file in files:
            if file.suffix.lower() in SUFFIXES:
                cases.setdefault(file.name, str(file))
    return cases.get(nearest(path.name, cases), "")
