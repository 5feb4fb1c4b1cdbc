"""Arguments and options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

from imagelabels.commands import completion

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
AsJsonLines = Annotated[bool, typer.Option("--json", help="Print JSON, one document per line.")]
Image = Annotated[str, typer.Argument(help="The photo's key, or bucket/key.", autocompletion=completion.keys)]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Say what was read from the table, and its cost.")]
# What `deploy`, `diff` and `destroy` take.
Email = Annotated[str, typer.Option(envvar="EMAIL", help="Who gets the reports; SNS asks this address to confirm.")]
OperatorsEmail = Annotated[
    str, typer.Option(envvar="OPERATORS_EMAIL", help="Who gets the alarms; the address for reports without it.")
]
Stage = Annotated[
    str, typer.Option(envvar="STAGE", help="dev is deleted with its data; prod is protected, and keeps its data.")
]
Settings = Annotated[
    str, typer.Option("--settings", envvar="SETTINGS", help='Other settings: "minConfidence=80 digestSeconds=0".')
]
Assembly = Annotated[
    Path | None, typer.Option(help="A cloud assembly to use; without it the CDK app is synthesized.", exists=True)
]
