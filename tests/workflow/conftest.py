"""The workflow on moto's interpreter: a second opinion on the definition, in this process."""

from collections.abc import Iterator

import pytest

from tests.workflow.deployed import deployed, renew
from tests.workflow.machine import Machine


@pytest.fixture(scope="module")
def _deployed() -> Iterator[Machine]:
    with deployed() as machine:
        yield machine


@pytest.fixture
def machine(_deployed: Machine, monkeypatch: pytest.MonkeyPatch) -> Machine:
    """The deployed workflow, with empty queues and no faults; retries ask for a wait but do not wait."""
    renew(_deployed, monkeypatch)
    return _deployed
