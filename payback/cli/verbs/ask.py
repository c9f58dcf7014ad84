"""``payback ask``: questions and their answers, on one cube."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from payback.cli.output import footer, partial_text, print_record, say, tell_ledger, tell_notes
from payback.cli.session import end_early, load_case, long_run, run_size, settings_of
from payback.cli.shared_options import long_options, simulation_options

if TYPE_CHECKING:
    from payback.simulator.questions.ask.answers import Answer


@click.command()
@simulation_options
@long_options
@click.argument("questions", nargs=-1, required=True, metavar="QUESTION...")
def ask(
    case_file: str,
    questions: tuple[str, ...],
    changes: tuple[str, ...],
    trials: int | None,
    seed: int,
    sampler: str | None,
    threads: int | None,
    engine: str | None,
    as_json: bool,
    quiet: bool,
    targets: tuple[str, ...],
    seconds: float | None,
    **options: Any,
) -> None:
    """Answer questions about a case, all on the same trials.

    \b
    P(npv < 0)                     a probability
    P90(payback)                   a percentile; also mean, sd, skew, CVaR5 (mean of the lowest 5 %)
    P50(at(cumulative_net, 12))    of any formula over inputs, calculations and measures
    mean(npv) in "volume halves"   in a what-if or a stress of the case
    P(roi < 0) <= 20 %             with a limit: a verdict
    """  # noqa: D301 - click keeps lines behind the character \b
    from payback.simulator.questions.ask.answers import answer
    from payback.simulator.questions.grammar import parse_questions
    from payback.simulator.questions.trials.frames import Frame, frames_of

    case = load_case(case_file, changes)
    parsed = parse_questions(questions)
    with (
        settings_of(trials, seed, sampler, threads, engine, quiet) as (sampling, usual),
        long_run(case, sampling, usual, (*questions, *targets), options) as execution,
    ):
        size = run_size(case, sampling, execution, targets, trials, seconds, parsed)
        base = Frame(case, size.sampling.cube(case))
        answers = size.results or answer(parsed, base, execution, size.cache)
    tell_ledger(case, frames_of(parsed, base).values(), quiet)
    tell_notes(size.sampling, base.cube, quiet, size.shortfall)
    done = max(result.estimate.trials for result in answers)
    early = execution.stopped
    if as_json:
        from payback.simulator.document.answers import AnswersDocument, Partial
        from payback.simulator.questions.ask.records import answer_line

        partial = Partial(trials=done, of=base.cube.trials) if early else None
        print_record(
            AnswersDocument(partial=partial, precision=size.precision, answers=tuple(map(answer_line, answers)))
        )
    else:
        if early:
            say(partial_text(done, base.cube.trials))
        for result in answers:
            _say(result)
        for target in size.precision if targets else ():
            say(f"{target.target}: {target.text}")
        if not quiet:
            say(footer(base.cube, done if early else None))
    end_early(execution)


def _say(answer: Answer) -> None:
    verdict = f"{answer.verdict}; " if answer.verdict else ""
    say(f"{answer.question}: {verdict}{answer.text}")
    if answer.warning:
        say(f"  {answer.warning}")
