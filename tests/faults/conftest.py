"""One stack with the fixed recognizer and retries that hardly wait, for every test here that asks for it."""

from collections.abc import Iterator

import pytest

from imagelabels.local.engine import running
from tests.faults.lab import EACH_AT_ONCE, FAST, Lab


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the tests of one lab in one worker, so that it is started once."""
    for item in items:
        if "lab" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("lab"))


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    with running(
        0, tmp_path_factory.mktemp("local"), recognizer="fixed", emulator=FAST, context=EACH_AT_ONCE
    ) as engine:
        one = Lab(engine)
        one.hurry()
        yield one
