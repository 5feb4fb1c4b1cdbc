"""With a sender, SES mails the report as HTML with the photo inside, and a phone gets a text: both in the Maildir."""

import io
from email.message import EmailMessage
from typing import Any

import pytest
from PIL import Image

from tests.e2e.conftest import PHONE, SENDER
from tests.e2e.stack import Stack
from tests.e2e.test_check_subscriptions import check, no_operator, told


@pytest.fixture(scope="module")
def inbox(html_stack: Stack, astronaut: bytes) -> dict[str, EmailMessage]:
    """The messages about one photo, by their recipient."""
    assert html_stack.upload("astronaut.png", astronaut)["status"] == "SUCCEEDED"
    html_stack.wait_for_mail()
    found = [message for message in html_stack.inbox() if "astronaut.png" in str(message.get_body(("plain",)))]
    return {message["To"]: message for message in found}


@pytest.fixture(scope="module")
def mail(inbox: dict[str, EmailMessage]) -> EmailMessage:
    return inbox["you@example.com"]


@pytest.mark.xdist_group("html")
def test_a_text_arrives_beside_the_mail(inbox: dict[str, EmailMessage]) -> None:
    """The function may publish it: IAM is enforced here."""
    assert set(inbox) == {"you@example.com", f"{PHONE}@sms.local"}
    text = inbox[f"{PHONE}@sms.local"]
    assert (text["Subject"], text.get_content()) == (f"Text to {PHONE}", "Photo astronaut.png: Face, Person\n")


@pytest.mark.xdist_group("html")
def test_the_mail_is_text_and_html_from_the_sender(mail: EmailMessage) -> None:
    text, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert (mail["From"], mail["To"]) == (f"Image Labels <{SENDER}>", "you@example.com")
    assert mail["Subject"] == "Face, Person: astronaut.png"
    assert text is not None
    assert html is not None
    assert {"Face", "Person"} <= set(text.get_content().split())
    assert '<img src="cid:photo" alt="The photo astronaut.png: Face, Person">' in html.get_content()


@pytest.mark.xdist_group("html")
def test_the_photo_is_inside_with_its_boxes_drawn(mail: EmailMessage) -> None:
    (photo,) = [part for part in mail.walk() if part.get_content_type() == "image/jpeg"]
    assert (photo["Content-ID"], photo.get_content_disposition()) == ("<photo>", "inline")
    with Image.open(io.BytesIO(photo.get_content())) as picture:
        colours = set(picture.convert("RGB").get_flattened_data())
    assert picture.size == (512, 512)
    assert any(_is_box(colour) for colour in colours)


def _is_box(colour: Any) -> bool:
    return bool(max(abs(one - other) for one, other in zip(colour, (0xE6, 0x9F, 0x00), strict=True)) < 40)


@pytest.mark.xdist_group("html")
def test_ses_tells_of_a_lost_subscription_of_the_operators(html_stack: Stack) -> None:
    """The topic Mail has no subscribers then."""
    assert check(html_stack) == {"subscribed": 1}
    with no_operator(html_stack):
        assert check(html_stack)["errorType"] == "SubscriptionsLostError"
    (only,) = told(html_stack)
    assert "`imagelabels subscribe you@example.com`" in only
