"""The archived runs of a photo: what the audit trail recorded of each."""

from dataclasses import dataclass
from typing import Any

from imagelabels.stack.connection import Stack
from imagelabels_shared.table.records import RUN_PREFIX


@dataclass(frozen=True)
class ArchivedRun:
    """One run of a photo. `started` and `ended` are ISO 8601, UTC; `said` is its error or its labels."""

    started: str
    ended: str
    outcome: str
    version: str
    execution: str
    said: str


def archived_runs(stack: Stack, photo: str) -> list[ArchivedRun]:
    """Return the runs of a photo, the first one first.

    `photo` is bucket/key, or the ARN of an execution whose input named no photo.
    """
    table = stack.table()
    pages = table.meta.client.get_paginator("query").paginate(
        TableName=table.name,
        KeyConditionExpression="image_id = :photo AND begins_with(#record, :runs)",
        ExpressionAttributeNames={"#record": "record"},
        ExpressionAttributeValues={":photo": photo, ":runs": RUN_PREFIX},
    )
    runs = [_run(item) for page in pages for item in page["Items"]]
    return sorted(runs, key=lambda run: (run.started, run.ended))


def _run(item: dict[str, Any]) -> ArchivedRun:
    return ArchivedRun(
        started=item["stages"]["started"],
        ended=item["stages"]["recorded"],
        outcome=item["outcome"],
        version=item.get("version", ""),
        execution=item["execution"],
        said=said(item),
    )


def said(item: dict[str, Any]) -> str:
    """Return what a run's item says of its end: the error, or the names of the labels."""
    if error := item.get("error"):
        return f"{error['name']}: {error['cause']}".strip(": ")
    if restarted := item.get("restarted"):
        return f"An older version is the photo again: {restarted}"
    return ", ".join(item.get("labels", []))
