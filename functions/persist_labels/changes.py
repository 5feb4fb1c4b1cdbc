"""What is different from the photo's last run."""

from persist_labels.items import IMAGE_RECORD, LABEL_PREFIX, Item
from shared.models import Changes


def changes(before: list[Item], now: list[Item]) -> Changes:
    """Compare the photo's items, the image and its labels, with those of its last run.

    An execution that finds its own items (a step that was repeated after its answer was lost) has no last run to name.
    """
    then, image = _image(before), _image(now)
    if then is None or image is None or then["execution"] == image["execution"]:
        return Changes(lastRun=None, added=[], removed=[])
    old, new = _labels(before), _labels(now)
    return Changes(
        lastRun=str(then["labelled_at"]),
        added=[name for name in new if name not in old],
        removed=[name for name in old if name not in new],
    )


def _image(items: list[Item]) -> Item | None:
    return next((item for item in items if item["record"] == IMAGE_RECORD), None)


def _labels(items: list[Item]) -> list[str]:
    return [item["label"] for item in items if item["record"].startswith(LABEL_PREFIX)]
