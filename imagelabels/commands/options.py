"""Arguments and options that several commands share."""

from typing import Annotated

import typer

from imagelabels.commands import completion

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
AsJsonLines = Annotated[
    bool, typer.Option("--json", help="Print JSON, one document per line; no lines when there is nothing.")
]
Image = Annotated[str, typer.Argument(help="The photo's key, or bucket/key.", autocompletion=completion.keys)]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Say what was read from the table, and its cost.")]
# What a person does next, after something was started.
WATCH = "See how it goes: imagelabels watch --follow"
# What `deploy` and `diff` take; None is not given, and keeps what is deployed.
Email = Annotated[
    str | None, typer.Option(envvar="EMAIL", help="Who gets the reports: addresses, with commas between them.")
]
OperatorsEmail = Annotated[
    str | None, typer.Option(envvar="OPERATORS_EMAIL", help="Who gets the alarms; who gets the reports without it.")
]
Stage = Annotated[
    str | None,
    typer.Option(envvar="STAGE", help="dev is deleted with its data; prod is protected, and keeps its data."),
]
Settings = Annotated[
    str, typer.Option("--settings", envvar="SETTINGS", help='Other settings: "minConfidence=80 digestSeconds=0".')
]
