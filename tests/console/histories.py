"""Executions of a local stack as they were: DescribeExecution's answer and the history, without traces of a machine."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

FOLDER = Path(__file__).parent / "recorded_histories"


class Recorded(NamedTuple):
    """What AWS says of one execution."""

    description: dict[str, Any]
    events: list[dict[str, Any]]

    @property
    def start(self) -> datetime:
        start: datetime = self.description["startDate"]
        return start

    @property
    def stop(self) -> datetime:
        stop: datetime = self.description["stopDate"]
        return stop


def recorded(name: str) -> Recorded:
    document = json.loads((FOLDER / f"{name}.json").read_text())
    description = document["description"]
    dates = {field: datetime.fromisoformat(description[field]) for field in ("startDate", "stopDate")}
    events = [event | {"timestamp": datetime.fromisoformat(event["timestamp"])} for event in document["events"]]
    return Recorded(description | dates, events)
