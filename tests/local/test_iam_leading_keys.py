"""A policy of the local stack limits the items of a table by their partition key, as on AWS."""

import json

import pytest
from ministack.core import iam_actions

from imagelabels.local.emulator import iam_leading_keys

KEY = "dynamodb:LeadingKeys"


@pytest.fixture(autouse=True)
def _corrected(monkeypatch: pytest.MonkeyPatch) -> None:
    # monkeypatch restores the function that the correction replaces for the whole process.
    monkeypatch.setattr(iam_actions, "dynamodb_service_context", iam_actions.dynamodb_service_context)
    iam_leading_keys.apply()


def test_the_partition_key_of_a_request_is_in_its_context() -> None:
    context = iam_actions.dynamodb_service_context(json.dumps({"Key": {"id": {"S": "one"}}}).encode())
    assert context[KEY] == ["one"]
    assert "dynamodb:Select" in context


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"TableName": "labels"}', b'{"Key": {"a": {}, "b": {}}}'])
def test_a_request_without_one_has_none(body: bytes) -> None:
    assert KEY not in iam_actions.dynamodb_service_context(body)
