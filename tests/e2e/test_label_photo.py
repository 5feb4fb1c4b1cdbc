"""A photo dropped in the bucket is labelled, mailed and audited."""

import json
from typing import Any

import pytest

from tests.e2e.stack import Stack
from tests.workflow.branches import LABELLED_PATH

LONGEST_KEY = "k" * 1020 + ".png"
HARD_KEYS = [
    "a b+c%20d.jpg",
    "ünïcødé/日本 📷.jpg",
    "\"quotes' & <tags>.png",
    LONGEST_KEY,
    "first line\nsecond line.jpg",
]


@pytest.fixture(scope="session")
def labelled(stack: Stack, astronaut: bytes) -> dict[str, Any]:
    return stack.upload("astronaut.png", astronaut)


def test_astronaut_passes_every_state(stack: Stack, labelled: dict[str, Any]) -> None:
    assert labelled["status"] == "SUCCEEDED"
    assert stack.states(labelled["executionArn"]) == LABELLED_PATH


def test_astronaut_has_labels_in_the_table(stack: Stack, labelled: dict[str, Any]) -> None:
    items = stack.items("astronaut.png")
    assert {"IMAGE", "LABEL#Face", "LABEL#Person"} <= set(items)
    assert items["IMAGE"]["label_count"] == {"N": "2"}
    assert items["IMAGE"]["execution"] == {"S": labelled["executionArn"]}
    assert float(items["LABEL#Face"]["confidence"]["N"]) > 90


def test_by_label_finds_the_surest_photo_first(stack: Stack, labelled: dict[str, Any]) -> None:
    assert labelled["status"] == "SUCCEEDED"
    answer = stack.client("dynamodb").query(
        TableName=stack.outputs["LabelsTableName"],
        IndexName="by-label",
        KeyConditionExpression="label = :face",
        ExpressionAttributeValues={":face": {"S": "Face"}},
        ScanIndexForward=False,
    )
    assert "astronaut.png" in [item["object_key"]["S"] for item in answer["Items"]]


def test_whole_answer_with_boxes_is_in_the_work_bucket(stack: Stack, labelled: dict[str, Any]) -> None:
    place = json.loads(labelled["output"])["detection"]["answer"]
    body = stack.client("s3").get_object(Bucket=place["bucket"], Key=place["key"])["Body"].read()
    boxes = {label["Name"]: label["Instances"][0]["BoundingBox"] for label in json.loads(body)["Labels"]}
    assert boxes["Face"]["Left"] == pytest.approx(0.346, abs=0.05)
    assert boxes["Face"]["Top"] == pytest.approx(0.129, abs=0.05)


def test_one_mail_names_the_labels(stack: Stack, labelled: dict[str, Any]) -> None:
    (mail,) = stack.mails(labelled["executionArn"])
    assert mail["Subject"] == "Face, Person: astronaut.png"
    assert {"Face", "Person"} <= set(mail.get_content().split())


def test_one_audit_record_tells_the_outcome(stack: Stack, astronaut: bytes) -> None:
    execution = stack.upload("audited.png", astronaut)
    record = stack.audit(execution["executionArn"])
    assert record["schema"] == 1
    assert record["outcome"] == "LABELLED"
    assert record["labels"] == ["Face", "Person"]
    assert record["image"] == {
        "bucket": stack.bucket,
        "key": "audited.png",
        "versionId": stack.items("audited.png")["IMAGE"]["version"]["S"],
        "etag": stack.items("audited.png")["IMAGE"]["etag"]["S"],
        "size": len(astronaut),
    }


@pytest.mark.parametrize("key", HARD_KEYS, ids=ascii)
def test_any_key_works(stack: Stack, astronaut: bytes, key: str) -> None:
    execution = stack.upload(key, astronaut)
    assert stack.states(execution["executionArn"]) == LABELLED_PATH
    assert stack.items(key)["LABEL#Face"]["object_key"] == {"S": key}
    (mail,) = stack.mails(execution["executionArn"])
    assert len(mail["Subject"]) <= 99


def test_a_folder_made_in_the_console_starts_nothing(stack: Stack, astronaut: bytes) -> None:
    stack.client("s3").put_object(Bucket=stack.bucket, Key="folder/", Body=b"")
    stack.upload("after the folder.png", astronaut)
    inputs = [json.loads(stack.describe(arn)["input"]) for arn in stack.executions()]
    assert "folder/" not in [started.get("detail", {}).get("object", {}).get("key") for started in inputs]


def test_restart_with_its_own_input_reprocesses(stack: Stack, labelled: dict[str, Any]) -> None:
    again = stack.start(json.loads(labelled["input"]))
    assert again["executionArn"] != labelled["executionArn"]
    assert stack.states(again["executionArn"]) == LABELLED_PATH
    assert len(stack.mails(again["executionArn"])) == 1


def test_start_with_bucket_and_key_reprocesses(stack: Stack, astronaut: bytes) -> None:
    stack.upload("typed.png", astronaut)
    again = stack.start({"bucket": stack.bucket, "key": "typed.png"})
    assert stack.states(again["executionArn"]) == LABELLED_PATH
    assert stack.items("typed.png")["IMAGE"]["execution"] == {"S": again["executionArn"]}
