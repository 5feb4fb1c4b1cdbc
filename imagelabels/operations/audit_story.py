"""A photo's story, from the audit archive."""

from dataclasses import dataclass
from typing import Any

from imagelabels.stack.connection import Connection
from imagelabels_shared.table.records import RUN_PREFIX


@dataclass(frozen=True)
class Run:
    """What happened to a photo once. `started` and `ended` are ISO 8601, UTC; `said` is the reason or the labels."""

    started: str
    ended: str
    outcome: str
    version: str
    execution: str
    said: str


def story(connection: Connection, photo: str) -> list[Run]:
    """Return what happened to a photo (bucket/key, or the ARN of an execution that named none), the first run first."""
    pages = (
        connection.client("dynamodb")
        .get_paginator("query")
        .paginate(
            TableName=connection.outputs["LabelsTableName"],
            KeyConditionExpression="image_id = :photo AND begins_with(#record, :runs)",
            ExpressionAttributeNames={"#record": "record"},
            ExpressionAttributeValues={":photo": {"S": photo}, ":runs": {"S": RUN_PREFIX}},
        )
    )
    runs = [_run(plain({"M": item})) for page in pages for item in page["Items"]]
    return sorted(runs, key=lambda run: (run.started, run.ended))


def _run(item: dict[str, Any]) -> Run:
    return Run(
        started=item["stages"]["started"],
        ended=item["stages"]["recorded"],
        outcome=item["outcome"],
        version=item.get("version", ""),
        execution=item["execution"],
        said=_said(item),
    )


def _said(item: dict[str, Any]) -> str:
    if error := item.get("error"):
        return f"{error['name']}: {error['cause']}".strip(": ")
    if restarted := item.get("restarted"):
        return f"An older version is the photo again: {restarted}"
    return ", ".join(item.get("labels", []))


def plain(value: dict[str, Any]) -> Any:
    """Return a DynamoDB attribute as Python has it."""
    ((kind, content),) = value.items()
    match kind:
        case "M":
            return {name: plain(one) for name, one in content.items()}
        case "L":
            return [plain(one) for one in content]
        case "NULL":
            return None
    return content
