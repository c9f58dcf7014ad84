"""Digests of what the product answers, to show that a change of the code changes no answer.

``python -m tests.acceptance.digests FOLDER`` writes every answer, in a form that can be compared, and ``digests.json``
into FOLDER. ``python -m tests.acceptance.digests --compare BEFORE AFTER`` lists the answers that differ between two
such folders; exit code 1 if any does. Bits depend on the processor and on the versions of the libraries: make both
folders on one machine and with one environment. The file uses the command line alone, so it runs in older checkouts
too: copy it there.

Of a document its versions, its date and its schema numbers are left out.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
CASES = ("falcon3_api", "ref1", "ref1c", "support_classifier")
ENGINES = ("numpy", "compiled")
SAMPLERS = ("sobol", "monte_carlo", "latin_hypercube")
SIZE = ("--trials", "4096", "--quiet")
QUESTIONS = (
    "P(npv < 0)", "P(payback <= 12 months)", "P90(payback)", "P50(roi)", "P10(irr)", "P(irr < 0)", "mean(npv)",
    "sd(npv)", "skew(npv)", "CVaR5(npv)", "CVaR90(total_cost)", "P99.5(peak_funding)", "P50(at(cumulative_net, 6))",
    "mean(gain) / mean(total_cost)", "P(roi < 0) <= 20 %",
)  # fmt: skip
BAD_CASES = "tests/bad_cases"
LEFT_OUT = {"versions", "date", "schema"}

Command = tuple[str, ...]


def commands() -> Iterator[tuple[str, Command]]:
    """Yield a name and a command line for every answer that is compared."""
    for case in CASES:
        file = f"configs/{case}.yaml"
        for engine in ENGINES:
            for sampler in SAMPLERS:
                how = (*SIZE, "--engine", engine, "--sampler", sampler, "--json")
                yield f"run {case} {engine} {sampler}", ("run", file, *how)
                yield f"ask {case} {engine} {sampler}", ("ask", file, *QUESTIONS, *how)
        yield (
            f"ask {case} precision",
            ("ask", file, "P(npv < 0)", "--precision", "P(npv < 0), 2 %", "--quiet", "--json"),
        )
        yield f"ask {case} own size", ("ask", file, "P50(npv)", "--quiet", "--json")
        for verb in ("what-if", "stress", "tornado", "variance", "claims"):
            size = () if verb == "tornado" else SIZE
            yield f"{verb} {case}", (verb, file, *size, "--json")
            yield f"{verb} {case}, text", (verb, file, *size)
        yield f"what-if {case} given", ("what-if", file, f"{first_input(case)} * 0.5", *SIZE, "--json")
        yield f"stress {case} given", ("stress", file, f"{first_input(case)} below 10 %", *SIZE, "--json")
        yield f"check {case}", ("check", file, "--json")
        yield f"check {case}, text", ("check", file)
        yield f"explain {case}", ("explain", file, "--json")
        yield f"explain {case}, text", ("explain", file)
        yield f"explain {case}, plan", ("explain", "--plan", file, "--json")
    yield "schema", ("schema",)
    yield "fit", ("fit", "tests/acceptance/digests.csv", "--column", "requests", "--json")
    for path in sorted((ROOT / BAD_CASES).iterdir()):
        if path.is_file() and path.suffix != ".txt":
            yield f"bad case {path.name}", ("check", f"{BAD_CASES}/{path.name}")


def first_input(case: str) -> str:
    """Return the name of an uncertain input of a ready-made case."""
    return {"falcon3_api": "traffic", "ref1": "volume", "ref1c": "volume", "support_classifier": "calls"}[case]


def answer(command: Command) -> str:
    """Return what a command prints on both streams, and its exit code."""
    from payback.cli import main

    out, err = io.StringIO(), io.StringIO()
    code: object = 0
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            main(command)
        except SystemExit as stop:
            code = stop.code
    return f"{comparable(out.getvalue())}\n{err.getvalue()}\nexit code {code}\n"


def comparable(text: str) -> str:
    """Return printed JSON without what differs from run to run; other text as it is."""
    try:
        document = json.loads(text)
    except ValueError:
        return text
    return json.dumps(_pruned(document), indent=1, sort_keys=True)


def _pruned(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _pruned(item) for key, item in value.items() if key not in LEFT_OUT}
    return [_pruned(item) for item in value] if isinstance(value, list) else value


def appendices() -> Iterator[tuple[str, str]]:
    """Yield a name and the text of every file of a written appendix but its pictures."""
    with tempfile.TemporaryDirectory() as folder:
        for case in CASES:
            out = Path(folder) / case
            answer(("run", f"configs/{case}.yaml", *SIZE, "--out", str(out)))
            for path in sorted(out.iterdir()):
                if path.suffix in {".md", ".csv"}:
                    text = path.read_text(encoding="utf-8")
                    yield f"{path.name} of {case}", "\n".join(line for line in text.splitlines() if "numpy" not in line)


def record(folder: Path) -> None:
    """Write every answer and the digest of each into `folder`."""
    os.chdir(ROOT)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    digests = {}
    answers = ((name, answer(command)) for name, command in commands())
    for source in (answers, appendices()):
        for name, text in source:
            (folder / f"{name.replace('/', '_')}.txt").write_text(text, encoding="utf-8")
            digests[name] = hashlib.sha256(text.encode()).hexdigest()
    (folder / "digests.json").write_text(json.dumps(digests, indent=1), encoding="utf-8")


def differences(before: Path, after: Path) -> list[str]:
    """Return the names of the answers that differ, or that stand in one folder alone."""
    old, new = (json.loads((folder / "digests.json").read_text(encoding="utf-8")) for folder in (before, after))
    return sorted(name for name in old.keys() | new.keys() if old.get(name) != new.get(name))


def main(arguments: list[str]) -> int:
    """Record into a folder, or compare two."""
    if arguments[0] != "--compare":
        record(Path(arguments[0]).resolve())
        return 0
    changed = differences(Path(arguments[1]), Path(arguments[2]))
    sys.stdout.write("".join(f"{name}\n" for name in changed) or "no answer differs\n")
    return 1 if changed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
