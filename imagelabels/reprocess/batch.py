"""Starting many executions so that stopping half-way loses nothing and starts nothing twice.

The plan is a file, and each execution's name follows from it: Step Functions refuses to start a name again for 90 days.
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
from imagelabels.stack.pipeline import Pipeline

FOLDER = HOME / "reprocess"


class Batch:
    """`name` is what `--resume` takes. Its files go when every execution has been started."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._plan, self._started = FOLDER / f"{name}.json", FOLDER / f"{name}.started"

    @classmethod
    def plan(cls, machine: str, reruns: list[Rerun]) -> "Batch":
        """Write down what is to be started, before anything is."""
        batch = cls(f"again-{datetime.now(UTC):%Y%m%dT%H%M%S}-{secrets.token_hex(3)}")
        FOLDER.mkdir(parents=True, exist_ok=True)
        batch._plan.write_text(json.dumps({"machine": machine, "inputs": [one.input for one in reruns]}))
        return batch

    def left(self, machine: str) -> list[str]:
        """Return the inputs that are still to be started; raises UserError for an unknown batch, or another stack's."""
        if not self._plan.exists():
            raise UserError(f"There is no unfinished batch {self.name}.")
        plan = json.loads(self._plan.read_text())
        if plan["machine"] != machine:
            raise UserError(f"The batch {self.name} belongs to another stack: {plan['machine']}.")
        started = set(self._started.read_text().split()) if self._started.exists() else set()
        return [one for one in plan["inputs"] if self._name(one) not in started]

    def start(self, pipeline: Pipeline, inputs: list[str], rate: float) -> Iterator[str]:
        """Start at most `rate` executions a second; yield each ARN."""
        begin = time.monotonic()
        with self._started.open("a") as started:
            for number, one in enumerate(inputs):
                time.sleep(max(0.0, begin + number / rate - time.monotonic()))
                yield _start(pipeline, self._name(one), one)
                started.write(f"{self._name(one)}\n")
                started.flush()
        self._plan.unlink()
        self._started.unlink()

    def _name(self, execution_input: str) -> str:
        return f"{self.name}-{hashlib.sha256(execution_input.encode()).hexdigest()[:24]}"


def _start(pipeline: Pipeline, name: str, execution_input: str) -> str:
    try:
        answer = pipeline.states.start_execution(stateMachineArn=pipeline.machine, name=name, input=execution_input)
        return str(answer["executionArn"])
    except ClientError as error:
        if error.response["Error"]["Code"] != "ExecutionAlreadyExists":
            raise
        # The last run was stopped between the start and the note of it.
        return f"{pipeline.machine.replace(':stateMachine:', ':execution:')}:{name}"
