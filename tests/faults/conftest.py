"""One local stack with the fixed recognizer and short delays, for all tests here that need it."""

from collections.abc import Iterator

import pytest

from imagelabels.local.engine import running
from tests.faults.harness import FAST, ONE_MAIL_PER_PHOTO, Harness


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run all tests with the harness in one worker, so that its stack starts once."""
    for item in items:
        if "harness" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("fault_harness"))


@pytest.fixture(scope="session")
def harness(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Harness]:
    with running(
        0, tmp_path_factory.mktemp("local"), recognizer="fixed", emulator=FAST, context=ONE_MAIL_PER_PHOTO
    ) as engine:
        harness = Harness(engine)
        harness.shorten_queue_waits()
        yield harness
