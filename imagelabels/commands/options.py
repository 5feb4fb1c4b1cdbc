"""Arguments and options that several commands have in common."""

from typing import Annotated

import typer

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for scripts.")]
Image = Annotated[str, typer.Argument(help="The photo's key, or bucket/key.")]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Say what was read from the table, and its cost.")]
