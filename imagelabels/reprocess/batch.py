"""Many executions started so that an interruption loses none of them and starts none twice.

The plan is a file, and each execution's name follows from it: Step Functions refuses a used name for 90 days.
"""

import hashlib
import json
import secrets
import time
from collections.abc import Iterator
from datetime import UTC, datetime

from botocore.exceptions import ClientError

from imagelabels.errors import UserError
from imagelabels.paths import HOME
from imagelabels.reprocess.selection import Rerun
from imagelabels.stack import executions
from imagelabels.stack.connection import Stack

FOLDER = HOME / "reprocess"


class Batch:
    """`name` is what `--resume` takes. The batch's files are deleted when every execution has been started."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._plan, self._started = FOLDER / f"{name}.json", FOLDER / f"{name}.started"

    @classmethod
    def plan(cls, machine: str, reruns: list[Rerun]) -> "Batch":
        """Write the plan to its file, before anything is started."""
        batch = cls(f"again-{datetime.now(UTC):%Y%m%dT%H%M%S}-{secrets.token_hex(3)}")
        FOLDER.mkdir(parents=True, exist_ok=True)
        batch._plan.write_text(json.dumps({"machine": machine, "inputs": [rerun.input for rerun in reruns]}))
        return batch

    def left(self, machine: str) -> list[str]:
        """Return the inputs that are still to be started; raises UserError for an unknown batch, or another stack's."""
        if not self._plan.exists():
            raise UserError(f"There is no unfinished batch {self.name}.")
        plan = json.loads(self._plan.read_text())
        if plan["machine"] != machine:
            raise UserError(f"The batch {self.name} belongs to another stack: {plan['machine']}.")
        started = set(self._started.read_text().split()) if self._started.exists() else set()
        return [execution_input for execution_input in plan["inputs"] if self._name(execution_input) not in started]

    def start(self, stack: Stack, inputs: list[str], rate: float) -> Iterator[str]:
        """Start at most `rate` executions a second; yield each ARN."""
        begin = time.monotonic()
        with self._started.open("a") as started:
            for number, execution_input in enumerate(inputs):
                time.sleep(max(0.0, begin + number / rate - time.monotonic()))
                yield _start(stack, self._name(execution_input), execution_input)
                started.write(f"{self._name(execution_input)}\n")
                started.flush()
        self._plan.unlink()
        self._started.unlink()

    def _name(self, execution_input: str) -> str:
        return f"{self.name}-{hashlib.sha256(execution_input.encode()).hexdigest()[:24]}"


def _start(stack: Stack, name: str, execution_input: str) -> str:
    try:
        return executions.start(stack, execution_input, name)
    except ClientError as error:
        if error.response["Error"]["Code"] != "ExecutionAlreadyExists":
            raise
        # An interruption came after this start, and before its name was written to the file.
        return executions.arn_of(stack, name)
