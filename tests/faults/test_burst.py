"""A whole photo library at once, and Rekognition takes only so many a second: every photo is labelled, none fails."""

from collections.abc import Iterator

import pytest

from imagelabels.local.engine import running
from tests.faults.lab import Lab
from tests.faults.matrix import CALM_SECONDS, photo

SHORT, LONG = 40, 2000
LONG_SECONDS = 1800
# The first two calls for each photo are refused as well, so that the short version shows something at any speed.
REFUSED = "fixed:rate=20,errors=ThrottlingException+ProvisionedThroughputExceededException"
# A third of the waits on AWS: 2,000 executions also wait for this machine's few functions, and that takes minutes.
PATIENT = {"SFN_WAIT_SCALE": "0.3"}


def _all_labelled(lab: Lab, photos: int, seconds: float) -> list[int]:
    """Let a burst through and return the number of recognizer calls for each photo."""
    known = len(list(lab.listed()))
    keys = [f"burst-{number:04}.png" for number in range(photos)]
    # Held until the last upload, so that all of them start at once, however slowly this machine uploads.
    hold = {"action": "events:Deliver", "function": "Object Created", "about": "burst-", "fault": "reversed"}
    with lab.switched("faults", {"rules": [{**hold, "of": photos}]}):
        for key in keys:
            lab.upload(key, photo())
    runs = lab.settled(known + photos, seconds)
    calls = lab.look("recognizer")["calls"]
    assert [(run.key, run.error) for key in keys for run in runs[key] if run.status != "SUCCEEDED"] == []
    assert [key for key in keys if lab.items(key)["IMAGE"]["outcome"] != {"S": "LABELLED"}] == []
    of_each = [calls[f"{lab.bucket}/{key}"] for key in keys]
    print(f"{photos} photos labelled, none failed; recognizer calls per photo: "
          f"{sum(of_each) / photos:.2f} on average, {max(of_each)} at most")  # fmt: skip
    return of_each


def test_a_burst_over_the_rate_is_labelled_to_the_last_photo(lab: Lab) -> None:
    with lab.switched("recognizer", {"mode": REFUSED}), lab.gathering_mail():
        assert min(_all_labelled(lab, SHORT, CALM_SECONDS)) >= 3
        lab.worked_off(CALM_SECONDS)


@pytest.fixture
def patient(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    with running(0, tmp_path_factory.mktemp("burst"), recognizer="fixed", emulator=PATIENT) as engine:
        yield Lab(engine)


@pytest.mark.soak
def test_two_thousand_photos_at_twenty_a_second_are_all_labelled(patient: Lab) -> None:
    with patient.switched("recognizer", {"mode": "fixed:rate=20"}):
        assert min(_all_labelled(patient, LONG, LONG_SECONDS)) >= 1
