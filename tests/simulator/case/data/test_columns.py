"""Data files: what is read, and every refusal with its place."""

from __future__ import annotations

import io
import os
import socket
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest

from payback.simulator.case.data import columns as data
from payback.simulator.case.data import paths, workbook_file
from payback.simulator.case.data.columns import case_column, columns
from payback.simulator.errors import CaseError
from tests.catalogue import compared_with

differs = compared_with(Path(__file__).with_name("messages.txt"))

CSV = "month,requests,price\n1,100_000,0.005\n2,1.2e5,\n3, 95000.5 ,0.004\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "volume.csv").write_text(CSV, encoding="utf-8")
    return tmp_path


def message(path: str, column: str = "requests", sheet: str = "") -> str:
    with pytest.raises(CaseError) as error:
        columns(path, [column], sheet)
    return str(error.value)


def of_text(text: str | bytes, column: str = "x") -> str:
    Path("t.csv").write_bytes(text if isinstance(text, bytes) else text.encode())
    return message("t.csv", column)


def test_columns_are_read_with_their_gaps(folder: Path) -> None:
    requests, price = columns("data/volume.csv", ["requests", "price"])
    assert requests.values.tolist() == [100_000.0, 120_000.0, 95_000.5]
    assert price.values.tolist() == [0.005, 0.004]
    assert (price.missing, requests.missing, price.rows.size) == (1, 0, 3)
    assert requests.digest == price.digest
    again = case_column("case.yaml", "data/volume.csv", "requests")
    assert again.values.tolist() == requests.values.tolist()
    assert again.file == "data/volume.csv"


@pytest.mark.parametrize(
    "text",
    ["\ufeffx;y\r\n1.5;2\r\n3;4\r\n", "x\ty\n1.5\t2\n3\t4", 'y,"x"\n2,"1.5"\n4,3\n\n', "x\r1.5\r3\r"],
    ids=["semicolons", "tabs", "quotes", "old line ends"],
)
def test_dialects_of_csv(folder: Path, text: str) -> None:
    Path("t.csv").write_bytes(text.encode())
    assert columns("t.csv", ["x"])[0].values.tolist() == [1.5, 3.0]


def test_the_only_column_needs_no_name(folder: Path) -> None:
    Path("t.csv").write_text("requests\n5\n\n7\n", encoding="utf-8")
    (column,) = columns("t.csv", [""])
    assert (column.name, column.values.tolist(), column.missing) == ("requests", [5.0, 7.0], 0)


REFUSED = [
    ("x\n1\nabc\n2\nNA\n", "t.csv:3:1: `abc` in `x` is no number (and 1 more like it) -> a number, or an empty cell"),
    ("y,x\n1,2\n3,inf\n", "t.csv:3:2: `inf` in `x` is no number"),
    ("x\n1e999\n", "t.csv:2:1: `1e999` in `x` is too large -> a number below 1e308"),
    ("x\n1\n-1e150\n", "t.csv: `-1e+150` in `x` is too large -> 0, or a size from 1e-60 to 1e60"),
    ("x\n\n1e-200\n", "t.csv: `1e-200` in `x` is too small -> 0, or a size from 1e-60 to 1e60"),
    ("x\n>500\n", "t.csv:2:1: `>500` in `x` is a lower bound -> its number, and a column with 1 for such rows"),
    ("x\n<5\n", "t.csv:2:1: `<5` in `x` is an upper bound, which is not handled -> a number, or an empty cell"),
    ('x\n"1,000"\n', "t.csv:2:1: `1,000` has a comma in `x` -> 1000 or 1_000"),
    ("x;y\n1,5;2\n", "t.csv:2:1: `1,5` in `x` has a comma -> a decimal point: 1.5"),
    ("x\n80%\n", "t.csv:2:1: `80%` in `x` is a percent -> a plain number: 0.8 for 80 %"),
    ("x\n1__0\n", "t.csv:2:1: `1__0` in `x` is no number"),
    ("requests\n1\n", "t.csv: no column `x` -> one of `requests`"),
    ("X ,y\n1,2\n", "t.csv: no column `x` -> one of `X`, `y` (did you mean X?)"),
    ("x,x\n1,2\n", "t.csv:1:2: 2 columns `x` -> one name for one column"),
    ("1,2\n3,4\n", "t.csv:1:1: the first row is `1,2` -> names of the columns"),
    ("", "t.csv:1:1: no first row of names"),
    ("x,y\n1,2\n3\n", "t.csv:3:1: a row of 1 cells under 2 names -> a cell for each name"),
    ('x\n"1\n', "t.csv:2:1: not readable as CSV: unexpected end of data"),
    ("x\n1\n".encode("utf-16"), "t.csv: the file is written in UTF-16 -> save it as UTF-8"),
    (b"x\n\xe9\n", "t.csv:2:1: byte 0xE9 at offset 2 is not UTF-8"),
    (b"x\n1\0\n", "t.csv: is not text: byte 0x00 at offset 3"),
]


@pytest.mark.parametrize(("text", "begins"), REFUSED, ids=[begins[:40] for _, begins in REFUSED])
def test_a_bad_file_is_answered_with_its_place(folder: Path, text: str | bytes, begins: str) -> None:
    assert of_text(text).startswith(begins), of_text(text)


def test_columns_must_be_named_when_there_are_several(folder: Path) -> None:
    assert not differs(message("data/volume.csv", ""), "several columns and none named")


@pytest.mark.parametrize("cell", ["\u0661\u0662", "\u0967", "1\u0660", "\uff11\uff12", "1\u00b2", "\u2212\u0665"])
def test_digits_of_other_scripts_are_refused(folder: Path, cell: str) -> None:
    assert not differs(of_text(f"x\n1\n{cell}\n"), "digits of another script")


def test_underlines_between_digits_are_read_as_in_a_case(folder: Path) -> None:
    Path("t.csv").write_text("x\n1_000\n12_3.5\n", encoding="utf-8")
    assert columns("t.csv", ["x"])[0].values.tolist() == [1000.0, 123.5]
    for cell in ("1__000", "_1", "1_", "1_.5"):
        assert "is no number" in of_text(f"x\n{cell}\n")


def test_what_is_no_data_file_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not differs(message("data/volum.csv"), "a name nearly right")
    assert not differs(message("data.csv/volume.csv"), "a file for a folder")
    assert not differs(message("volume.txt"), "another format")
    Path("folder.csv").mkdir()
    assert not differs(message("folder.csv"), "a folder")
    assert not differs(message("data/volume.csv", sheet="May"), "a sheet of a text")
    monkeypatch.setattr(data, "LARGEST", 10)
    assert not differs(message("data/volume.csv"), "a file too large")


TRAVERSAL = [
    "", " ", "/etc/passwd.csv", "//server/share.csv", "\\\\server\\share.csv", "C:\\data.csv", "C:data.csv",
    "c:/data.csv", "~/data.csv", "~root/data.csv", "../volume.csv", "data/../../volume.csv", "data/../data/volume.csv",
    "..", ".", "./data/volume.csv", "data//volume.csv", "data/", "data\\volume.csv", "CON", "con.csv", "NUL.csv",
    "data/aux.csv", "COM1.csv", "lpt9.tar.csv", "con .csv", "volume.csv:stream", "data./volume.csv", "data/volume.csv ",
    " data/volume.csv", "data/volume.csv\0", "data/\nvolume.csv", "data/\u202evolume.csv", "a" * 301 + ".csv",
]  # fmt: skip


@pytest.mark.parametrize("file", TRAVERSAL)
def test_a_path_that_leads_elsewhere_is_refused_as_text(
    folder: Path, file: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paths.os, "open", None)
    with pytest.raises(CaseError) as error:
        case_column("case.yaml", file, "requests")
    assert not differs(str(error.value), "a path that leads elsewhere")
    assert str(error.value).isprintable()


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_links_and_special_files_are_never_opened(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    outside = folder.parent / f"{folder.name}-outside"
    outside.mkdir()
    (outside / "secret.csv").write_text("requests\n1\n2\n", encoding="utf-8")
    Path("data/link.csv").symlink_to(outside / "secret.csv")
    Path("data/inner.csv").symlink_to("volume.csv")
    Path("elsewhere").symlink_to(outside)
    os.mkfifo("data/pipe.csv")
    server = socket.socket(socket.AF_UNIX)
    server.bind("data/socket.csv")
    opened: list[object] = []
    real_open = os.open
    monkeypatch.setattr(paths.os, "open", lambda *a, **k: (opened.append(a[0]), real_open(*a, **k))[1])
    for file, why in (
        ("data/link.csv", "`link.csv` is a link"),
        ("data/inner.csv", "`inner.csv` is a link"),
        ("elsewhere/secret.csv", "`elsewhere` is a link"),
        ("data/pipe.csv", "is a pipe"),
        ("data/socket.csv", "is a socket"),
    ):
        with pytest.raises(CaseError) as error:
            case_column("case.yaml", file, "requests")
        assert str(error.value).startswith(f"{file}: {why}")
    server.close()
    assert not opened
    with pytest.raises(CaseError, match="is a device"):
        paths.content(Path("/dev/zero"), "zero", 10)


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_a_file_that_turns_into_a_link_is_not_followed(folder: Path) -> None:
    path = paths.inside("case.yaml", "data/volume.csv")
    path.rename("data/other.csv")
    path.symlink_to("other.csv")
    with pytest.raises(CaseError, match="cannot be read"):
        paths.content(path, "data/volume.csv", 1_000)
    assert paths.content(path, "data/volume.csv", 1_000, links=True) == CSV.encode()


def test_the_folder_of_the_case_may_itself_be_reached_by_a_link(folder: Path) -> None:
    Path("shortcut").symlink_to(folder)
    assert case_column("shortcut/case.yaml", "data/volume.csv", "price").values.size == 2


def test_a_missing_file_says_which_is_near(folder: Path) -> None:
    for file, near in (("data/volum.csv", "data/volume.csv"), ("dta/volume.csv", "data/volume.csv")):
        with pytest.raises(CaseError) as error:
            case_column("case.yaml", file, "requests")
        assert str(error.value).endswith(f"(did you mean {near}?)")


def test_a_large_file_is_read(folder: Path) -> None:
    values = np.linspace(1.0, 2.0, 100_000)
    Path("t.csv").write_text("x,y\n" + "\n".join(f"{v!r},1" for v in values.tolist()), encoding="utf-8")
    assert np.array_equal(columns("t.csv", ["x"])[0].values, values)


def test_hostile_cells_are_answered(folder: Path) -> None:
    assert "is no number" in of_text("x\n" + "1_" * 50_000 + "\n")
    assert "is no number" in of_text("x\n" + "9" * 50_000 + "x\n")
    assert not differs(of_text("x\n" + "9" * 200_000 + "\n"), "a cell too long")


def test_without_the_extras_the_message_names_them(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    Path("t.parquet").write_bytes(b"PAR1")
    Path("t.xlsx").write_bytes(b"PK")
    assert not differs(message("t.parquet"), "parquet without pyarrow")
    assert not differs(message("t.xlsx"), "a workbook without openpyxl")


class TestParquet:
    @pytest.fixture(autouse=True)
    def _write(self, folder: Path) -> None:
        pyarrow = pytest.importorskip("pyarrow", reason="the extra `parquet`")
        parquet = pytest.importorskip("pyarrow.parquet")
        table = pyarrow.table({
            "requests": pyarrow.array([100, None, 95], pyarrow.int64()),
            "price": [0.5, float("nan"), 0.25],
            "who": ["a", "b", "c"],
            "far": [1.0, float("inf"), 2.0],
        })  # fmt: skip
        parquet.write_table(table, "t.parquet")

    def test_columns(self) -> None:
        requests, price = columns("t.parquet", ["requests", "price"])
        assert requests.values.tolist() == [100.0, 95.0]
        assert price.values.tolist() == [0.5, 0.25]
        assert price.missing == 1

    def test_refusals(self) -> None:
        assert message("t.parquet", "request").endswith("(did you mean requests?)")
        assert not differs(message("t.parquet", "who"), "parquet of words")
        assert not differs(message("t.parquet", "far"), "parquet with infinity")
        Path("t.parquet").write_bytes(b"PAR1 and nothing else")
        assert not differs(message("t.parquet"), "no parquet")


class TestWorkbook:
    @pytest.fixture(autouse=True)
    def _write(self, folder: Path) -> None:
        openpyxl = pytest.importorskip("openpyxl", reason="the extra `workbook`")
        book = openpyxl.Workbook()
        sheet = book.active
        sheet.title = "May"
        for row in (["month", "requests", "note"], [1, 100, "a"], [2, None, "b"], [3, 95.5, None]):
            sheet.append(row)
        book.save("t.xlsx")
        book.create_sheet("June").append(["requests"])
        book.save("two.xlsx")

    def repacked(self, **parts: bytes) -> None:
        with zipfile.ZipFile("t.xlsx") as old:
            kept = {name: old.read(name) for name in old.namelist()}
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
            for name, content in (kept | {name.replace("__", "/"): content for name, content in parts.items()}).items():
                new.writestr(name, content)
        Path("t.xlsx").write_bytes(out.getvalue())

    def test_columns(self) -> None:
        (column,) = columns("t.xlsx", ["requests"])
        assert column.values.tolist() == [100.0, 95.5]
        assert column.missing == 1
        assert columns("two.xlsx", ["month"], "May")[0].values.tolist() == [1.0, 2.0, 3.0]

    def test_refusals(self) -> None:
        assert not differs(message("t.xlsx", "note"), "a workbook with a word")
        assert message("t.xlsx", "request").endswith("(did you mean requests?)")
        assert not differs(message("two.xlsx"), "two sheets")
        assert message("two.xlsx", sheet="Mai").endswith("(did you mean May?)")
        Path("t.xlsx").write_bytes(b"not a workbook")
        assert not differs(message("t.xlsx"), "no workbook")

    def test_a_formula_without_its_value_is_refused_by_its_cell(self) -> None:
        import openpyxl

        book = openpyxl.Workbook()
        book.active.append(["month", "requests"])
        for row in ([1, 100], [2, None], [3, "=B2*2"], [4, "=SUM(B2:B4)"]):
            book.active.append(row)
        book.save("f.xlsx")
        assert not differs(message("f.xlsx"), "a formula without its value")
        assert columns("f.xlsx", ["month"])[0].values.tolist() == [1.0, 2.0, 3.0, 4.0]

    def test_entity_attacks_and_bombs_are_refused(self, monkeypatch: pytest.MonkeyPatch) -> None:
        bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'
        self.repacked(xl__sharedStrings_xml=b"", **{"xl__extra.xml": bomb})
        assert not differs(message("t.xlsx"), "a document type")
        self.repacked(**{"xl__extra.xml": bomb.decode().encode("utf-16")})
        assert "declares a document type" in message("t.xlsx")
        monkeypatch.setattr(workbook_file, "_LARGEST", 1_000_000)
        self.repacked(**{"xl__extra.xml": b"0" * 2_000_000})
        assert "the workbook unpacks to" in message("t.xlsx")
