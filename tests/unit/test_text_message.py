"""A text for a phone: the name, the first labels or what to do, in one segment of SMS."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagelabels_shared.aws import client
from imagelabels_shared.models import Report
from send_digest.text_message import MOST_GSM, MOST_UCS2, is_gsm, length, one_segment, text_message
from tests.mails.examples import HOSTILE, detection, digest_of_300, image, label, rejection, report
from tests.resources import topic_with_inbox
from tests.unit.aws_errors import refusal
from tests.unit.test_send_digest import failed, inbox, pauses, photo, rejected, send

__all__ = ["inbox", "pauses"]


def labelled(key: str, *names: str) -> Report:
    return report("one", image=image(key), detection=detection(*(label(name, 98.0) for name in names)))


def test_of_one_photo_it_has_the_name_and_the_first_labels() -> None:
    one = labelled("holiday/beach 0042.jpg", "Person", "Dog", "Sea", "Sand")
    assert text_message([one]) == "Photo beach 0042.jpg: Person, Dog, Sea"
    assert text_message([labelled("fog.jpg")]) == "Photo fog.jpg: Nothing recognised"


def test_of_a_rejected_photo_it_has_what_to_do() -> None:
    assert text_message(rejection()) == (
        "Photo notes.jpg rejected: The file is a text file. "
        "Upload a photo: JPEG, PNG, HEIC, WebP, AVIF, GIF, TIFF or BMP."
    )


def test_of_several_photos_it_has_their_number_and_the_one_that_needs_somebody() -> None:
    assert text_message(digest_of_300()) == (
        "300 photos: 3 rejected, 5 nothing recognised, 292 labelled. "
        "Photo IMG_0013.jpg rejected: The photo is 64 x 48 pixels; each side must be a..."
    )


@pytest.mark.parametrize(
    ("text", "places"),
    [("a" * 140, 140), ("é" * 140, 140), ("[" * 70, 140), ("日" * 70, 70), ("📷" * 35, 70), ("", 0)],
)
def test_what_fits_into_one_segment_stays_whole(text: str, places: int) -> None:
    assert (one_segment(text), length(text)) == (text, places)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a" * 141, "a" * 137 + "..."),
        ("[" * 71, "[" * 68 + "..."),
        ("日" * 71, "日" * 67 + "..."),
        ("📷" * 36, "📷" * 33 + "..."),
        ("a" * 138 + "日", "a" * 137 + "..."),
        ("日" + "a" * 138, "日" + "a" * 66 + "..."),
    ],
)
def test_what_does_not_fit_is_cut(text: str, shown: str) -> None:
    """Where the character that GSM lacks is cut off, the rest has the places of GSM."""
    assert one_segment(text) == shown


@given(st.text(max_size=400))
def test_any_text_is_one_segment(text: str) -> None:
    cut = one_segment(text.encode("utf-16", "replace").decode("utf-16"))
    assert length(cut) <= (MOST_GSM if is_gsm(cut) else MOST_UCS2)


@pytest.mark.parametrize("key", HOSTILE.values(), ids=HOSTILE)
def test_no_key_makes_two_lines_or_two_segments(key: str) -> None:
    text = text_message([labelled(key[:1024], "Person")])
    assert len(text.splitlines()) == 1
    assert text.startswith("Photo ")
    assert length(text) <= 140


@pytest.fixture
def phone(inbox: Any, monkeypatch: pytest.MonkeyPatch) -> Any:  # noqa: ARG001  # mail goes through SNS, too
    """The phone's topic: a function that returns the envelopes it got."""
    topic, read = topic_with_inbox("phone")
    monkeypatch.setenv("PHONE_TOPIC_ARN", topic)
    return read


def texts(phone: Any) -> list[str]:
    """Return the texts that came; mail goes to the same queue of these tests."""
    return [envelope["Message"] for envelope in phone() if envelope["TopicArn"].endswith(":phone")]


def test_a_batch_is_one_text_and_failures_are_none(phone: Any) -> None:
    assert send(photo("dog", "Dog"), photo("cat", "Cat"), rejected("notes"), failed("one")) == []
    assert texts(phone) == ["3 photos: 1 rejected, 2 labelled. Photo notes.jpg rejected: The file is empty."]
    assert send(failed("two")) == []
    assert texts(phone) == []


def test_a_photo_whose_mail_comes_again_is_not_in_the_text(phone: Any) -> None:
    """It is in the text of the batch in which it is mailed."""
    refusals = [refusal("Throttled", 429, "Publish")]
    client("sns").meta.events.register(
        "before-call.sns.Publish", lambda **_: _raise(refusals.pop()) if refusals else None
    )
    assert send(photo("dog", "Dog"), photo("cat", "Cat")) == ["0"]
    assert texts(phone) == ["Photo cat.jpg: Cat"]


def _raise(error: Exception) -> None:
    raise error


def test_a_text_that_cannot_be_sent_makes_no_mail_come_again(phone: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PHONE_TOPIC_ARN", "arn:aws:sns:us-east-1:123456789012:gone")
    assert send(photo("dog", "Dog")) == []
    assert texts(phone) == []


def test_the_text_is_the_sms_part_of_the_message(phone: Any) -> None:  # noqa: ARG001  # its topic
    """What SNS is asked: JSON with a text for the protocol sms, and the same for any other."""
    asked: list[dict[str, Any]] = []
    client("sns").meta.events.register("provide-client-params.sns.Publish", lambda params, **_: asked.append(params))
    send(photo("dog", "Dog"))
    (_mail, text) = asked
    assert text["MessageStructure"] == "json"
    assert json.loads(text["Message"]) == {"default": "Photo dog.jpg: Dog", "sms": "Photo dog.jpg: Dog"}
