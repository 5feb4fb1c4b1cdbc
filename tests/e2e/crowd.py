"""Many files uploaded at once, and how each of their executions ended."""

import json
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import Any

from tests.corpus.bad import Bad
from tests.corpus.good import Good
from tests.e2e.stack import Stack

# As many at a time as a laptop runs without its functions timing out.
AT_ONCE = 4
PATIENCE_SECONDS = 300.0


def upload_all(stack: Stack, folder: str, files: Mapping[str, Good | Bad]) -> dict[str, dict[str, Any]]:
    """Upload every file under `folder/`; return DescribeExecution's answer of each by the file's name."""
    names = iter(files)
    ended: dict[str, dict[str, Any]] = {}
    while batch := list(islice(names, AT_ONCE)):
        ended |= _upload(stack, folder, {name: files[name].make() for name in batch})
    return ended


def _upload(stack: Stack, folder: str, files: dict[str, bytes]) -> dict[str, dict[str, Any]]:
    s3, before = stack.client("s3"), set(stack.executions())

    def put(name: str) -> None:
        s3.put_object(Bucket=stack.bucket, Key=f"{folder}/{name}", Body=files[name])

    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(put, files))
    return _all_ended(stack, folder, len(files), before)


def _all_ended(stack: Stack, folder: str, count: int, before: set[str]) -> dict[str, dict[str, Any]]:
    ended: dict[str, dict[str, Any]] = {}
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline and len(ended) < count:
        for arn in set(stack.executions()) - before:
            execution = stack.describe(arn)
            if execution["status"] != "RUNNING":
                before.add(arn)
                key = json.loads(execution["input"])["detail"]["object"]["key"]
                ended[key.removeprefix(f"{folder}/")] = execution
        time.sleep(0.1)
    return ended
