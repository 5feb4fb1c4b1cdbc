"""Many photos at once over Rekognition's rate: every photo is labelled, no execution fails."""

from collections.abc import Iterator

import pytest

from imagelabels.local.engine import running
from tests.faults.harness import Harness
from tests.faults.matrix import FEW_CELLS_SECONDS, photo

SHORT, LONG = 40, 2000
LONG_SECONDS = 1800
# The first two calls for each photo fail too, so that the short version retries at any speed.
REFUSED = "fixed:rate=20,errors=ThrottlingException+ProvisionedThroughputExceededException"
# A third of the delays on AWS: 2,000 executions also wait minutes for the few functions of this machine.
LONG_DELAYS = {"SFN_WAIT_SCALE": "0.3"}


def all_labelled(harness: Harness, photos: int, seconds: float) -> list[int]:
    """Upload a burst and return the number of recognizer calls for each photo."""
    known = len(list(harness.listed()))
    keys = [f"burst-{number:04}.png" for number in range(photos)]
    # Events are held until the last upload, so that all executions start at once.
    hold = {"action": "events:Deliver", "function": "Object Created", "about": "burst-", "fault": "reversed"}
    with harness.switched("faults", {"rules": [{**hold, "of": photos}]}):
        for key in keys:
            harness.upload(key, photo())
    executions = harness.wait_for_executions(known + photos, seconds)
    calls = harness.state("recognizer")["calls"]
    assert [run for key in keys for run in executions[key] if run.status != "SUCCEEDED"] == []
    assert [key for key in keys if harness.items(key)["IMAGE"]["outcome"] != {"S": "LABELLED"}] == []
    counts = [calls[f"{harness.bucket}/{key}"] for key in keys]
    print(f"{photos} photos labelled, no execution failed; recognizer calls per photo: "
          f"{sum(counts) / photos:.2f} on average, {max(counts)} at most")  # fmt: skip
    return counts


def test_a_burst_over_the_rate_is_labelled_to_the_last_photo(harness: Harness) -> None:
    with harness.switched("recognizer", {"mode": REFUSED}), harness.mail_in_batches():
        assert min(all_labelled(harness, SHORT, FEW_CELLS_SECONDS)) >= 3
        harness.wait_for_queues(FEW_CELLS_SECONDS)


@pytest.fixture
def long_delays(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Harness]:
    with running(0, tmp_path_factory.mktemp("burst"), recognizer="fixed", emulator=LONG_DELAYS) as engine:
        yield Harness(engine)


@pytest.mark.soak
def test_two_thousand_photos_at_twenty_a_second_areall_labelled(long_delays: Harness) -> None:
    with long_delays.switched("recognizer", {"mode": "fixed:rate=20"}):
        assert min(all_labelled(long_delays, LONG, LONG_SECONDS)) >= 1
