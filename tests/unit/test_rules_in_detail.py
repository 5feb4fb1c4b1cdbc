"""Rules of the functions at their edges: a fault in one line of them is seen here, and not by whole workflows alone."""

import json
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.exceptions import ClientError

from check_subscriptions import mail as subscription_mail
from detect_labels import pacing
from detect_labels.pacing import Admitted, Photo, enter, throttled
from detect_labels.rekognition import s3_object
from imagelabels_shared.aws import AccessDeniedError, client
from imagelabels_shared.errors import ArchivedImageError, ImageNotFoundError, ServiceUnavailableError, ThrottledError
from imagelabels_shared.execution_input import locate
from imagelabels_shared.models import Turn
from imagelabels_shared.object_versions import Head, exactly, newest, rejection
from imagelabels_shared.table.labels import _meaning
from imagelabels_shared.turns import item
from imagelabels_shared.turns.schedule import PATIENCE, SECOND, Lane, Limit, Schedule, faster, slower
from remove_labels.relabel import _start
from send_digest.mails import Mail
from send_digest.page import page
from send_digest.queued_reports import read
from tests import resources
from tests.clock import Clock
from tests.mails.examples import report
from tests.resources import CLAIMS, IMAGES, MACHINE
from tests.unit.aws_errors import refusal, refuse
from tests.unit.samples import detection, image, label

if TYPE_CHECKING:
    from collections.abc import Callable

FIVE = Limit(5.0, 0.8)
FULL = FIVE.between_calls
NOW = 1_795_608_000 * SECOND


def test_a_call_that_can_be_made_within_two_seconds_to_the_microsecond_is_admitted() -> None:
    assert Schedule(call_at=NOW + PATIENCE).admit(Lane.LIVE, FIVE, NOW) == NOW + PATIENCE
    assert Schedule(call_at=NOW + PATIENCE + 1).admit(Lane.LIVE, FIVE, NOW) is None
    schedule = Schedule(interval=7 * SECOND)
    assert (schedule.admit(Lane.LIVE, FIVE, NOW), schedule.call_at) == (NOW, NOW + 7 * SECOND)


def test_the_rate_comes_back_by_a_fiftieth_each_second() -> None:
    half = 2 * FULL
    assert faster(half, FIVE, SECOND) == round(FULL / 0.52)
    assert faster(half, FIVE, 0) == half
    assert faster(half, FIVE, 25 * SECOND) == faster(FULL, FIVE, 0) == faster(FULL // 2, FIVE, 0) == FULL
    assert slower(9 * FULL + 10, FIVE) == 10 * FULL
    assert slower(10_000, Limit(100.0)) == round(10_000 / 0.99)


@pytest.fixture
def claims(aws: None) -> Any:  # noqa: ARG001  # moto is on
    resources.create_tables()
    return boto3.resource("dynamodb").Table(CLAIMS)


def stored(claims: Any, **fields: int) -> None:
    claims.put_item(Item={"id": item.DETECT_LABELS, **fields})


def kept(claims: Any) -> dict[str, int]:
    found = claims.get_item(Key={"id": item.DETECT_LABELS}).get("Item", {})
    return {name: int(value) for name, value in found.items() if name != "id"}


@pytest.mark.parametrize(("passed", "changes"), [(SECOND - 1, False), (SECOND, True)])
def test_the_rate_is_raised_once_a_second_at_most(claims: Any, passed: int, changes: bool) -> None:  # noqa: FBT001  # a parameter of a test
    stored(claims, interval=2 * FULL, adjusted_at=NOW - passed)
    item.speed_up(Schedule(interval=2 * FULL, adjusted_at=NOW - passed), FIVE, NOW)
    expected = (round(FULL / 0.52), NOW) if changes else (2 * FULL, NOW - passed)
    assert (kept(claims)["interval"], kept(claims)["adjusted_at"]) == expected


@pytest.mark.parametrize("interval", [0, FULL])
def test_a_full_rate_is_left_alone(claims: Any, interval: int) -> None:
    item.speed_up(Schedule(interval=interval), FIVE, NOW)
    assert kept(claims) == {}


def test_another_limit_is_taken_over_and_a_change_in_between_stays(claims: Any) -> None:
    seen = Schedule(interval=FULL // 2, adjusted_at=NOW - SECOND)
    stored(claims, interval=seen.interval, adjusted_at=seen.adjusted_at)
    item.speed_up(seen, FIVE, NOW)
    assert kept(claims) == {"interval": FULL, "adjusted_at": NOW}
    item.slow_down(seen, FIVE, NOW + SECOND)
    assert kept(claims) == {"interval": FULL, "adjusted_at": NOW}
    item.slow_down(Schedule(interval=FULL, adjusted_at=NOW), FIVE, NOW + SECOND)
    assert kept(claims) == {"interval": round(FULL / 0.9), "adjusted_at": NOW + SECOND}


@pytest.mark.parametrize(
    ("lane", "at", "admitted", "call_at"),
    [
        (Lane.LIVE, {}, True, NOW + FULL),
        (Lane.LIVE, {"call_at": NOW - 1}, True, NOW + FULL),
        (Lane.LIVE, {"call_at": NOW}, True, NOW + FULL),
        (Lane.LIVE, {"call_at": NOW + PATIENCE}, True, NOW + PATIENCE + FULL),
        (Lane.LIVE, {"call_at": NOW + PATIENCE + 1}, False, NOW + PATIENCE + 1),
        (Lane.LIVE, {"live_at": NOW + PATIENCE + 1}, True, NOW + FULL),
        (Lane.BACKFILL, {"live_at": NOW + PATIENCE}, True, NOW + FULL),
        (Lane.BACKFILL, {"live_at": NOW + PATIENCE + 1}, False, 0),
    ],
)
def test_a_call_is_admitted_when_there_is_room(
    claims: Any,
    lane: Lane,
    at: dict[str, int],
    admitted: bool,  # noqa: FBT001  # a parameter of a test
    call_at: int,
) -> None:
    if at:
        stored(claims, **at)
    update = item.admit(lane, FIVE, NOW)
    assert (update.done, update.schedule.call_at) == (admitted, call_at)
    if admitted:
        assert item.call_of(update, FIVE) == call_at - FULL


@pytest.mark.parametrize(
    ("lane", "call_at", "begin", "at_once"),
    [
        (Lane.LIVE, 0, 0, True),
        (Lane.LIVE, NOW, 0, True),
        (Lane.LIVE, NOW + 1, 0, False),
        (Lane.LIVE, 0, NOW + 1, False),
        (Lane.BACKFILL, 0, 0, False),
    ],
)
def test_a_turn_is_a_call_at_once_for_a_live_photo_alone(
    claims: Any,
    lane: Lane,
    call_at: int,
    begin: int,
    at_once: bool,  # noqa: FBT001  # a parameter of a test
) -> None:
    if call_at:
        stored(claims, call_at=call_at)
    taken = item.take(lane, FIVE, NOW, begin)
    assert (taken.at, taken.admitted) == (max(NOW, begin), at_once)
    assert kept(claims).get("call_at", 0) == (NOW + FULL if at_once else call_at)
    assert item.take(lane, FIVE, NOW).at == taken.at + FIVE.between_turns(lane)


def test_a_turn_of_the_past_has_nobody_before_it_and_speeds_up(claims: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(NOW / SECOND)
    monkeypatch.setattr(pacing, "time", clock)
    stored(claims, interval=2 * FULL, adjusted_at=NOW - 5 * SECOND, live_at=NOW - 9 * SECOND)
    held = Turn(wait=True, at="2026-11-25T11:59:00.000Z", before=3, number=1)
    entered = enter(Photo(Lane.LIVE, held, can_wait=True), FIVE)
    assert isinstance(entered, Admitted)
    assert entered.turn == {**held, "wait": False, "before": 0}
    assert kept(claims)["interval"] == round(FULL / 0.6)
    assert pacing._turn(NOW - 1, NOW, 1, Lane.LIVE, FIVE)["before"] == 0  # noqa: SLF001  # an earlier turn
    assert pacing._turn(NOW + SECOND, NOW, 1, Lane.LIVE, FIVE)["before"] == 4  # noqa: SLF001  # one of a second later


def test_the_last_turn_but_one_is_given_and_one_that_cannot_wait_gets_none(claims: Any) -> None:  # noqa: ARG001  # the table
    tired = Admitted(Turn(wait=False, at="2026-11-25T12:00:00.000Z", before=0, number=499), Schedule())
    assert throttled(Photo(Lane.LIVE, None, can_wait=True), tired, FIVE, "slow down")["number"] == 500
    with pytest.raises(ThrottledError, match=r"^slow down This photo has had 499 turn\(s\)\.$"):
        throttled(Photo(Lane.LIVE, None, can_wait=False), tired, FIVE, "slow down")


def canceled(*codes: str) -> ClientError:
    return refusal("TransactionCanceledException", 400, CancellationReasons=[{"Code": code} for code in codes])


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (canceled("None", "ConditionalCheckFailed"), ServiceUnavailableError),
        (canceled("TransactionConflict"), ServiceUnavailableError),
        *(
            (canceled("TransactionConflict", busy), ThrottledError)
            for busy in ("ThrottlingError", "RequestLimitExceeded")
        ),
        (canceled("ProvisionedThroughputExceeded"), ThrottledError),
        *(
            (canceled("ThrottlingError", denied), AccessDeniedError)
            for denied in ("AccessDenied", "AccessDeniedException")
        ),
        (canceled("TransactionConflict", "ValidationError"), ClientError),
        (refusal("ValidationException"), ClientError),
    ],
)
def test_why_a_transaction_was_canceled(error: ClientError, kind: type[Exception]) -> None:
    assert type(_meaning(error, "dynamodb:PutItem", "table/labels")) is kind


@pytest.mark.parametrize(
    ("error", "kind", "says"),
    [
        *((refusal(code), ImageNotFoundError, "^gone$") for code in ("404", "NoSuchKey", "NoSuchVersion")),
        (refusal("InvalidObjectState"), ArchivedImageError, r"\(an archive storage class\)"),
        (refusal("InvalidObjectState", StorageClass="GLACIER"), ArchivedImageError, r"\(GLACIER\)"),
        (refusal("InvalidObjectState", StorageClass="G", AccessTier="DEEP"), ArchivedImageError, r"\(DEEP\)"),
        (refusal("Odd"), ClientError, "Odd"),
    ],
)
def test_what_a_failed_read_means(error: ClientError, kind: type[Exception], says: str) -> None:
    with pytest.raises(kind, match=says):
        raise rejection(error, "gone")


@pytest.mark.parametrize(
    ("code", "missing"), [("404", (True, True)), ("NoSuchVersion", (False, True)), ("Odd", (False, False))]
)
def test_a_version_that_is_not_there_is_none(s3: Any, code: str, missing: tuple[bool, bool]) -> None:
    refuse(s3, "HeadObject", refusal(code))
    looks: tuple[Callable[[], Head | None], ...] = (
        lambda: newest(s3, IMAGES, "a"),
        lambda: exactly(s3, IMAGES, "a", "v"),
    )
    for look, none in zip(looks, missing, strict=True):
        if none:
            assert look() is None
        else:
            with pytest.raises(ClientError, match=code):
                look()


@pytest.mark.parametrize(
    ("key", "climbs"),
    [
        ("a/../b", False),
        ("..", True),
        ("./../a", True),
        ("a//../..", True),
        ("a/./../..", True),
        ("a/b/../../c", False),
    ],
)
def test_a_key_that_leads_out_of_the_bucket_is_refused(key: str, climbs: bool) -> None:  # noqa: FBT001  # a parameter of a test
    if climbs:
        with pytest.raises(ValueError, match="No S3 object has this key or version"):
            locate({"bucket": IMAGES, "key": key})
    else:
        assert locate({"bucket": IMAGES, "key": key})["key"] == key


def test_rekognition_reads_the_version_that_was_examined() -> None:
    versioned, plain = s3_object(image()), s3_object(image(versionId="null"))
    assert versioned == {"Bucket": IMAGES, "Name": "photos/a.jpg", "Version": "v1"}
    assert plain == {"Bucket": IMAGES, "Name": "photos/a.jpg"}


@pytest.mark.parametrize(("code", "well"), [("ExecutionAlreadyExists", True), ("StateMachineDoesNotExist", False)])
def test_a_repeated_message_starts_no_second_execution(aws: None, code: str, well: bool) -> None:  # noqa: ARG001, FBT001  # moto is on; a parameter of a test
    refuse(client("stepfunctions"), "StartExecution", refusal(code, 400, "StartExecution"))
    if well:
        _start(MACHINE, "restored-1", {})
    else:
        with pytest.raises(ClientError, match=code):
            _start(MACHINE, "restored-1", {})


def records(body: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"messageId": "1", "body": json.dumps(body), "attributes": {"ApproximateReceiveCount": "1"}}]


@pytest.mark.parametrize("field", ["schema", "outcome", "image", "labels", "execution", "links"])
def test_a_report_without_one_of_its_fields_is_none(field: str) -> None:
    whole = dict(report("one", image=image(), detection=detection(label())))
    assert [message.ids for message in read(records(whole))[0]] == [["1"]]
    del whole[field]
    assert read(records(whole)) == ([], ["1"])


def test_a_mail_about_two_photos_is_a_digest_whose_link_is_that_of_the_first() -> None:
    both = [
        report(name, key=f"{name}.jpg", image=image(key=f"{name}.jpg"), detection=detection(label()))
        for name in ("one", "two")
    ]
    html = page(
        Mail("subject", "text", both, ["1", "2"], technical=True), pictured=False, stop="mailto:stop@example.com"
    )
    assert "one.jpg" in html
    assert "two.jpg" in html
    assert both[0]["rerun"].split("--name")[0] in html.replace("&#39;", "'").replace("&#34;", '"')


def test_whoever_still_gets_mail_reads_that_no_operator_does(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[str] = []
    monkeypatch.setenv("MAIL_TOPIC_ARN", "arn:mail")
    monkeypatch.setenv("MAIL_EMAIL", "owner@example.com")
    monkeypatch.setattr(subscription_mail, "_publish", sent.append)
    subscription_mail.tell(["One is lost.", "Two is lost."])
    assert sent == ["No operator gets the alarms of the stack:\n\nOne is lost.\n\nTwo is lost.\n"]
