"""The list in words: rows, filters, and what is failing now."""

from datetime import UTC, datetime, timedelta

import pytest

from imagelabels.console.failures import failing, remedy
from imagelabels.console.filters import Filter
from imagelabels.console.rows import age, labels, row
from imagelabels.errors import UserError
from imagelabels.stack.executions import Execution

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


def execution(key: str = "a.jpg", outcome: str = "LABELLED", minutes: int = 5, **given: object) -> Execution:
    started = NOW - timedelta(minutes=minutes)
    ended = None if outcome == "RUNNING" else started + timedelta(seconds=2)
    values = {"state": "", "retries": 0, "labels": {}, "reason": ""} | given
    arn = f"arn:aws:states:us-east-1:123456789012:execution:label-image:{key}-{minutes}"
    return Execution(arn=arn, key=key, outcome=outcome, started=started, stopped=ended, **values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("one", "says"),
    [
        (execution(labels={"Dog": 98.7, "Pet": 98.7}), "Dog 99 %, Pet 99 %"),
        (execution(), "nothing recognised"),
        (execution(outcome="RUNNING", state="DetectLabels"), "in DetectLabels"),
        (execution(outcome="RUNNING"), "starting"),
        (execution(outcome="REJECTED", reason="EmptyImageError: The file is empty."), "The file is empty."),
        (
            execution(outcome="FAILED", state="DetectLabels", reason="ThrottledError: Slow."),
            "in DetectLabels: ThrottledError. Slow.",
        ),
        (execution(outcome="ABORTED"), ""),
        (execution(outcome="ABORTED", state="DetectLabels"), "in DetectLabels"),
        (execution(outcome="ABORTED", state="DetectLabels", reason="Too slow."), "in DetectLabels: Too slow."),
    ],
)
def test_a_row_says_in_one_line_what_matters(one: Execution, says: str) -> None:
    assert row(one, NOW).what == says


def test_a_row_links_to_its_execution_whatever_its_name() -> None:
    shown = row(execution("a/b?c.jpg"), NOW)
    assert shown.link == "/executions/a%2Fb%3Fc.jpg-5"
    assert (shown.age, shown.took, shown.outcome, shown.style) == ("5 min", "2.0 s", "Labelled", "labelled")


def test_many_labels_are_cut() -> None:
    assert labels({str(number): 99.0 for number in range(8)}).endswith("5 99 %, 2 more")


def test_ages_are_whole_units() -> None:
    assert [age(seconds) for seconds in (-3, 59, 60, 7_199, 200_000)] == ["0 s", "59 s", "1 min", "1 h", "2 d"]


@pytest.mark.parametrize(
    ("wanted", "meets"),
    [
        (Filter(), True),
        (Filter(outcome="failed"), True),
        (Filter(outcome="labelled"), False),
        (Filter(state="DetectLabels"), True),
        (Filter(state="PersistLabels"), False),
        (Filter(text="TRIP/"), True),
        (Filter(text="throttled"), True),
        (Filter(text="cat"), False),
    ],
)
def test_filters_look_at_outcome_state_and_text(wanted: Filter, *, meets: bool) -> None:
    one = execution("trip/sea.jpg", "FAILED", state="DetectLabels", reason="ThrottledError: Slow down.")
    assert wanted.meets(one) is meets


def test_an_address_and_a_filter_say_the_same() -> None:
    wanted = Filter(outcome="failed", text="a&b", since="1h")
    assert wanted.query == "outcome=failed&text=a%26b&since=1h"
    assert Filter.parse({"outcome": "failed", "text": " a&b ", "since": "1h", "page": "9"}) == wanted
    assert Filter().query == ""


@pytest.mark.parametrize("given", [{"outcome": "green"}, {"since": "yesterday"}])
def test_a_filter_that_there_is_not_is_refused(given: dict[str, str]) -> None:
    with pytest.raises(UserError):
        Filter.parse(given)


def test_failures_of_one_cause_are_one_group_and_mended_photos_are_none() -> None:
    denied = {"state": "DetectLabels", "reason": "AccessDeniedError: No."}
    newest_first = [
        execution("mended.jpg", "LABELLED", 1),
        execution("a.jpg", "FAILED", 2, **denied),
        execution("b.jpg", "FAILED", 3, **denied),
        execution("a.jpg", "FAILED", 4, **denied),
        execution("mended.jpg", "FAILED", 5, **denied),
        execution("c.jpg", "TIMED_OUT", 6, state="PersistLabels"),
    ]
    first, second = failing(newest_first)
    assert (first.state, first.error, first.names) == ("DetectLabels", "AccessDeniedError", ["a.jpg-2", "b.jpg-3"])
    assert first.again == "name=a.jpg-2&name=b.jpg-3"
    assert (second.state, second.error) == ("PersistLabels", "Timed out")


def test_only_known_errors_have_a_remedy() -> None:
    assert "permission" in remedy("AccessDeniedError")
    assert remedy("KeyError") == ""
