"""Pages of the list: each execution once, nothing asked for that is not shown, whatever is started meanwhile."""

from collections import Counter
from collections.abc import Iterator

import boto3
import pytest

from imagelabels.console.cache import Cache
from imagelabels.console.filters import Filter
from imagelabels.console.htmx import htmx
from imagelabels.console.listing import MOST_LOOKED_AT, PAGE, Cursor, page
from imagelabels.console.overview import MOST_FAILED, overview
from imagelabels.console.search_page import newest_execution
from imagelabels.console.source import Source
from imagelabels.errors import UserError
from tests.console.executions_in_moto import ended, stack_in_moto, start
from tests.moto_aws import mocked

COUNT = 260


@pytest.fixture
def source(session: boto3.Session) -> Iterator[Source]:
    """A stack with running executions for a photo each."""
    with mocked():
        stack = stack_in_moto(session)
        for number in range(COUNT):
            start(stack.client("stepfunctions"), stack.machine, number)
        yield Source(stack, write=False)


def every_page(source: Source, wanted: Filter) -> Iterator[list[str]]:
    cursor = ""
    while True:
        found = page(source, wanted, cursor)
        yield [one.key for one in found.executions]
        if not found.more:
            return
        cursor = found.more


def test_pages_show_every_execution_once(source: Source) -> None:
    pages = list(every_page(source, Filter()))
    assert Counter(key for keys in pages for key in keys).most_common(1)[0][1] == 1
    assert sum(map(len, pages)) == COUNT
    assert {len(keys) for keys in pages[:-1]} == {PAGE}


def test_a_filter_finds_all_that_meet_it_page_by_page(source: Source) -> None:
    found = [key for keys in every_page(source, Filter(text="odd/")) for key in keys]
    assert len(found) == len(set(found)) == COUNT // 2


def test_a_photo_that_no_run_was_archived_of_is_found_among_the_newest_executions(source: Source) -> None:
    assert newest_execution(source, f"odd/{COUNT - 1}.jpg") == f"run-{COUNT - 1:04}"
    assert newest_execution(source, "none.jpg") == ""


def test_what_is_started_meanwhile_moves_no_execution_onto_two_pages(source: Source) -> None:
    first = page(source, Filter())
    for number in range(COUNT, COUNT + 5):
        start(source.stack.client("stepfunctions"), source.stack.machine, number)
    second = page(source, Filter(), first.more)
    shown = [one.key for one in (*first.executions, *second.executions)]
    assert len(set(shown)) == len(shown)


def test_a_page_is_drawn_again_down_to_the_same_execution(source: Source) -> None:
    last = page(source, Filter()).executions[-1].arn.split(":", 7)[-1]
    for number in range(COUNT, COUNT + 5):
        start(source.stack.client("stepfunctions"), source.stack.machine, number)
    source.look()
    again = page(source, Filter(), through=last)
    assert [one.arn.split(":", 7)[-1] for one in again.executions][-1] == last
    assert len(again.executions) == PAGE + 5


def test_ten_thousand_executions_are_no_more_work_than_a_thousand(source: Source) -> None:
    asked: Counter[str] = Counter()
    source.stack.client("stepfunctions").meta.events.register(
        "before-call.sfn", lambda model, **_call: asked.update([model.name])
    )
    calls = []
    for count in (1_000, 10_000):
        ended(source, count)
        one = Source(source.stack, write=False)
        asked.clear()
        found = overview(one, Filter())
        assert (len(found.page.executions), str(found.tally["failed"])) == (PAGE, "100+")
        # A second page that is opened meanwhile asks for nothing.
        calls.append(dict(asked))
        overview(one, Filter())
        assert dict(asked) == calls[-1]
    assert calls[0] == calls[1]
    assert calls[1]["ListExecutions"] == 1 + 4
    assert calls[1]["DescribeExecution"] <= 2 * PAGE + MOST_FAILED


def test_a_filter_that_nothing_meets_gives_up_and_says_where_to_go_on(source: Source) -> None:
    found = page(source, Filter(text="nowhere"))
    assert (found.executions, found.looked) == ([], MOST_LOOKED_AT)
    rest = page(source, Filter(text="nowhere"), found.more)
    assert (rest.executions, rest.looked, rest.more) == ([], COUNT - MOST_LOOKED_AT, "")


def test_only_what_is_shown_is_described(source: Source) -> None:
    asked = []
    source.stack.client("stepfunctions").meta.events.register(
        "before-call.sfn.DescribeExecution", lambda **call: asked.append(call["params"]["body"])
    )
    page(source, Filter())
    assert len(asked) == PAGE


@pytest.mark.parametrize("text", ["cut", "bnVsbA==", "WyJ0IiwgIm5vIGRhdGUiLCAibiJd"])
def test_a_place_that_was_tampered_with_is_refused(text: str) -> None:
    with pytest.raises(UserError):
        Cursor.parse(text)


def test_a_place_survives_its_address() -> None:
    place = Cursor("token", "2026-11-25T12:00:00+00:00", "run/ü")
    assert Cursor.parse(place.text) == place
    assert Cursor.parse("") == Cursor()


def test_a_cache_keeps_the_newest_for_as_long_as_it_was_told() -> None:
    clock = [0.0]
    kept: Cache[int] = Cache(2, clock=lambda: clock[0])
    looked: list[str] = []

    def ask(key: str) -> int:
        return kept.get(key, lambda: looked.append(key) or len(looked), lambda _value: 10)  # type: ignore[func-returns-value]

    assert [ask("a"), ask("a"), ask("b"), ask("a"), ask("c"), ask("b")] == [1, 1, 2, 1, 3, 4]
    assert len(kept) == 2
    clock[0] = 11
    assert ask("b") == 5


def test_htmx_is_the_file_that_its_makers_published(monkeypatch: pytest.MonkeyPatch) -> None:
    assert b"htmx" in htmx()
    monkeypatch.setattr("imagelabels.console.htmx.FILE_SHA256", "0" * 64)
    with pytest.raises(UserError, match="not the one"):
        htmx()
