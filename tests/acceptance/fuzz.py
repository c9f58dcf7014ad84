"""Mutated cases and questions: each is answered, or refused by an error of ours, and none takes long.

``python -m tests.acceptance.fuzz [--mutations 20000] [--seed 1] [--what cases|questions] [--only INDEX]`` prints every
input that ends in a foreign exception, or takes over 5 s of CPU, and exits with 1 if there is any. 20,000 mutations
of both take about 40 minutes of one core. A mutation is a function of the seed and its index: ``--only`` repeats it.
"""

from __future__ import annotations

import argparse
import re
import signal
import sys
import traceback
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from types import FrameType

from payback.api import loads, simulate
from payback.result import Result
from payback.simulator.case import Case
from payback.simulator.case import loads as loads_file
from payback.simulator.cube import uniforms
from payback.simulator.errors import PaybackError
from payback.simulator.questions.appendix import assumptions
from payback.simulator.questions.describe.claims_and_stresses import check_claims_and_stresses

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ("configs", "tests/golden", "tests/bad_cases", "tests/simulator/case", "tests/acceptance/corpus")
FILE = str(ROOT / "tests/bad_cases/mutated.yaml")
"""Where cases are said to lie: data files of bad cases lie beside it."""

LIMIT = 5.0
"""Seconds of CPU that one input may take."""

TRIALS = 256
RUN_EVERY = 10
"""One in so many mutated cases is simulated as well."""

NUMBERS = (
    "0", "-0", "1", "-1", "2", "0.5", "1e-9", "1e-60", "1e-61", "1e60", "1e61", "1e308", "1e-320", "5e-324", "nan",
    "inf", "-inf", "100", "1200", "1201", "1_000_000", "1e12", "1e15", "9007199254740993", "0.1", "99.999999", "50 %",
    "100 %", "-100 %", "12 months", "1e9999", "0x10", "1__0", ".5", "5.", "1e", "3.0",
)  # fmt: skip
QUESTIONS = (
    "P(npv < 0)", "P90(payback)", "mean(npv)", "sd(gain)", "skew(npv)", "CVaR5(npv)", "P50(irr) in 'volume halves'",
    "P10(at(cumulative_net, 12))", "P(payback <= 12 months) >= 80 %", "P90(-payback)", "mean(present(net))",
    "P90(npv) - P10(npv)", "mean(gain) / mean(total_cost)", "P(npv > mean(npv))", "sd(npv) / mean(npv)",
    "P(irr > 10 %/year and payback < 6 months)", "mean(traffic * price)", "first_order(npv, traffic)",
    "P(never(payback))", "P50(first_month(cumulative_net > 0))", "P(undefined(irr))", "mean(max(npv, 0 EUR))",
    "P99.9(total_cost)", "roi >= 10", "mean(if(gate == 1, npv, 0 EUR))", "P50(12 months - payback)",
    "mean(expected(traffic) * price)", 'P(npv < 0) in "free hosting" <= 20 %', "CVaR95(total_cost) > 100 EUR",
    "total_order(npv, price)", "mean(average(net))", "P(rank(npv) > 3)", "mean(npv) - mean(npv) in 'thin demand'",
)  # fmt: skip
_TOKEN = re.compile(r"[A-Za-z_][A-Za-z_0-9]*|[0-9][0-9._]*(?:[eE][-+]?[0-9]+)?|\s+|.", re.DOTALL)
_NUMBER = re.compile(r"(?<![A-Za-z_0-9.])[0-9][0-9_]*(?:\.[0-9_]*)?(?:[eE][-+]?[0-9]+)?")


class TooLong(BaseException):
    """An input that takes more than `LIMIT` seconds of CPU; no handler of errors may take it for one of its own."""


class Chance:
    """Numbers of one keyed stream, one after the other."""

    def __init__(self, seed: int, name: str) -> None:
        self._seed, self._name, self._drawn = seed, f"fuzz {name}", 0

    def share(self) -> float:
        """Return a number between 0 and 1."""
        self._drawn += 1
        return float(uniforms(self._seed, self._name, self._drawn - 1, self._drawn)[0])

    def below(self, end: int) -> int:
        """Return a whole number from 0 to `end`, which is left out."""
        return int(self.share() * end)

    def between(self, start: int, end: int) -> int:
        """Return a whole number from `start` to `end`, which is left out."""
        return start + self.below(end - start)


@contextmanager
def _limited() -> Iterator[None]:
    def stop(_: int, __: FrameType | None) -> None:
        raise TooLong(f"more than {LIMIT:g} s of CPU")

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, LIMIT)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0.0)
        signal.signal(signal.SIGPROF, before)


@cache
def corpus() -> tuple[str, ...]:
    """Return the cases that are mutated: ready-made, golden and bad ones, and those that were failures before."""
    files = [path for folder in SOURCES for path in sorted((ROOT / folder).glob("*")) if path.suffix in SUFFIXES]
    return tuple(path.read_bytes().decode("utf-8", errors="replace") for path in files)


SUFFIXES = (".yaml", ".json", ".toml")


@cache
def sound() -> tuple[str, ...]:
    """Return the cases of the corpus that have no mistake."""
    return tuple(text for text in corpus() if not refused(text))


def refused(text: str) -> bool:
    """Return whether a case is refused."""
    try:
        loads_file(text, FILE)
    except PaybackError:
        return True
    return False


@cache
def _tokens() -> tuple[str, ...]:
    words = {token for text in corpus() for token in _TOKEN.findall(text)}
    calls = {call for text in corpus() for call in re.findall(r"[a-z_]+\([^()\n]*\)", text)}
    return tuple(sorted({word for word in words | calls if word.strip() and len(word) < 60}))


@cache
def _calls() -> tuple[str, ...]:
    """Return the words that are called somewhere, each as often as it is."""
    return tuple(word for text in corpus() for word in re.findall(r"([a-z_]+)\(", text))


def _words_like(word: str) -> tuple[str, ...]:
    """Return what a word may be replaced by to much the same effect."""
    if word in _calls():
        return _calls()
    return NUMBERS if word[0].isdigit() else _tokens()


@cache
def _lines() -> tuple[str, ...]:
    return tuple(sorted({line for text in corpus() for line in text.splitlines() if line.strip()}))


def mutated(text: str, chance: Chance, others: Sequence[str]) -> str:
    """Return `text` after one to four edits of bytes, tokens, numbers and lines.

    Parameters
    ----------
    text : str
    chance : Chance
    others : sequence of str
        What whole lines are taken from.
    """
    for _ in range(1 + chance.below(4) * (chance.share() < 0.3)):
        text = _EDITS[chance.below(len(_EDITS))](text, chance, others)
    return text


def _byte(text: str, chance: Chance, _: Sequence[str]) -> str:
    at = chance.below(len(text) + 1)
    sign = chr(chance.between(32, 127)) if chance.share() < 0.9 else chr(chance.between(1, 0x3000))
    return text[:at] + ("" if chance.share() < 0.3 else sign) + text[at + chance.below(3) :]


def _token(text: str, chance: Chance, _: Sequence[str]) -> str:
    spans = [match.span() for match in _TOKEN.finditer(text) if not match.group().isspace()]
    if not spans:
        return text
    start, stop = spans[chance.below(len(spans))]
    alike = _words_like(text[start:stop]) if chance.share() < 0.8 else _tokens()
    word = alike[chance.below(len(alike))]
    return text[:start] + word + text[stop if chance.share() < 0.8 else start :]


def _number(text: str, chance: Chance, _: Sequence[str]) -> str:
    spans = [match.span() for match in _NUMBER.finditer(text)]
    if not spans:
        return text
    start, stop = spans[chance.below(len(spans))]
    return text[:start] + NUMBERS[chance.below(len(NUMBERS))] + text[stop:]


def _splice(text: str, chance: Chance, others: Sequence[str]) -> str:
    lines = text.split("\n")
    at = chance.below(len(lines))
    line = others[chance.below(len(others))]
    lines[at : at + chance.below(2)] = [line]
    return "\n".join(lines)


def _span(text: str, chance: Chance, _: Sequence[str]) -> str:
    start = chance.below(len(text) + 1)
    span = text[start : start + chance.between(1, 40)]
    return text[:start] + (span * 2 if chance.share() < 0.5 else "") + text[start + len(span) :]


_EDITS: tuple[Callable[[str, Chance, Sequence[str]], str], ...] = (
    _byte, _token, _token, _number, _number, _number, _splice, _span,
)  # fmt: skip


def mutated_case(seed: int, index: int) -> str:
    """Return a mutation of a case of the corpus."""
    chance = Chance(seed, f"case {index}")
    cases = sound() if chance.share() < 0.8 else corpus()
    return mutated(cases[chance.below(len(cases))], chance, _lines())


def mutated_question(seed: int, index: int) -> str:
    """Return a mutation of a question."""
    chance = Chance(seed, f"question {index}")
    return mutated(QUESTIONS[chance.below(len(QUESTIONS))], chance, QUESTIONS)


def check_case(text: str, index: int) -> None:
    """Read and check a case as ``payback check`` does; one in `RUN_EVERY` is simulated too.

    Raises
    ------
    PaybackError
        Where the case is refused.
    """
    case = loads_file(text, FILE)
    check_claims_and_stresses(case)
    assumptions.pictured_assumptions(case)
    if index % RUN_EVERY == 0:
        run_case(case)


def run_case(case: Case) -> None:
    """Simulate a few trials of a case, and ask for every kind of statistic.

    Raises
    ------
    PaybackError
        Where a formula has no value, or a question does not fit the case.
    """
    result = simulate(case, trials=TRIALS, engine="numpy", threads=1)
    result.ask("P(npv < 0)", "P90(payback)", "mean(npv)", "P50(irr)", "CVaR5(gain)", "skew(npv)", "P90(npv) - P10(npv)")
    names = [draw.name for draw in case.model.draws if not draw.process]
    result.ask(*(f"mean({name})" for name in names[:3]))


@cache
def _asked() -> Result:
    text = (ROOT / "tests/simulator/case/every_key.yaml").read_text(encoding="utf-8")
    return simulate(loads(text), trials=TRIALS, engine="numpy", threads=1)


def ask(text: str, _: int) -> None:
    """Ask a mutated question of the case with every key.

    Raises
    ------
    PaybackError
        Where the question is refused.
    """
    _asked().ask(text)


WHAT: dict[str, tuple[Callable[[int, int], str], Callable[[str, int], None]]] = {
    "cases": (mutated_case, check_case),
    "questions": (mutated_question, ask),
}
"""What is mutated: how a mutation is made, and what is done with it."""


def failures(what: str, seed: int, indices: Sequence[int]) -> Iterator[tuple[int, str, str]]:
    """Yield (index, mutated text, traceback) of each mutation that is neither answered nor refused in time."""
    make, use = WHAT[what]
    if what == "questions":
        _asked()
    for index in indices:
        text = make(seed, index)
        try:
            with _limited(), warnings.catch_warnings():
                warnings.simplefilter("ignore")
                use(text, index)
        except PaybackError:
            continue
        except (Exception, TooLong):  # noqa: BLE001  # whatever it is, it is reported
            yield index, text, traceback.format_exc()


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description="Mutate cases and questions.")
    parser.add_argument("--mutations", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--what", choices=sorted(WHAT))
    parser.add_argument("--only", type=int, help="repeat the mutation of this index")
    parser.add_argument("--first", type=int, default=0, help="the first index")
    given = parser.parse_args()
    failed = 0
    for what in (given.what,) if given.what else sorted(WHAT):
        last = given.first + given.mutations
        indices = range(given.first, last) if given.only is None else [given.only]
        for index, text, trace in failures(what, given.seed, indices):
            failed += 1
            print(f"--- {what} {index}: {trace.strip().splitlines()[-1]}")  # noqa: T201
            print(text if given.only is not None else text[:200], "\n", trace, flush=True)  # noqa: T201
        print(f"{what}: {len(indices):,} mutations of seed {given.seed}, {failed} failures")  # noqa: T201
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
