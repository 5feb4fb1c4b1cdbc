"""The turn of a photo that waits for Rekognition, in words."""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

WAIT = "WaitForTurn"


def waiting(newest_first: Iterable[dict[str, Any]], now: datetime) -> str:
    """Return the sentence about the turn that a running execution waits for, from its history; "" for any other."""
    entered = next((event for event in newest_first if "stateEnteredEventDetails" in event), None)
    if entered is None or entered["stateEnteredEventDetails"]["name"] != WAIT:
        return ""
    return sentence(entered["stateEnteredEventDetails"].get("input", ""), entered["timestamp"], now)


def sentence(state: str, since: datetime, now: datetime) -> str:
    """Return the sentence about a turn from the JSON that the Wait state got when it was entered, "" without one.

    The photos before it become fewer as time passes.
    """
    try:
        turn = json.loads(state)["detection"]["turn"]
        at, before = datetime.fromisoformat(turn["at"]), int(turn["before"])
    except (ValueError, KeyError, TypeError):
        return ""
    left = max(0.0, (at - now).total_seconds()) / max(1.0, (at - since).total_seconds())
    day, time = turn["at"][:19].split("T")
    when = time if at.date() == now.astimezone(at.tzinfo).date() else f"{day} {time}"
    return f"its turn is at {when} UTC, {round(before * min(1.0, left)):,} before it"
