"""From a command line to an exit code: one message for every error, and no traceback.

Exit codes: 0 done, 1 run failed, 2 wrong usage or invalid case, 3 formulas gave NaN beyond the
limit, 4 a declared hurdle not met (with ``--gate``), 130 interrupted, 143 terminated.
"""

from __future__ import annotations

import difflib
import gc
import io
import os
import sys
from collections.abc import Sequence
from typing import IO, Any

import click

from payback.simulator.document.registered_questions import QUESTIONS, at
from payback.simulator.errors import CaseError, PaybackError, visible
from payback.simulator.source_date import source_date

INTERRUPTED = 130

COMMANDS = {
    "run": ("payback.cli.verbs.run:run", "Simulate a case and write its risk appendix."),
    "ask": ("payback.cli.verbs.ask:ask", 'Answer questions: ask CASE "P(npv < 0)" "P90(payback)".'),
    "what-if": ("payback.cli.verbs.what_if:what_if", 'Change something: what-if CASE "traffic * 0.5".'),
    "stress": ("payback.cli.verbs.stress:stress", 'Assume a bad draw: stress CASE "traffic below 10 %".'),
    **{question.name: (question.command, question.help) for question in QUESTIONS},
    "claims": ("payback.cli.verbs.claims:claims", "Check the claims of a case."),
    "fit": ("payback.cli.verbs.fit:fit", "Find the distribution that describes a column of data."),
    "check": ("payback.cli.verbs.check:check", "Check a case file and list every error."),
    "explain": ("payback.cli.verbs.explain:explain", "Print a case in words: inputs, formulas, measures."),
    "init": ("payback.cli.verbs.init:init", "Copy a ready-made case; without a name, list them."),
    "schema": ("payback.cli.verbs.schema:schema", "Print the JSON Schema of case files, for editors."),
    "help": ("payback.cli.verbs.help:help_of", "Show this, or the help of a command: help run."),
}
"""Command -> (where it is, what help says): help imports none of them. Registered questions have a command each."""


class Commands(click.Group):
    """The commands of `COMMANDS`, each imported when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: D102 - as click.Group
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: D102 - as click.Group
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = at(COMMANDS[cmd_name][0])
        return command

    def resolve_command(  # noqa: D102 - as click.Group
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            near = difflib.get_close_matches(args[0], COMMANDS, 1)
            meant = f" (did you mean {near[0]}?)" if near else ""
            raise click.UsageError(f"no command `{args[0]}` -> one of {', '.join(COMMANDS)}{meant}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: D102 - as click.Group
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="CASE is a case file, or - for standard input; `payback init` lists ready-made ones. "
    "Results do not depend on the number of threads.",
)
@click.version_option(package_name="payback", message="payback %(version)s")
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
@click.pass_context
def payback(ctx: click.Context, debug: bool) -> None:
    """Find out what a claim about return on investment is worth: payback, loss, and how likely."""
    ctx.obj = {"debug": debug}


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line `arguments` (those of the process if not given) and exit."""
    # a library that numpy brings interrupts the process where it may begin no threads; trials have threads of their own
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    gc.disable()  # what is loaded stays: `load_case` turns it on again
    # either may be closed by whoever started the process
    if sys.stdout is None:
        _drop_stdout()
    sys.stderr = _Remarks(sys.stderr)
    code = run(sys.argv[1:] if arguments is None else arguments)
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        _drop_stdout()
    sys.exit(code)


def run(arguments: Sequence[str]) -> int:
    """Run a command line and return its exit code; errors are printed on stderr."""
    words, debug = list(arguments), "--debug" in arguments
    if debug:
        words = [word for word in words if word != "--debug"]
    try:
        source_date()
        code = payback.main(words, prog_name="payback", standalone_mode=False)
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except (KeyboardInterrupt, click.Abort) as stop:
        return getattr(stop.__cause__ or stop, "code", INTERRUPTED)
    except (BrokenPipeError, SystemExit):  # click exits by itself when the reader of stdout has gone
        _drop_stdout()
        return 0
    except Exception as error:
        if debug:
            raise
        return _tell(error, as_json="--json" in words)
    return code if isinstance(code, int) else 0


def _tell(error: Exception, *, as_json: bool) -> int:
    """Print one message for `error` and return its exit code; of a case that is not valid, a record with ``--json``."""
    if as_json and isinstance(error, CaseError):
        from payback.cli.output import print_record
        from payback.simulator.document.problems import problems_document

        print_record(problems_document(error))
        return error.exit_code
    if isinstance(error, PaybackError):
        code, text = error.exit_code, str(error)
    elif isinstance(error, click.ClickException):
        code, text = error.exit_code, _usage(error)
    elif isinstance(error, OSError):
        code, text = 1, f"{error.strerror or error}: {error.filename or ''}".rstrip(": ")
    elif isinstance(error, MemoryError):
        code, text = 1, "out of memory -> fewer trials"
    else:
        code, text = 1, f"payback failed: {type(error).__name__}: {error} -> run again with --debug and report it"
    click.echo("\n".join(visible(line) for line in text.splitlines()), err=True)
    return code


def _usage(error: click.ClickException) -> str:
    """Return the message of a wrong command line, with the nearest option and where help is."""
    text = error.format_message()
    if isinstance(error, click.NoSuchOption):
        near = f" (did you mean {error.possibilities[0]}?)" if error.possibilities else ""
        text = f"no option `{error.option_name}`{near}"
    context: Any = getattr(error, "ctx", None)
    path = context.command_path if context is not None else "payback"
    return f"{text}\nhelp: {path} --help"


class _Remarks(io.TextIOBase):
    """The error stream, where it can be written to: a run does not end because nobody reads its remarks."""

    def __init__(self, stream: IO[str] | None) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Write `text`, if there is still somebody to read it."""
        try:
            if self._stream is not None:
                self._stream.write(text)
                self._stream.flush()
        except (OSError, ValueError):
            self._stream = None
        return len(text)

    def isatty(self) -> bool:
        """Return whether it is a terminal."""
        return self._stream is not None and self._stream.isatty()

    @property
    def encoding(self) -> str:  # type: ignore[override]  # the stream's own
        """The encoding of the stream."""
        return getattr(self._stream, "encoding", None) or "utf-8"


def _drop_stdout() -> None:
    """Replace stdout by the null device: the reader of the pipe has gone."""
    sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115 - stays open until exit
