"""The runbook: a section for each alarm, and commands that work, run here by a shell on the local stack."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from imagelabels.backfill import runs
from imagelabels.backfill.photos import Request
from imagelabels.paths import ROOT
from tests.e2e.stack import Stack, eventually

RUNBOOK = (ROOT / "docs" / "runbook.md").read_text()
SECTIONS = set(re.findall(r"^## (.+)$", RUNBOOK, re.MULTILINE))
COMMANDS = re.findall(r"^```sh\n(.*?)^```$", RUNBOOK, re.MULTILINE | re.DOTALL)
NO_ALARM = {"An earlier release", "Destroy"}
# The first command that fails ends the script, and says which it was.
STRICT = "set -Eeuo pipefail\ntrap 'echo \"failed: $BASH_COMMAND\" >&2' ERR\n"


def alarms(stack: Stack) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = stack.client("cloudwatch").describe_alarms()["MetricAlarms"]
    return found


def test_each_alarm_has_a_section_and_the_other_way_round(stack: Stack) -> None:
    assert {alarm["AlarmName"].removeprefix("ImageLabels-") for alarm in alarms(stack)} == SECTIONS - NO_ALARM


def test_each_alarm_names_its_section_and_mails_the_operators(stack: Stack) -> None:
    for alarm in alarms(stack):
        assert f"section {alarm['AlarmName'].removeprefix('ImageLabels-')}," in alarm["AlarmDescription"]
        assert alarm["AlarmActions"] == alarm["OKActions"] == [stack.outputs["OperatorsTopicArn"]]


def test_an_alarm_that_goes_off_arrives_as_mail(stack: Stack) -> None:
    name = "ImageLabels-ExecutionsFailed"
    reason = "Tried by a test of the runbook"
    stack.client("cloudwatch").set_alarm_state(AlarmName=name, StateValue="ALARM", StateReason=reason)
    (mail,) = stack.mails(reason)
    assert name in mail.get_content()


@pytest.fixture
def trouble(stack: Stack, astronaut: bytes, tmp_path: Path) -> Iterator[Path]:
    """Make what an operator finds: a failed execution, a backfill, a lost event, a dead letter; and a new photo."""
    stack.start({"photo": "of another shape"})
    # Other tests look at audit records without taking them, which SQS counts as deliveries.
    stack.client("sqs").purge_queue(QueueUrl=stack.outputs["AuditDeadLetterQueueUrl"])
    sqs, event = stack.client("sqs"), '{"photo": "of another shape"}'
    sqs.send_message(QueueUrl=stack.outputs["UndeliveredEventsQueueUrl"], MessageBody=event)
    sqs.send_message(QueueUrl=stack.outputs["AuditDeadLetterQueueUrl"], MessageBody="{}")
    (tmp_path / "sample.png").write_bytes(astronaut)
    runs.start(stack.as_operator, Request("no such folder/", None, again=False), rate=5)
    yield tmp_path
    # Tests of other files may run in the same process, and `doctor` looks into the queue.
    sqs.purge_queue(QueueUrl=stack.outputs["UndeliveredEventsQueueUrl"])


def test_every_command_works(stack: Stack, trouble: Path) -> None:
    environment = {
        **os.environ,
        **stack.variables,
        "IMAGELABELS_HOME": str(Path(stack.outputs["mail"]).parent),
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
    }
    before = len(stack.executions())
    done = subprocess.run(  # noqa: S603  # the runbook's own commands
        ["/bin/bash", "-c", STRICT + "\n".join(COMMANDS)],
        cwd=trouble,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert len(COMMANDS) >= len(SECTIONS)
    # Run again: the failed one, the undelivered event, the lost photo, and the sample that was uploaded.
    assert eventually(lambda: len(stack.executions()) == before + 4 or None)
    assert waiting(stack, "AuditDeadLetterQueueUrl") == "0"


def waiting(stack: Stack, queue: str) -> str:
    url = stack.outputs[queue]
    asked = stack.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["ApproximateNumberOfMessages"])
    return str(asked["Attributes"]["ApproximateNumberOfMessages"])
