"""The command `imagelabels`: what people do with the pipeline at a desk."""

import json
import sys
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

import typer
from botocore.exceptions import BotoCoreError, ClientError
from rich.console import Console
from rich.live import Live
from rich.progress import track
from rich.table import Table
from rich.text import Text

from imagelabels import display, upkeep
from imagelabels.connection import connect
from imagelabels.errors import DeskError
from imagelabels.files import named, samples, split
from imagelabels.follow import Follower, pause
from imagelabels.pipeline import Execution, Pipeline
from shared.links import execution_link

app = typer.Typer(
    help="Label photos with Step Functions and Rekognition: on the local stack when it is up, otherwise on AWS.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
out = Console(highlight=False)
err = Console(stderr=True, highlight=False)

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for scripts.")]
Image = Annotated[str, typer.Argument(help="The photo's key, or bucket/key.")]


@app.command()
def run(
    images: Annotated[
        str, typer.Option(envvar="IMAGES", help="A folder or files; sample photographs without it.")
    ] = "",
    *,
    once: Annotated[bool, typer.Option("--once", envvar="ONCE", help="Stop after the last photo.")] = False,
    port: Annotated[
        int, typer.Option(envvar="PORT", min=0, max=65535, help="Loopback port; 0 takes a free one.")
    ] = 4566,
) -> None:
    """Run the whole stack on this machine and label photos on it."""
    from imagelabels.local.run import run as run_locally  # noqa: PLC0415  # needs the local extra; other commands do not

    files = named(split(images)) if images else samples()
    raise typer.Exit(run_locally(files, out, once=once, port=port))


@app.command()
def upload(
    files: Annotated[list[Path], typer.Argument(help="Photos, or folders of photos.")],
    prefix: Annotated[str, typer.Option(help="Put before each key, for example holiday/.")] = "",
    *,
    as_json: AsJson = False,
) -> None:
    """Upload photos; each upload starts the workflow."""
    wanted = {prefix + key: file for key, file in named(files).items()}
    pipeline = Pipeline(connect())
    for key, file in track(wanted.items(), "Uploading", console=err, transient=True, disable=not err.is_terminal):
        pipeline.upload(file, key)
    if as_json:
        _print_json([{"bucket": pipeline.bucket, "key": key} for key in wanted])
        return
    for key in wanted:
        out.print(f"{pipeline.bucket}/{display.visible(key)}", markup=False, soft_wrap=True)


@app.command()
def watch(
    limit: Annotated[int, typer.Option(min=1, help="How many executions, the newest first.")] = 20,
    *,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Keep watching until Ctrl-C.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show where photos are in the workflow."""
    pipeline = Pipeline(connect())
    if follow:
        _follow(pipeline, as_json=as_json)
        return
    executions = [pipeline.execution(arn) for arn, _status in pipeline.arns(limit)]
    if as_json:
        _print_json([_document(one) for one in executions])
    else:
        out.print(display.table(executions))


def _follow(pipeline: Pipeline, *, as_json: bool) -> None:
    follower = Follower(pipeline)
    if as_json or not out.is_terminal:
        _print_moves(follower, (lambda one: json.dumps(_document(one))) if as_json else display.line)
    with Live(display.table([]), console=out) as live:
        while True:
            follower.look()
            live.update(display.table(follower.seen.values()))
            pause()


def _print_moves(follower: Follower, form: Callable[[Execution], str]) -> None:
    while True:
        for one in follower.look():
            out.print(form(one), markup=False, soft_wrap=True)
        pause()


@app.command()
def show(image: Image, *, as_json: AsJson = False) -> None:
    """Show what is known of a photo: its labels, its size and format, the execution that labelled it."""
    pipeline = Pipeline(connect())
    key = pipeline.key_of(image)
    record, labels = pipeline.records(key)
    if record is None:
        raise DeskError(f"{display.visible(image)} has no labels; `imagelabels watch` says what happened to it.")
    if as_json:
        _print_json({"image": record, "labels": labels})
        return
    view = Table("label", "confidence", "count", "parents", caption=_caption(record))
    for label in labels:
        parents = ", ".join(label["parents"])
        view.add_row(Text(label["label"]), f"{label['confidence']:.1f} %", str(label["instances"] or ""), Text(parents))
    out.print(
        Text(display.visible(f"{pipeline.bucket}/{key}"), "bold"),
        view,
        execution_link(record["execution"]),
        sep="\n",
        soft_wrap=True,
    )


def _caption(record: dict[str, Any]) -> str:
    shape = f"{record['width']} × {record['height']} px"
    return f"{record['format']}, {shape}, {record['size']:,} bytes, {record['model_version']}"


@app.command()
def reprocess(image: Image, *, as_json: AsJson = False) -> None:
    """Run a photo through the workflow again, with the input of its last run."""
    pipeline = Pipeline(connect())
    arn = pipeline.reprocess(pipeline.key_of(image))
    if as_json:
        _print_json({"execution": arn})
    else:
        out.print(f"Started {arn}", markup=False, soft_wrap=True)


upkeep.register(app)


def _document(one: Execution) -> dict[str, Any]:
    return {
        "execution": one.arn,
        "key": one.key,
        "state": one.state,
        "outcome": one.outcome,
        "started": one.started.isoformat(),
        "stopped": one.stopped.isoformat() if one.stopped else None,
        "labels": one.labels,
        "reason": one.reason,
    }


def _print_json(document: Any) -> None:
    print(json.dumps(document, ensure_ascii=False, indent=2, default=_number))  # noqa: T201  # scripts want no rich


def _number(value: Decimal) -> float:
    """The table's numbers are exact decimals; a script expects JSON's."""
    return int(value) if value == int(value) else float(value)


def main() -> None:
    """Run a command; whatever goes wrong is one sentence on standard error and exit code 1."""
    try:
        app()
    except (DeskError, BotoCoreError, ClientError) as error:
        err.print(f"imagelabels: {error}", style="red", markup=False, soft_wrap=True)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
