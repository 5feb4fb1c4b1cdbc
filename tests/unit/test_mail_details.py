"""What a mail must not get wrong: the length of a line, the version in the picture, the charset, who gets it."""

import io
import json
from types import SimpleNamespace
from typing import Any

import boto3
import pytest
from PIL import Image

from imagelabels_shared.aws import client
from send_digest import handler as module
from send_digest.digest import digests, line
from tests.mails.examples import detection, image, label, report
from tests.pictures import picture
from tests.unit.conftest import IMAGES, WORK
from tests.unit.test_send_digest import failed, photo, rejected, send

OWNER, OPERATOR, SENDER = "owner@example.com", "operator@example.com", "labels@example.com"


@pytest.fixture(autouse=True)
def _no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "time", SimpleNamespace(sleep=lambda _seconds: None))


def refused(reason: str, name: str = "notes.txt") -> Any:
    return report("x", "REJECTED", name, failure={"Error": "CorruptImageError", "Cause": reason})


@pytest.mark.parametrize(("length", "shown"), [(199, 199), (200, 200), (201, 200), (5_000, 200)])
def test_a_reason_has_at_most_200_characters_in_a_digest(length: int, shown: int) -> None:
    reason = line(refused("r" * length)).removeprefix("notes.txt: ")
    assert len(reason) == shown
    assert ("…" in reason) == (length > 200)


@pytest.mark.parametrize(("length", "shown"), [(70, 70), (71, 70), (1_000, 70)])
def test_a_photos_name_has_at_most_70_characters_in_a_digest(length: int, shown: int) -> None:
    name, _, _reason = line(refused("empty", "n" * length)).partition(": ")
    assert len(name) == shown


def test_labels_have_at_most_200_characters_in_a_digest() -> None:
    many = detection(*(label("L" * 120, 90.0) for _ in range(3)))
    _name, _, labels = line(report("x", image=image("a.jpg"), detection=many)).partition(": ")
    assert len(labels) == 200


def test_three_labels_of_a_photo_are_named_in_a_digest() -> None:
    many = detection(*(label(name, 90.0) for name in ("Dog", "Cat", "Cow", "Hen")))
    assert line(report("x", image=image("a.jpg"), detection=many)) == "a.jpg: Dog (90 %), Cat (90 %), Cow (90 %)"


def test_the_subject_of_a_digest_has_less_than_100_characters() -> None:
    """SNS refuses longer ones, and with them the mail."""
    every = [failed("a"), rejected("b"), photo("c"), photo("d", "Dog")]
    many = [one | {"execution": f"{one['execution']}{number}"} for number in range(1_200) for one in every]
    (mail, *_more) = digests(many, technical=False)
    assert len(mail.subject) <= 99
    assert mail.subject.startswith("4,800 photos")


@pytest.fixture
def sent(s3: Any, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What SES is asked to send; an empty answer of Rekognition is in the work bucket."""
    monkeypatch.setenv("REPORT_SENDER", SENDER)
    monkeypatch.setenv("TECHNICAL_DETAILS", "operators")
    monkeypatch.setenv("REPORT_EMAIL", OWNER)
    monkeypatch.setenv("OPERATORS_EMAIL", OPERATOR)
    boto3.client("sesv2").create_email_identity(EmailIdentity=SENDER)
    s3.put_object(Bucket=WORK, Key="answer.json", Body=json.dumps({"Labels": []}))
    sent: list[dict[str, Any]] = []
    client("sesv2").meta.events.register(
        "provide-client-params.sesv2.SendEmail", lambda params, **_: sent.append(params)
    )
    return sent


def of_colour(colour: str) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (200, 100), colour).save(file, "JPEG")
    return file.getvalue()


def stored(s3: Any, body: bytes) -> Any:
    version = s3.put_object(Bucket=IMAGES, Key="dog.jpg", Body=body)["VersionId"]
    pinned = {"bucket": IMAGES, "key": "dog.jpg", "versionId": version}
    answer = {"answer": {"bucket": WORK, "key": "answer.json"}}
    return report("dog", image=pinned, detection=detection(label("Dog", 98.0)) | answer)


def test_the_picture_is_of_the_version_that_was_labelled(s3: Any, sent: list[dict[str, Any]]) -> None:
    """A newer version may be in the bucket when the mail is sent."""
    older = stored(s3, of_colour("red"))
    s3.put_object(Bucket=IMAGES, Key="dog.jpg", Body=of_colour("blue"))
    assert send(older) == []
    (attachment,) = sent[0]["Content"]["Simple"]["Attachments"]
    with Image.open(io.BytesIO(attachment["RawContent"])) as shown:
        red, _green, blue = shown.convert("RGB").resize((1, 1)).getpixel((0, 0))  # type: ignore[misc]  # an RGB pixel
    assert (red > 200, blue < 50) == (True, True)


def test_the_picture_of_a_converted_photo_is_the_copy_that_rekognition_saw(s3: Any, sent: list[dict[str, Any]]) -> None:
    one = stored(s3, picture("GIF"))
    s3.put_object(Bucket=WORK, Key="copy.jpg", Body=of_colour("red"))
    one["image"]["normalized"] = {
        "bucket": WORK,
        "key": "copy.jpg",
        "width": 200,
        "height": 100,
        "size": 900,
        "did": ["converted from GIF to JPEG"],
    }
    assert send(one) == []
    (attachment,) = sent[0]["Content"]["Simple"]["Attachments"]
    with Image.open(io.BytesIO(attachment["RawContent"])) as shown:
        assert shown.size == (200, 100)


def test_each_part_of_a_mail_says_that_it_is_utf8(s3: Any, sent: list[dict[str, Any]]) -> None:
    """SES takes text without a charset for 7-bit ASCII."""
    assert send(stored(s3, of_colour("red")), failed("ünï")) == []
    assert len(sent) == 2
    for mail in sent:
        simple = mail["Content"]["Simple"]
        parts = simple["Subject"], simple["Body"]["Text"], simple["Body"]["Html"]
        assert [part["Charset"] for part in parts] == ["UTF-8"] * 3


def test_owners_get_labels_and_rejections_operators_get_failures(s3: Any, sent: list[dict[str, Any]]) -> None:
    assert send(stored(s3, of_colour("red")), rejected("notes"), failed("one")) == []
    addressed = {mail["Content"]["Simple"]["Subject"]["Data"]: mail["Destination"]["ToAddresses"] for mail in sent}
    assert addressed == {
        "Dog: dog.jpg": [OWNER],
        "Rejected: notes.jpg": [OWNER],
        "Labelling FAILED: one.jpg": [OPERATOR],
    }
