"""Handlers and rules alone: AWS is moto, sockets are off, and nothing is remembered from test to test."""

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from hypothesis import settings

from imagelabels_shared.aws import client
from imagelabels_shared.observability import logger, metrics
from imagelabels_shared.table.labels import dynamodb
from tests.moto_aws import mocked

IMAGES, WORK, TABLE, CLAIMS = "images", "work", "labels", "claims"
SETTINGS = {
    "IMAGES_BUCKET": IMAGES,
    "MAX_LABELS": "20",
    "MIN_CONFIDENCE": "70",
    "WORK_BUCKET": WORK,
    "TABLE_NAME": TABLE,
    "CLAIMS_TABLE_NAME": CLAIMS,
    "TOPIC_ARN": "arn:aws:sns:us-east-1:123456789012:reports",
    "POWERTOOLS_METRICS_NAMESPACE": "ImageLabels",
}
# The same examples each time, and no stopwatch: CI's machines are slow.
settings.register_profile("fixed", derandomize=True, deadline=None)
settings.load_profile("fixed")


@pytest.fixture(autouse=True)
def _alone(
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
    socket_disabled: None,  # noqa: ARG001  # the fixture's effect
) -> Iterator[None]:
    for name, value in SETTINGS.items():
        monkeypatch.setenv(name, value)
    # Powertools keeps a logger, and the stream it writes to, per service.
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", str(hash(request.node.nodeid)))
    _forget()
    yield
    # Tests of other folders run in the same process, and a client may have been told to refuse.
    _forget()


def _forget() -> None:
    for cached in (client, dynamodb, logger, metrics):
        cached.cache_clear()


@pytest.fixture
def aws() -> Iterator[None]:
    with mocked():
        yield


@pytest.fixture
def s3(aws: None) -> Any:  # noqa: ARG001  # the fixture's effect
    """An S3 client; the versioned images bucket and the work bucket are there."""
    s3 = boto3.client("s3")
    for bucket in (IMAGES, WORK):
        s3.create_bucket(Bucket=bucket)
    s3.put_bucket_versioning(Bucket=IMAGES, VersioningConfiguration={"Status": "Enabled"})
    return s3
