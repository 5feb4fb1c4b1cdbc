"""However much a photo shows, every state's output stays far under Step Functions' 262,144 bytes."""

from tests.faults.lab import Lab
from tests.faults.matrix import photo

MOST_BYTES = 100_000
KEY = "crowded.png"


def test_a_thousand_labels_with_five_thousand_boxes_pass(lab: Lab) -> None:
    """The recognizer answers more than it was asked for; the summary must not."""
    lab.set("recognizer", {"mode": "fixed:labels=1000,boxes=5"})
    lab.upload(KEY, photo())
    (run,) = lab.settled(len(list(lab.listed())), 60)[KEY]
    lab.rest("recognizer")
    exits = [event["stateExitedEventDetails"] for event in lab.history(run.arn) if "stateExitedEventDetails" in event]
    sizes = {one["name"]: len(one["output"].encode()) for one in exits}
    assert run.status == "SUCCEEDED"
    assert set(sizes) >= {"DetectLabels", "PersistLabels", "PublishReport"}
    assert max(sizes.values()) < MOST_BYTES
    print(f"1,000 labels, 5,000 boxes; bytes out of each state: {sizes}")
