"""``payback help``: the help of the program, or of one of its commands."""

from __future__ import annotations

import click


@click.command("help")
@click.argument("name", required=False, metavar="[COMMAND]")
@click.pass_context
def help_of(ctx: click.Context, name: str | None) -> None:
    """Show the commands, or the help of COMMAND: the same as COMMAND --help."""
    above = ctx.parent
    if above is None or name is None:
        click.echo((above or ctx).get_help())
        return
    group = above.command
    if not isinstance(group, click.Group):
        raise TypeError("help stands in a group of commands")
    try:
        word, command, _ = group.resolve_command(above, [name])
    except click.UsageError as error:
        error.ctx = above
        raise
    if command is None:
        raise click.UsageError(f"no command `{name}`", above)
    with click.Context(command, info_name=word, parent=above) as context:
        click.echo(command.get_help(context))
