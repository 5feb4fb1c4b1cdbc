"""A whole photo library at once, and Rekognition takes only so many a second: every photo is labelled, none fails."""

from collections.abc import Iterator

import pytest

from imagelabels.local.engine import running
from tests.faults.lab import Lab
from tests.faults.matrix import photo

SHORT, SHORT_RATE = 60, 6
LONG, LONG_RATE = 2000, 20
LONG_SECONDS = 1800
# A third of the waits on AWS: 2,000 executions also wait for this machine's few functions, and that takes minutes.
PATIENT = {"SFN_WAIT_SCALE": "0.3"}


def _all_labelled(lab: Lab, photos: int, rate: int, seconds: float) -> None:
    lab.set("recognizer", {"mode": f"fixed:rate={rate}"})
    known = len(list(lab.listed()))
    keys = [f"burst-{number:04}.png" for number in range(photos)]
    # Held until the last upload, so that all of them start at once, however slowly this machine uploads.
    lab.set("faults", {"rules": [{"action": "events:Deliver", "about": "burst-", "fault": "reversed", "of": photos}]})
    for key in keys:
        lab.upload(key, photo())
    lab.rest("faults")
    runs = lab.settled(known + photos, seconds)
    calls = lab.look("recognizer")["calls"]
    lab.rest("recognizer")
    assert [(run.key, run.error) for key in keys for run in runs[key] if run.status != "SUCCEEDED"] == []
    assert [key for key in keys if lab.items(key)["IMAGE"]["outcome"] != {"S": "LABELLED"}] == []
    of_each = [calls[f"{lab.bucket}/{key}"] for key in keys]
    assert sum(of_each) > photos, "the rate was never exceeded, so this showed nothing"
    print(f"{photos} photos labelled, none failed; recognizer calls per photo: "
          f"{sum(of_each) / photos:.2f} on average, {max(of_each)} at most")  # fmt: skip


def test_a_burst_over_the_rate_is_labelled_to_the_last_photo(lab: Lab) -> None:
    _all_labelled(lab, SHORT, SHORT_RATE, 60)


@pytest.fixture
def patient(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    with running(0, tmp_path_factory.mktemp("burst"), recognizer="fixed", emulator=PATIENT) as engine:
        yield Lab(engine)


@pytest.mark.soak
def test_two_thousand_photos_at_twenty_a_second_are_all_labelled(patient: Lab) -> None:
    _all_labelled(patient, LONG, LONG_RATE, LONG_SECONDS)
