"""What is different from the photo's last run."""

from imagelabels_shared.models import Changes
from imagelabels_shared.table.labels import IMAGE_RECORD, Item
from persist_labels.items import LABEL_PREFIX


def changes(before: list[Item], now: list[Item]) -> Changes:
    """Compare the photo's items, the image first, with those of its last run.

    An execution that finds its own items (a step that was repeated after its answer was lost) has no last run to name.
    """
    then, old, new = _image(before), _labels(before), _labels(now)
    return Changes(
        lastRun=_last_run(then, now[0]),
        added=[name for name in new if then and name not in old],
        removed=[name for name in old if name not in new],
    )


def _last_run(then: Item | None, image: Item) -> str | None:
    return None if then is None or then["execution"] == image["execution"] else str(then["labelled_at"])


def _image(items: list[Item]) -> Item | None:
    return next((item for item in items if item["record"] == IMAGE_RECORD), None)


def _labels(items: list[Item]) -> list[str]:
    return [item["label"] for item in items if item["record"].startswith(LABEL_PREFIX)]
