"""Executions of `label-image`, started so that a second attempt at a batch starts no photo twice."""

import json
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from botocore.exceptions import ClientError

from imagelabels_shared.aws import aws_call, client, error_code
from imagelabels_shared.library import LANE, Entry, execution_name
from start_photos.batch import Batch
from start_photos.environment import StartPhotosEnvironment

# As many connections as a boto3 client keeps open.
THREADS = 10


def start(batch: Batch, photos: list[Entry]) -> None:
    """Start an execution for each photo. Raises what `aws_call` raises, after all photos were tried."""
    settings = StartPhotosEnvironment.from_environ()
    # Made before the threads: boto3's session is for one thread.
    client("stepfunctions")
    begin = partial(_start, settings.state_machine_arn, settings.images_bucket, batch.run)
    with ThreadPoolExecutor(THREADS) as pool:
        attempts = [pool.submit(begin, photo) for photo in photos]
    for attempt in attempts:
        attempt.result()


def _start(machine: str, bucket: str, run: str, entry: Entry) -> None:
    photo = {"bucket": bucket, "key": entry.key, "lane": LANE}
    named = photo | ({"versionId": entry.version} if entry.version else {})
    try:
        with aws_call("states:StartExecution", machine):
            client("stepfunctions").start_execution(
                stateMachineArn=machine, name=execution_name(run, entry), input=json.dumps(named, ensure_ascii=False)
            )
    except ClientError as error:
        if error_code(error) != "ExecutionAlreadyExists":
            raise
