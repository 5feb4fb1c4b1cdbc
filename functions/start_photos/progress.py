"""How many photos of a batch were started and skipped, in an item of the labels table."""

import time

from imagelabels_shared.aws import aws_call, client
from imagelabels_shared.library import BATCH_PREFIX
from start_photos.batch import Batch
from start_photos.environment import StartPhotosEnvironment

# Step Functions keeps an execution for as long, after which nobody can ask for its progress.
KEPT_SECONDS = 90 * 24 * 3600


def record(batch: Batch, *, started: int, skipped: int) -> None:
    """Write the item of a batch; a second attempt at the batch replaces it. Raises what `aws_call` raises."""
    table = StartPhotosEnvironment.from_environ().table_name
    item = {
        "image_id": {"S": batch.run},
        "record": {"S": f"{BATCH_PREFIX}{batch.execution.rsplit(':', 1)[-1]}"},
        "started": {"N": str(started)},
        "skipped": {"N": str(skipped)},
        "expires_at": {"N": str(int(time.time()) + KEPT_SECONDS)},
    }
    with aws_call("dynamodb:PutItem", f"table/{table}"):
        client("dynamodb").put_item(TableName=table, Item=item)
