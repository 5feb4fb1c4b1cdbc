"""`imagelabels reprocess`."""

from imagelabels.commands.options import AsJson, Image
from imagelabels.connection import connect
from imagelabels.pipeline import Pipeline
from imagelabels.terminal import print_json, say


def reprocess(image: Image, *, as_json: AsJson = False) -> None:
    """Run a photo through the workflow again, with the input of its last run."""
    pipeline = Pipeline(connect())
    arn = pipeline.reprocess(pipeline.key_of(image))
    if as_json:
        print_json({"execution": arn})
    else:
        say(f"Started {arn}")
