"""A test photo through the whole workflow, and nothing of it left in bucket and table."""

import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from itertools import islice

from PIL import Image

from imagelabels.operations.doctor.check_result import Finding
from imagelabels.stack.pipeline import RUNNING, Execution, Pipeline

FOLDER = "imagelabels-doctor"
SIDE_PX = 256
PAUSE_SECONDS = 0.5
# Others may upload meanwhile; the test photo's execution is among the newest.
NEWEST = 100


def photo_through(pipeline: Pipeline, deadline: float) -> list[Finding]:
    """Check that an uploaded photo is labelled within `deadline` seconds."""
    with _uploaded(pipeline) as key:
        begin = time.monotonic()
        seen = None
        while time.monotonic() < begin + deadline and (seen is None or seen.outcome == RUNNING):
            time.sleep(PAUSE_SECONDS)
            seen = _look(pipeline, key, seen)
        return [_verdict(seen, time.monotonic() - begin)]


def _look(pipeline: Pipeline, key: str, seen: Execution | None) -> Execution | None:
    if seen is not None:
        return pipeline.execution(seen.arn)
    every = (pipeline.execution(arn) for arn in islice(pipeline.arns(), NEWEST))
    return next((one for one in every if one.key == key), None)


def _verdict(seen: Execution | None, seconds: float) -> Finding:
    if seen is None:
        return Finding("test photo", f"No execution was started within {seconds:.0f} s of an upload", well=False)
    if seen.outcome == "LABELLED":
        return Finding("test photo", f"A test photo was labelled within {seconds:.0f} s", well=True)
    where = f"is still in {seen.state or 'no state'}" if seen.outcome == RUNNING else f"ended {seen.outcome}"
    return Finding("test photo", f"The test photo {where} after {seconds:.0f} s. {seen.reason} {seen.arn}", well=False)


@contextmanager
def _uploaded(pipeline: Pipeline) -> Iterator[str]:
    key = f"{FOLDER}/{secrets.token_hex(8)}.jpg"
    body = BytesIO()
    Image.radial_gradient("L").resize((SIDE_PX, SIDE_PX)).save(body, "JPEG")
    pipeline.s3.put_object(Bucket=pipeline.bucket, Key=key, Body=body.getvalue())
    try:
        yield key
    finally:
        _remove(pipeline, key)


def _remove(pipeline: Pipeline, key: str) -> None:
    """Delete every version of the object, and its items; its audit records stay, as everybody's do."""
    pages = pipeline.s3.get_paginator("list_object_versions").paginate(Bucket=pipeline.bucket, Prefix=key)
    for page in pages:
        for one in page.get("Versions", []) + page.get("DeleteMarkers", []):
            pipeline.s3.delete_object(Bucket=pipeline.bucket, Key=key, VersionId=one["VersionId"])
    image, labels = pipeline.records(key)
    with pipeline.connection.table().batch_writer() as batch:
        for item in [*([image] if image else []), *labels]:
            batch.delete_item(Key={"image_id": item["image_id"], "record": item["record"]})
