"""Running again all that match a filter: which photos, how many at most, and the command that does the same."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import boto3
import pytest

from imagelabels.console.again import plan
from imagelabels.console.filters import Filter
from imagelabels.console.matching import MOST, MOST_LOOKED_AT, command, matching
from imagelabels.console.source import Source
from imagelabels.errors import UserError
from tests.console.executions_in_moto import ended, stack_in_moto
from tests.console.test_rows import execution
from tests.moto_aws import mocked

FAILED = Filter(outcome="failed")


@pytest.fixture
def source(session: boto3.Session) -> Iterator[Source]:
    with mocked():
        yield Source(stack_in_moto(session), write=True)


def label(source: Source, key: str) -> None:
    later = datetime.now(UTC) + timedelta(seconds=5)
    item = {"image_id": f"images/{key}", "record": "IMAGE", "object_key": key, "execution": "later"}
    source.table().put_item(Item=item | {"labelled_at": later.isoformat()})


def test_each_photo_is_run_again_once_unless_it_was_labelled_since(source: Source) -> None:
    ended(source, 60, photos=20)
    label(source, "3.jpg")
    found = matching(source, FAILED)
    assert (len(found.names), found.settled, found.more) == (9, 1, False)
    chosen = plan(source, found.names)
    assert len(set(chosen.keys)) == 9
    assert "3.jpg" not in chosen.keys
    assert [len(cause.names) for cause in chosen.causes] == [9]
    assert "imagelabels reprocess 1.jpg" in chosen.command.splitlines()


def test_more_than_can_be_surveyed_are_bounded_and_said(source: Source) -> None:
    ended(source, 900, photos=900)
    found = matching(source, FAILED)
    assert (len(found.names), found.more) == (MOST, True)
    assert found.looked <= MOST_LOOKED_AT
    rare = matching(source, Filter(text="898.jpg"))
    assert (len(rare.names), rare.more) == (1, True)


def test_a_filter_that_nothing_meets_starts_nothing(source: Source) -> None:
    ended(source, 10, photos=10)
    with pytest.raises(UserError, match="Choose a filter first"):
        matching(source, Filter())
    with pytest.raises(UserError, match="Nothing to run again"):
        matching(source, Filter(text="nowhere"))
    with pytest.raises(UserError, match="Nothing to run again"):
        matching(source, Filter(outcome="running"))


@pytest.mark.parametrize(
    ("wanted", "says"),
    [
        (FAILED, "imagelabels reprocess --outcome failed"),
        (Filter(outcome="rejected"), "imagelabels reprocess --outcome rejected"),
        (Filter("failed", "DetectLabels", "ThrottledError"), "imagelabels reprocess --error ThrottledError"),
        (Filter("failed", "", "a.jpg"), ""),
        (Filter("failed", since="1h"), ""),
        (Filter("labelled"), ""),
    ],
)
def test_the_command_is_only_said_where_it_does_the_same(wanted: Filter, says: str) -> None:
    failed = execution(outcome="FAILED", state="DetectLabels", reason="ThrottledError: Slow.")
    assert command(wanted, [failed]) == says
