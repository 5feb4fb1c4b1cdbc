"""SendDigest mails each report that the queue hands over: a few photos as their own reports, more as a digest."""

import io
import json
import re
import time
from types import SimpleNamespace
from typing import Any

import boto3
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from imagelabels_shared.aws import client
from imagelabels_shared.images.boxes import LabelledBox
from imagelabels_shared.images.limits import MAX_BYTES as MAX_IMAGE_BYTES
from imagelabels_shared.models import Report
from imagelabels_shared.report.text import RULE
from send_digest import handler as module
from send_digest import picture
from send_digest.digest import MAX_BYTES, digests, line
from send_digest.handler import handler
from send_digest.mails import mails as mails_of
from send_digest.page import page
from send_digest.picture import LONGEST_SIDE_PX, boxes_of, draw
from send_digest.queued_reports import Message
from send_digest.text_message import text_message
from tests.corpus.bad import hidden_scans
from tests.lambda_context import Context
from tests.mails.examples import HOSTILE_KEY, detection, digest_of_300, image, label, report
from tests.resources import topic_with_inbox
from tests.unit.aws_errors import refusal, refuse
from tests.unit.conftest import IMAGES, WORK

# A word of the command that runs a photo again, and one of the links to its execution.
TECHNICAL = {"start-execution", RULE}
OWNER, OPERATOR, SENDER = "owner@example.com", "operator@example.com", "labels@example.com"


def photo(name: str, *found: str) -> Report:
    return report(name, image=image(f"{name}.jpg"), detection=detection(*(label(one, 98.0) for one in found)))


def rejected(name: str) -> Report:
    return report(name, "REJECTED", f"{name}.jpg", failure={"Error": "EmptyImageError", "Cause": "The file is empty."})


def failed(name: str) -> Report:
    return report(name, "FAILED", f"{name}.jpg", failure={"Error": "States.Timeout"})


def batch(*reports: Any, deliveries: int = 1) -> dict[str, Any]:
    """Return what Lambda hands over; message 0 brings the first report."""
    bodies = [one if isinstance(one, str) else json.dumps(one) for one in reports]
    attributes = {"ApproximateReceiveCount": str(deliveries)}
    messages = ({"messageId": str(number), "body": body} for number, body in enumerate(bodies))
    return {"Records": [message | {"attributes": attributes} for message in messages]}


def send(*reports: Any, deliveries: int = 1, seconds_left: float = 30) -> list[str]:
    """Return the ids of the messages that come again."""
    return failures(batch(*reports, deliveries=deliveries), seconds_left)


def failures(event: dict[str, Any], seconds_left: float = 30) -> list[str]:
    answer = handler(event, Context(seconds_left))
    return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]


@pytest.fixture(autouse=True)
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds of each pause that was asked for; nobody waits."""
    asked: list[float] = []
    monkeypatch.setattr(module, "time", SimpleNamespace(sleep=asked.append))
    return asked


@pytest.fixture
def inbox(aws: None, monkeypatch: pytest.MonkeyPatch) -> Any:  # noqa: ARG001  # moto is on
    """The mail topic's subscriber: a function that returns the envelopes it got."""
    topic, read = topic_with_inbox("mail")
    monkeypatch.setenv("MAIL_TOPIC_ARN", topic)
    monkeypatch.setenv("TECHNICAL_DETAILS", "operators")
    return read


def outcomes(envelope: dict[str, Any]) -> list[str]:
    return list(json.loads(envelope["MessageAttributes"]["outcome"]["Value"]))


def test_one_photo_alone_is_its_own_report(inbox: Any) -> None:
    assert send(photo("dog", "Dog")) == []
    (mail,) = inbox()
    assert mail["Subject"] == "Dog: dog.jpg"
    assert mail["Message"].startswith("Found in this photo:\n   98 %  Dog\n")
    assert outcomes(mail) == ["LABELLED"]


def test_owners_get_no_technical_lines_and_operators_do(inbox: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Unless the setting gives them to everyone; a digest does as a report."""
    batches = [
        [photo("dog", "Dog")],
        [photo(name, "Dog") for name in "abcde"],
        [failed("one")],
        list(map(failed, "vwxyz")),
    ]
    for reports in batches:
        send(*reports)
    assert [TECHNICAL & set(mail["Message"].split()) for mail in inbox()] == [set(), set(), TECHNICAL, TECHNICAL]
    monkeypatch.setenv("TECHNICAL_DETAILS", "everyone")
    for reports in batches:
        send(*reports)
    assert [TECHNICAL & set(mail["Message"].split()) for mail in inbox()] == [TECHNICAL] * 4


def test_a_mail_about_one_photo_names_its_execution_for_programs(inbox: Any) -> None:
    send(photo("dog", "Dog"))
    send(*(photo(name, "Dog") for name in "abcde"))
    alone, together = inbox()
    assert alone["MessageAttributes"]["execution"]["Value"] == photo("dog")["execution"]
    assert "execution" not in together["MessageAttributes"]


def test_a_few_photos_are_reports_of_their_own(inbox: Any) -> None:
    assert send(photo("dog", "Dog"), photo("cat", "Cat"), rejected("notes")) == []
    assert sorted(mail["Subject"] for mail in inbox()) == ["Cat: cat.jpg", "Dog: dog.jpg", "Rejected: notes.jpg"]


def test_more_photos_are_one_digest_the_odd_ones_first(inbox: Any) -> None:
    assert send(photo("dog", "Dog"), photo("fog"), photo("cat", "Cat"), photo("cow", "Cow"), rejected("notes")) == []
    (mail,) = inbox()
    assert mail["Subject"] == "5 photos: 1 rejected, 1 nothing recognised, 3 labelled"
    assert re.findall(r"^  - (\w+\.jpg.*)$", mail["Message"], re.MULTILINE) == [
        "notes.jpg: The file is empty.",
        "fog.jpg",
        "cat.jpg: Cat (98 %)",
        "cow.jpg: Cow (98 %)",
        "dog.jpg: Dog (98 %)",
    ]
    assert outcomes(mail) == ["LABELLED", "REJECTED"]
    assert re.search(r"^See the photos:\n  https://eu-central-1\S+/s3/buckets/\S+$", mail["Message"], re.MULTILINE)


def test_the_test_photo_of_doctor_is_called_one_and_linked_by_nobody(inbox: Any) -> None:
    """It is deleted at once; a photo of another name in its folder is a photo."""
    tested = photo("imagelabels-doctor/aab25a8bdd2d7d36")
    assert send(tested, photo("imagelabels-doctor/dog", "Dog")) == []
    mails = {mail["Subject"]: mail["Message"] for mail in inbox()}
    assert mails.keys() == {"Test by `imagelabels doctor`: aab25a8bdd2d7d36.jpg", "Dog: dog.jpg"}
    said = mails["Test by `imagelabels doctor`: aab25a8bdd2d7d36.jpg"]
    assert said.startswith(
        "`imagelabels doctor` sent a test photo through the workflow, and it arrived.\n\n"
        "You need not do anything. The test photo is deleted again.\n\n"
    )
    assert "http" not in said
    (test,) = mails_of([Message(tested, ["1"], again=False)], technical=True)
    assert "s3/object" not in page(test, pictured=False, stop="mailto:stop@example.com")
    assert "reprocess" not in page(test, pictured=False, stop="mailto:stop@example.com")
    assert (test.pictured, text_message([tested])) == (
        False,
        "Photo aab25a8bdd2d7d36.jpg: Test by imagelabels doctor",
    )


def test_failures_are_a_mail_of_their_own(inbox: Any) -> None:
    """Operators get them; the owners of photos do not."""
    assert send(photo("dog", "Dog"), *map(failed, "12345")) == []
    owners, operators = sorted(inbox(), key=lambda mail: str(outcomes(mail)), reverse=True)
    assert (outcomes(owners), outcomes(operators)) == (["LABELLED"], ["FAILED"])
    assert operators["Subject"] == "5 photos: 5 failed"
    assert "  - 1.jpg: ValidateImage: States.Timeout: No cause was given.\n" in operators["Message"]


def test_a_report_that_comes_twice_is_mailed_once(inbox: Any) -> None:
    assert send(photo("dog", "Dog"), photo("dog", "Dog")) == []
    (mail,) = inbox()
    assert mail["Subject"] == "Dog: dog.jpg"


WRONG_KEY = json.dumps(report("odd", image=image("odd.jpg"))).replace('"odd.jpg"', "7")
WRONG_OUTCOME = json.dumps(report("odd", image=image("odd.jpg")) | {"outcome": "ODD"})


@pytest.mark.parametrize("body", [WRONG_KEY, WRONG_OUTCOME])
def test_a_report_of_another_shape_does_not_take_a_digest_with_it(inbox: Any, body: str) -> None:
    assert send(*(photo(name, "Dog") for name in "abcde"), body) == ["5"]
    (mail,) = inbox()
    assert mail["Subject"] == "5 photos: 5 labelled"


def test_what_comes_again_is_not_mixed_with_what_is_new(inbox: Any) -> None:
    """Were it to fail once more, the new ones would not go out."""
    new, again = batch(*(photo(name, "Dog") for name in "abcde")), batch(*(photo(name, "Cat") for name in "vwxyz"))
    for message in again["Records"]:
        message |= {"messageId": f"again-{message['messageId']}", "attributes": {"ApproximateReceiveCount": "2"}}
    refuse_once(client("sns"), 1)
    assert sorted(failures({"Records": new["Records"] + again["Records"]})) == [f"again-{one}" for one in range(5)]
    (mail,) = inbox()
    assert "a.jpg: Dog" in mail["Message"]


def refuse_once(sns: Any, number: int) -> None:
    """Let SNS refuse the mail with this number, counted from 0."""
    answers = [None] * number + [refusal("Throttled", 429, "Publish")]
    sns.meta.events.register(
        "before-call.sns.Publish", lambda **_: _raise(error) if answers and (error := answers.pop(0)) else None
    )


@pytest.mark.parametrize("body", ["no JSON", "[]", '{"outcome": "LABELLED"}'])
def test_a_message_that_is_no_report_goes_back_alone(inbox: Any, body: str) -> None:
    assert send(photo("dog", "Dog"), body) == ["1"]
    assert len(inbox()) == 1


def test_what_cannot_be_mailed_comes_again(inbox: Any) -> None:
    """SNS refuses the first mail: its photos come again, the others are mailed and do not."""
    refusals = [refusal("Throttled", 429, "Publish")]
    sns = client("sns")
    sns.meta.events.register("before-call.sns.Publish", lambda **_: _raise(refusals.pop()) if refusals else None)
    digest = [photo(name, "Dog") for name in "abcde"]
    assert sorted(send(*digest, failed("one"))) == ["0", "1", "2", "3", "4"]
    (mail,) = inbox()
    assert outcomes(mail) == ["FAILED"]


def _raise(error: Exception) -> None:
    raise error


def test_without_permission_nothing_is_lost(inbox: Any) -> None:
    refuse(client("sns"), "Publish", refusal("AuthorizationError", 403, "Publish"))
    assert sorted(send(photo("dog", "Dog"), rejected("notes"), failed("one"))) == ["0", "1", "2"]
    assert inbox() == []


def test_between_mails_it_pauses(inbox: Any, pauses: list[float]) -> None:  # noqa: ARG001  # the topic
    """Two functions at a time, half a second after each mail: at most six mails in any second."""
    send(photo("dog", "Dog"), failed("one"))
    assert pauses == [0.5, 0.5]


def test_too_many_lines_become_several_mails_with_every_photo_once() -> None:
    reports = [photo(f"{'é' * 60}-{number:05}", "Dog") for number in range(3000)]
    parts = digests(reports, technical=True)
    assert [part.subject.split(":")[0] for part in parts] == [
        f"3,000 photos ({number} of {len(parts)})" for number in range(1, len(parts) + 1)
    ]
    assert len(parts) > 1
    assert max(len(part.text.encode()) for part in parts) < MAX_BYTES + 2000 < 256_000
    lines = [line for part in parts for line in re.findall(r"-(\d{5})\.jpg: Dog", part.text)]
    assert sorted(lines) == [f"{number:05}" for number in range(3000)]


@given(key=st.one_of(st.just(HOSTILE_KEY), st.text(min_size=1, max_size=1024)))
def test_no_key_can_break_a_line_of_a_digest(key: str) -> None:
    one = line(report("any", image=image(key), detection=detection(label("Dog", 98.0))))
    assert len(one.splitlines()) == 1
    assert len(one) < 120


def test_a_digest_names_each_photo_once() -> None:
    (mail,) = digests(digest_of_300(), technical=True)
    names = re.findall(r"^  - phone/(IMG_\d{4})\.jpg", mail.text, re.MULTILINE)
    assert sorted(names) == [f"IMG_{number:04}" for number in range(300)]


@pytest.fixture
def ses(s3: Any, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """SES is chosen, a photo and its boxes are in their buckets; what is sent is kept."""
    monkeypatch.setenv("REPORT_SENDER", SENDER)
    monkeypatch.setenv("TECHNICAL_DETAILS", "operators")
    monkeypatch.setenv("REPORT_EMAIL", OWNER)
    monkeypatch.setenv("OPERATORS_EMAIL", OPERATOR)
    boto3.client("sesv2").create_email_identity(EmailIdentity=SENDER)
    box = {"Left": 0.25, "Top": 0.25, "Width": 0.5, "Height": 0.5}
    s3.put_object(Bucket=WORK, Key="answer.json", Body=json.dumps({"Labels": [_seen("Dog", box), _seen("Cat", box)]}))
    sent: list[dict[str, Any]] = []
    client("sesv2").meta.events.register(
        "provide-client-params.sesv2.SendEmail", lambda params, **_: sent.append(params)
    )
    return sent


def _seen(name: str, box: dict[str, float]) -> dict[str, Any]:
    return {"Name": name, "Instances": [{"BoundingBox": box, "Confidence": 98.0}]}


def stored(s3: Any, body: bytes) -> Report:
    version = s3.put_object(Bucket=IMAGES, Key="dog.jpg", Body=body)["VersionId"]
    pinned = {"bucket": IMAGES, "key": "dog.jpg", "versionId": version}
    return report("dog", image=pinned, detection=detection(label("Dog", 98.0)) | {"answer": _answer()})


def _answer() -> dict[str, str]:
    return {"bucket": WORK, "key": "answer.json"}


def jpeg(width: int = 1600, height: int = 800, **options: Any) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (width, height), "white").save(buffer, "JPEG", **options)
    return buffer.getvalue()


def test_ses_mails_to_every_address(s3: Any, ses: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REPORT_EMAIL", f"{OWNER},second@example.com")
    assert send(stored(s3, jpeg())) == []
    assert ses[0]["Destination"] == {"ToAddresses": [OWNER, "second@example.com"]}


def header(mail: dict[str, Any], name: str) -> str | None:
    return next((one["Value"] for one in mail["Content"]["Simple"]["Headers"] if one["Name"] == name), None)


def test_ses_mails_say_to_whom_to_write_to_stop_them(
    s3: Any, ses: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """To an operator; to the sender where the owner is the only operator. Mail programs read the header."""
    send(stored(s3, jpeg()))
    monkeypatch.setenv("OPERATORS_EMAIL", OWNER)
    send(stored(s3, jpeg()))
    for mail, address in zip(ses, (OPERATOR, SENDER), strict=True):
        link = f"mailto:{address}?subject=Change%20or%20stop%20the%20mails%20of%20Image%20Labels"
        body = mail["Content"]["Simple"]["Body"]
        assert header(mail, "List-Unsubscribe") == f"<{link}>"
        assert f'<a href="{link}">Change or stop these mails</a>' in body["Html"]["Data"]
        assert body["Text"]["Data"].endswith(f"\n-- \nTo change or stop these mails, write to {address}\n")


@pytest.mark.parametrize(("name", "kept"), [("dog", True), ("hündchen", False)])
def test_ses_names_the_execution_in_a_header_that_ses_takes(
    s3: Any, ses: list[dict[str, Any]], name: str, *, kept: bool
) -> None:
    """SES API v2 takes printable ASCII; a person may name an execution otherwise."""
    one = stored(s3, jpeg()) | {"execution": f"arn:aws:states:us-east-1:1:execution:m:{name}"}
    assert send(one) == []
    assert header(ses[0], "X-Image-Labels-Execution") == (one["execution"] if kept else None)


def test_ses_mails_text_and_html_with_the_photo_inside(s3: Any, ses: list[dict[str, Any]]) -> None:
    assert send(stored(s3, jpeg())) == []
    (mail,) = ses
    assert (mail["FromEmailAddress"], mail["Destination"]) == (f"Image Labels <{SENDER}>", {"ToAddresses": [OWNER]})
    simple = mail["Content"]["Simple"]
    assert simple["Subject"]["Data"] == "Dog: dog.jpg"
    assert simple["Body"]["Text"]["Data"].startswith("Found in this photo:\n   98 %  Dog\n")
    assert '<img src="cid:photo" alt="The photo dog.jpg: Dog">' in simple["Body"]["Html"]["Data"]
    (attachment,) = simple["Attachments"]
    assert (attachment["ContentDisposition"], attachment["ContentId"]) == ("INLINE", "photo")
    with Image.open(io.BytesIO(attachment["RawContent"])) as picture:
        assert picture.size == (LONGEST_SIDE_PX, LONGEST_SIDE_PX // 2)


def test_a_photo_that_is_gone_is_reported_without_a_picture(s3: Any, ses: list[dict[str, Any]]) -> None:
    gone = stored(s3, jpeg())
    s3.delete_object(Bucket=IMAGES, Key="dog.jpg", VersionId=gone["image"]["versionId"])
    assert send(gone) == []
    (mail,) = ses
    assert mail["Content"]["Simple"]["Attachments"] == []
    assert "cid:" not in mail["Content"]["Simple"]["Body"]["Html"]["Data"]


def pictures(ses: list[dict[str, Any]]) -> list[int]:
    """Return how many pictures each mail has."""
    return [len(mail["Content"]["Simple"]["Attachments"]) for mail in ses]


def undrawable(s3: Any, body: bytes) -> Report:
    """A photo that came through Rekognition, and that no decoder should be given for long."""
    return stored(s3, body) | {"execution": "arn:aws:states:us-east-1:1:execution:m:undrawable"}


@pytest.mark.parametrize("body", [hidden_scans(), jpeg()[:-700], b"not a photo"], ids=["scans", "cut off", "text"])
def test_a_photo_that_cannot_be_drawn_is_reported_without_a_picture(
    s3: Any, ses: list[dict[str, Any]], body: bytes
) -> None:
    assert send(undrawable(s3, body), stored(s3, jpeg())) == []
    assert pictures(ses) == [0, 1]


def test_a_photo_that_keeps_a_decoder_busy_is_given_up(
    s3: Any, ses: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its scans uncounted, as those of a format might be that nobody thought of."""
    monkeypatch.setattr(picture, "BOUNDS", picture.BOUNDS._replace(seconds=1))
    monkeypatch.setattr(picture, "DRAWING", "tests.unit.busy_drawing")
    started = time.monotonic()
    assert send(stored(s3, jpeg())) == []
    assert time.monotonic() - started < 5
    assert pictures(ses) == [0]


def test_an_object_that_is_larger_than_any_photo_is_not_read(s3: Any, ses: list[dict[str, Any]]) -> None:
    assert send(stored(s3, jpeg() + bytes(MAX_IMAGE_BYTES))) == []
    assert pictures(ses) == [0]


def test_what_comes_again_goes_without_a_picture(s3: Any, ses: list[dict[str, Any]]) -> None:
    assert send(stored(s3, jpeg()), deliveries=2) == []
    assert pictures(ses) == [0]


def test_when_time_is_short_mails_go_without_pictures(s3: Any, ses: list[dict[str, Any]]) -> None:
    """Each letter still to go keeps its share of the time; a picture takes of what is over."""
    four = [stored(s3, jpeg()) | {"execution": f"arn:aws:states:us-east-1:1:execution:m:{one}"} for one in range(4)]
    assert send(*four, seconds_left=module.PICTURE_SECONDS + 2 * module.MAIL_SECONDS + 1) == []
    assert pictures(ses) == [0, 0, 1, 1]


def test_ses_mails_failures_to_the_operators_and_digests_without_pictures(s3: Any, ses: list[dict[str, Any]]) -> None:
    assert send(stored(s3, jpeg()), *map(photo, "abc"), rejected("notes"), failed("one")) == []
    assert [mail["Destination"]["ToAddresses"] for mail in ses] == [[OWNER], [OPERATOR]]
    assert [mail["Content"]["Simple"]["Attachments"] for mail in ses] == [[], []]
    assert "<li><bdi>notes.jpg: The file is empty.</bdi></li>" in ses[0]["Content"]["Simple"]["Body"]["Html"]["Data"]


def test_a_bucket_that_may_not_be_read_is_no_missing_picture(s3: Any, ses: list[dict[str, Any]]) -> None:
    """Without the permission the report comes again, and at last is a dead letter with its reason logged."""
    one = stored(s3, jpeg())
    refuse(client("s3"), "GetObject", refusal("AccessDenied", 403, "GetObject"))
    assert send(one) == ["0"]
    assert ses == []


def test_only_what_the_report_names_is_drawn() -> None:
    """And labels with the same box share it: otherwise the second name would hide the first."""
    box, other = (
        {"Left": 0.1, "Top": 0.1, "Width": 0.5, "Height": 0.5},
        {"Left": 0.2, "Top": 0, "Width": 1, "Height": 1},
    )
    answer = {"Labels": [_seen("Face", box), _seen("Person", box), _seen("Hat", other), _seen("Tie", other)]}
    assert [one.names for one in boxes_of(answer, {"Face", "Person", "Hat"})] == [["Face", "Person"], ["Hat"]]


def test_the_box_is_drawn_where_the_thing_is() -> None:
    small = Image.open(io.BytesIO(draw(jpeg(), [LabelledBox(["Dog"], 99.0, (0.25, 0.25, 0.5, 0.5))])))
    pixel = small.getpixel((320, 240 - 1))
    assert isinstance(pixel, tuple)
    assert max(abs(one - other) for one, other in zip(pixel, (0xE6, 0x9F, 0x00), strict=True)) < 40
    assert small.getpixel((320, 160)) == (255, 255, 255)


def test_a_photo_taken_sideways_is_shown_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    with Image.open(io.BytesIO(draw(jpeg(exif=exif), []))) as upright:
        assert upright.size == (LONGEST_SIDE_PX // 2, LONGEST_SIDE_PX)
