"""The functions together on moto: buckets, tables, queues, and a state machine that records starts and runs nothing."""

from collections.abc import Iterator

import boto3
import pytest

from tests.moto_aws import mocked
from tests.order.world import World
from tests.resources import forget_clients


@pytest.fixture
def world(
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
    session: boto3.Session,
    socket_disabled: None,  # noqa: ARG001  # the fixture's effect
) -> Iterator[World]:
    # Powertools keeps a logger, and the stream it writes to, per service.
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", str(hash(request.node.nodeid)))
    forget_clients()
    with mocked():
        world = World(session)
        for name, value in world.settings.items():
            monkeypatch.setenv(name, value)
        yield world
