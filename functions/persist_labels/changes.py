"""What is different from the photo's last run."""

from imagelabels_shared.models import Changes
from imagelabels_shared.table.records import ImageItem, PhotoItem, find_image, find_labels
from imagelabels_shared.timestamps import in_one_form


def changes(before: list[PhotoItem], image: ImageItem, names: list[str]) -> Changes:
    """Compare the items `before` this run with the `image` and the label `names` that it writes.

    `lastRun` is None when the items are this execution's own: the step was repeated after its answer was lost.
    """
    then, old = find_image(before), [item["label"] for item in find_labels(before)]
    return Changes(
        lastRun=_last_run(then, image),
        added=[name for name in names if then and name not in old],
        removed=[name for name in old if name not in names],
    )


def _last_run(then: ImageItem | None, image: ImageItem) -> str | None:
    if then is None or then["execution"] == image["execution"]:
        return None
    return in_one_form(then["labelled_at"])
