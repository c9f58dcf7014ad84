"""Options that several commands share."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])

MOST_TRIALS = 10**11

_POWER = re.compile(r"\s*([0-9]{1,9})\s*(?:\^|\*\*)\s*([0-9]{1,9})\s*")


class Trials(click.ParamType[int]):
    """A number of trials: ``131072``, ``1_000_000``, ``1e6``, ``2^20``."""

    name = "number"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Return the number of trials."""
        if isinstance(value, int):
            return value
        try:
            number = _number(str(value))
        except ValueError:
            number = math.nan
        if math.isnan(number):
            self.fail(f"`{value}` is no number -> a whole number from 1: 131072, 1_000_000, 1e6, 2^20", param, ctx)
        if number < 1:
            self.fail(f"{value} -> at least 1", param, ctx)
        if number > MOST_TRIALS:
            self.fail(f"{value} -> at most {MOST_TRIALS:,}", param, ctx)
        if number != int(number):
            self.fail(f"{value} is not whole -> a whole number", param, ctx)
        return int(number)


def _number(text: str) -> float:
    """Return the number in `text`, or the power in it: infinite where it is beyond all floats."""
    power = _POWER.fullmatch(text)
    if power is None:
        return float(text.replace(",", "x"))
    try:
        return math.pow(float(power[1]), float(power[2]))
    except OverflowError:
        return math.inf


class Seed(click.ParamType[int]):
    """A whole number from 0, however large."""

    name = "number"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Return the seed."""
        if isinstance(value, int):
            return value
        try:
            number = int(str(value))
        except ValueError:
            self.fail(f"`{value}` is no whole number -> a whole number from 0", param, ctx)
        if number < 0:
            self.fail(f"{value} -> 0 or more", param, ctx)
        return number


class SamplerName(click.ParamType[str]):
    """The name of a sampler."""

    name = "name"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the name, its dashes as underscores."""
        from payback.simulator.cube import SAMPLERS

        text = str(value).replace("-", "_").lower()
        if text not in SAMPLERS:
            self.fail(f"`{value}` is no sampler -> {', '.join(SAMPLERS)}", param, ctx)
        return text


class EngineName(click.ParamType[str]):
    """The name of a back end."""

    name = "name"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the name."""
        from payback.simulator.engine.run.backends import ENGINES

        text = str(value).lower()
        if text not in ENGINES:
            self.fail(f"`{value}` is no engine -> {', '.join(ENGINES)}", param, ctx)
        return text


class Seconds(click.ParamType[float]):
    """A number of seconds above 0."""

    name = "number"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Return the seconds."""
        try:
            number = float(value)
        except ValueError:
            number = math.nan
        if not 0 < number < math.inf:
            self.fail(f"`{value}` -> a number of seconds above 0", param, ctx)
        return number


class Folder(click.Path):
    """A folder to write to; an address of the web is none."""

    name = "folder"

    def __init__(self) -> None:
        super().__init__(file_okay=False, readable=False)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the folder as it was given; whether it can be written to is found out later."""
        from payback.simulator.case.source.spelling import is_address

        if is_address(str(value)):
            self.fail(f"`{value}` is an address -> a folder of this machine", param, ctx)
        return value


_SIMULATION = (
    click.option(
        "--trials",
        type=Trials(),
        metavar="N",
        help="How many trials, such as 1e6 or 2^20. Default: 2^17 = 131072; ask, run, what-if and stress take more "
        "where two honest digits need them.",
    ),
    click.option("--seed", type=Seed(), default=1, show_default=True, metavar="N", help="Same seed, same numbers."),
    click.option(
        "--sampler", type=SamplerName(), metavar="NAME", help="sobol (default), monte_carlo, latin_hypercube."
    ),
    click.option(
        "--threads", type=click.IntRange(1, 1024), metavar="N", help="Default: all cores. Results do not depend on it."
    ),
    click.option(
        "--engine",
        type=EngineName(),
        metavar="NAME",
        help="auto (default), numpy, compiled.",
    ),
)
SIMULATION = ("trials", "seed", "sampler", "threads", "engine")
"""The names of their values."""

_SET = click.option(
    "--set", "changes", multiple=True, metavar="NAME=FORMULA", help="Change the case first; may be repeated."
)
_FILE = click.Path(readable=False, allow_dash=True)
"""Completed as a path by shells; what stands there is found out later."""

_CASE = (_SET, click.argument("case_file", type=_FILE, metavar="CASE"))
_CASES = (_SET, click.argument("case_files", type=_FILE, nargs=-1, required=True, metavar="CASE..."))
_JSON = click.option(
    "--json", "as_json", is_flag=True, help="Print JSON, and nothing else; of a wrong case, its errors."
)
_OUTPUT = (
    _JSON,
    click.option("--quiet", is_flag=True, help="Print the answer alone: no progress, notes or remarks on the trials."),
)
_SILENT_OUTPUT = (
    _JSON,
    click.option("--quiet", is_flag=True, help="Print nothing but errors: no progress, notes or summary."),
)


def _apply(options: tuple[Callable[[Any], Any], ...]) -> Callable[[Command], Command]:
    def decorate(command: Command) -> Command:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


_LONG = (
    click.option(
        "--precision",
        "targets",
        multiple=True,
        metavar="TEXT",
        help='As many trials as it takes: "P90(payback), 0.1 months"; may be repeated. --trials is then the most.',
    ),
    click.option(
        "--seconds",
        type=Seconds(),
        metavar="N",
        help="The most that --precision may take. Default: 60.",
    ),
    click.option("--cluster", metavar="ADDRESS", help="local, or a scheduler of dask.distributed: tls://HOST:PORT."),
    click.option(
        "--i-trust-this-cluster", "trusted", is_flag=True, help="Allow tcp:// to another machine, in the clear."
    ),
    click.option("--checkpoint", metavar="FILE", help="Save the state of a long run there, for --resume."),
    click.option("--resume", is_flag=True, help="Go on from the checkpoint of a run that was stopped or killed."),
)

simulation_options = _apply((*_CASE, *_SIMULATION, *_OUTPUT))
"""A case, how to simulate it, and how to print."""

cases_options = _apply((*_CASES, *_SIMULATION, *_SILENT_OUTPUT))
"""Several cases, how to simulate each, and how to print of what is written to files."""

compared_cases_options = _apply((*_CASES, *_SIMULATION, *_OUTPUT))
"""Several cases that are compared, how to simulate them, and how to print."""

long_options = _apply(_LONG)
"""For runs that may take long."""

case_options = _apply((*_CASE, *_OUTPUT))
"""A case and how to print."""

checking_options = _apply((*_CASE, *_SILENT_OUTPUT))
"""A case and how to print whether it is well formed."""
