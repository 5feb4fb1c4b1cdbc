"""The functions together on moto: photos, labels, claims, queues and a state machine that only remembers its starts."""

from collections.abc import Iterator

import boto3
import pytest

from imagelabels_shared.aws import client
from imagelabels_shared.observability import logger, metrics
from imagelabels_shared.table import labels
from tests.moto_aws import mocked
from tests.order.world import World


@pytest.fixture
def world(
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
    session: boto3.Session,
    socket_disabled: None,  # noqa: ARG001  # the fixture's effect
) -> Iterator[World]:
    monkeypatch.setenv("POWERTOOLS_METRICS_NAMESPACE", "ImageLabels")
    # Powertools keeps a logger, and the stream it writes to, per service.
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", str(hash(request.node.nodeid)))
    for cached in (client, labels.dynamodb, logger, metrics):
        cached.cache_clear()
    with mocked():
        world = World(session)
        for name, value in world.settings.items():
            monkeypatch.setenv(name, value)
        yield world
