"""StartPhotos: start an execution of `label-image` for each photo of a batch that has no labels yet."""

import time
from typing import Any

from imagelabels_shared.observability import logger, step
from start_photos.batch import Batch, chosen
from start_photos.executions import start
from start_photos.progress import record


@step
def handler(event: dict[str, Any]) -> dict[str, Any]:
    begin, batch = time.monotonic(), Batch.of_event(event)
    photos = chosen(batch)
    start(batch, photos)
    started, skipped = len(photos), len(batch.entries) - len(photos)
    record(batch, started=started, skipped=skipped)
    logger().append_keys(started=started, skipped=skipped)
    wait = batch.wait_seconds(started, time.monotonic() - begin)
    return {"started": started, "skipped": skipped, "waitSeconds": wait}
