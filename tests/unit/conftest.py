"""Handlers and rules alone: AWS is moto, sockets are off, and nothing is remembered from test to test."""

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from hypothesis import settings

from tests import resources
from tests.moto_aws import mocked

IMAGES, WORK, TABLE = resources.IMAGES, resources.WORK, resources.LABELS
# The same examples each time, and no stopwatch: CI's machines are slow.
settings.register_profile("fixed", derandomize=True, deadline=None)
settings.load_profile("fixed")


@pytest.fixture(autouse=True)
def _alone(
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
    socket_disabled: None,  # noqa: ARG001  # the fixture's effect
) -> Iterator[None]:
    for name, value in resources.SETTINGS.items():
        monkeypatch.setenv(name, value)
    # Powertools keeps a logger, and the stream it writes to, per service.
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", str(hash(request.node.nodeid)))
    resources.forget_clients()
    yield
    # Tests of other folders run in the same process, and a client may have been told to refuse.
    resources.forget_clients()


@pytest.fixture
def aws() -> Iterator[None]:
    with mocked():
        yield


@pytest.fixture
def s3(aws: None) -> Any:  # noqa: ARG001  # the fixture's effect
    """An S3 client; the versioned images bucket and the work bucket are there."""
    resources.create_buckets()
    return boto3.client("s3")
