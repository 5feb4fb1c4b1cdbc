"""The exit code of commands that look for problems: 1 when they find one. Errors exit with 1 in `cli.py`."""

import typer


def exit_with_1_if(found: object) -> None:
    """End the command with exit code 1 if it found something wrong; its results have been printed."""
    if found:
        raise typer.Exit(1)
