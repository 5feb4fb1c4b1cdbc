"""When the newest version is deleted, or a delete marker is, an older version is the photo again; S3 tells nobody."""

import json
from typing import Any

from botocore.exceptions import ClientError

from shared.aws import client, error_code, permitted
from shared.claims import Version, claimant
from shared.labels_table import Seen
from shared.photo import Head
from shared.settings import setting
from shared.source import locate

RUNNING = "RUNNING"
# Lifecycle rules delete versions that were not the newest, so nothing older comes back.
LIFECYCLE = "Lifecycle Expiration"


def relabel(event: dict[str, Any], seen: Seen, head: Head) -> str | None:
    """Start labelling the version that is current again; return the execution's ARN, None when there is no need.

    There is none when the table shows another version than the deleted one, or when an upload's execution runs.
    """
    source = locate(event)
    version = Version(source["bucket"], source["key"], head.version)
    unrelated = event["detail"].get("reason") == LIFECYCLE or seen.version not in {None, source.get("versionId")}
    if unrelated or _runs(claimant(version)):
        return None
    photo = {"bucket": version.bucket, "key": version.key, "versionId": version.version}
    return _start(f"restored-{event['id']}", photo)


def _runs(execution: str | None) -> bool:
    if execution is None:
        return False
    with permitted("states:DescribeExecution", execution):
        return bool(client("stepfunctions").describe_execution(executionArn=execution)["status"] == RUNNING)


def _start(name: str, photo: dict[str, str]) -> str:
    """Start an execution; when the message comes again, the name makes it the same one."""
    machine = setting("STATE_MACHINE_ARN")
    try:
        with permitted("states:StartExecution", machine):
            client("stepfunctions").start_execution(stateMachineArn=machine, name=name, input=json.dumps(photo))
    except ClientError as error:
        if error_code(error) != "ExecutionAlreadyExists":
            raise
    return f"{machine.replace(':stateMachine:', ':execution:')}:{name}"
