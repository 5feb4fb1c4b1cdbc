"""What executions used of AWS, counted in their histories; each price is in `imagelabels_shared.prices`."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from imagelabels.stack.connection import Stack
from imagelabels_shared import prices
from imagelabels_shared.costs import Part, of_photo, table_units
from imagelabels_shared.image_properties import rows

MB_OF_A_GB = 1024
HANDLER = ".handler.handler"
DETECT, PERSIST, LAMBDA = "DetectLabels", "PersistLabels", "lambda"
# The states that invoke another state's function.
SHARED = {"PublishRejection": "PublishReport", "PublishFailure": "PublishReport"}
# A claim, and the archived run: what an execution writes that labels nothing.
UNITS_WITHOUT_LABELS = 2
# The parts that are counted; the others are the estimates of `of_photo`.
COUNTED = ("Rekognition", "Step Functions", "DynamoDB", "Lambda")


@dataclass
class Usage:
    """What `executions` used together. `gb_seconds` are those of the steps, from the events of each attempt."""

    executions: int = 0
    transitions: int = 0
    detections: int = 0
    image_properties: int = 0
    gb_seconds: float = 0
    invocations: int = 0
    write_units: float = 0
    read_units: float = 0

    def add(self, events: Iterable[dict[str, Any]], memory_mb: Mapping[str, int]) -> None:
        """Count one execution by its history, from the first event on; `memory_mb` is by the name of the state."""
        # The start is a transition, as each state is, and each attempt after the first.
        self.executions += 1
        self.transitions += 1
        state, scheduled, attempts = "", None, 0
        units = (UNITS_WITHOUT_LABELS, 0)
        for event in events:
            if entered := event.get("stateEnteredEventDetails"):
                state, attempts = entered["name"], 0
                self.transitions += 1
            elif event["type"] == "TaskScheduled":
                self.transitions += attempts > 0
                attempts += 1
                of_lambda = event["taskScheduledEventDetails"]["resourceType"] == LAMBDA
                scheduled = event["timestamp"] if of_lambda else None
            elif event["type"] in {"TaskSucceeded", "TaskFailed", "TaskTimedOut"}:
                self._invoked(scheduled, event["timestamp"], memory_mb.get(SHARED.get(state, state), 0))
                self.detections += state == DETECT and event["type"] == "TaskSucceeded"
                scheduled = None
            elif exited := event.get("stateExitedEventDetails"):
                detection = json.loads(exited.get("output", "{}")).get("detection") or {}
                self.image_properties += exited["name"] == DETECT and bool(detection.get("imageProperties"))
                units = _units(detection) if exited["name"] == PERSIST else units
        self.write_units += units[0]
        self.read_units += units[1]

    def _invoked(self, begin: datetime | None, end: datetime, memory_mb: int) -> None:
        if begin:
            self.invocations += 1
            self.gb_seconds += (end - begin).total_seconds() * memory_mb / MB_OF_A_GB

    def parts(self) -> list[Part]:
        """Return what one photo costs, on average; counted where histories tell, and estimated elsewhere."""
        each = {name: getattr(self, name) / (self.executions or 1) for name in vars(self)}
        counted = [
            Part(
                COUNTED[0],
                f"{each['detections']:.2f} DetectLabels that succeeded"
                + (f", {each['image_properties']:.2f} with image properties" if self.image_properties else ""),
                ((prices.DETECT_LABELS, each["detections"]), (prices.IMAGE_PROPERTIES, each["image_properties"])),
            ),
            Part(
                COUNTED[1],
                f"{each['transitions']:.2f} state transitions",
                ((prices.STATE_TRANSITION, each["transitions"]),),
            ),
            Part(
                COUNTED[2],
                f"{each['write_units']:.1f} write units and {each['read_units']:.1f} read units",
                ((prices.WRITE_REQUEST_UNIT, each["write_units"]), (prices.READ_REQUEST_UNIT, each["read_units"])),
            ),
            Part(
                COUNTED[3],
                f"{each['gb_seconds']:.2f} GB-seconds and {each['invocations']:.2f} invocations of the steps",
                ((prices.FUNCTION_GB_SECOND, each["gb_seconds"]), (prices.FUNCTION_REQUEST, each["invocations"])),
            ),
        ]
        estimated = [part for part in of_photo() if part.name not in COUNTED]
        return counted + [replace(part, what=f"estimate: {part.what}") for part in estimated]


def _units(detection: dict[str, Any]) -> tuple[int, int]:
    """Return the units that a photo's labels, colours and quality took, from the output of PersistLabels."""
    return table_units(len(detection.get("labels", [])), len(rows(detection.get("imageProperties"))))


def memory_of_functions(stack: Stack) -> dict[str, int]:
    """Return the memory of each function in MB, by the name of its state."""
    pages = stack.client("lambda").get_paginator("list_functions").paginate()
    functions = [function for page in pages for function in page["Functions"]]
    return {_state(one["Handler"]): one["MemorySize"] for one in functions if one.get("Handler", "").endswith(HANDLER)}


def _state(handler: str) -> str:
    return "".join(word.capitalize() for word in handler.removesuffix(HANDLER).split("_"))


def history(stack: Stack, arn: str) -> list[dict[str, Any]]:
    pages = stack.client("stepfunctions").get_paginator("get_execution_history").paginate(executionArn=arn)
    return [event for page in pages for event in page["events"]]
