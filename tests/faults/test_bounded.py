"""However many labels a photo has, every state's output stays far under Step Functions' 262,144 bytes."""

from tests.faults.harness import Harness
from tests.faults.matrix import FEW_CELLS_SECONDS, photo

MAX_BYTES = 100_000
KEY = "crowded.png"


def test_a_thousand_labels_with_five_thousand_boxes_pass(harness: Harness) -> None:
    """The fixed recognizer ignores MaxLabels; the execution's data must stay small."""
    known = len(list(harness.listed()))
    with harness.switched("recognizer", {"mode": "fixed:labels=1000,boxes=5"}):
        harness.upload(KEY, photo())
        (execution,) = harness.wait_for_executions(known + 1, FEW_CELLS_SECONDS)[KEY]
    exits = [
        event["stateExitedEventDetails"]
        for event in harness.history(execution.arn)
        if "stateExitedEventDetails" in event
    ]
    sizes = {state["name"]: len(state["output"].encode()) for state in exits}
    assert execution.status == "SUCCEEDED"
    assert set(sizes) >= {"DetectLabels", "PersistLabels", "PublishReport"}
    assert max(sizes.values()) < MAX_BYTES
    print(f"1,000 labels, 5,000 boxes; bytes out of each state: {sizes}")
