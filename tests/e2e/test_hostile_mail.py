"""One JPEG of many scans among other photos: their mails go out with pictures, and no function times out."""

from collections.abc import Iterator
from email.message import EmailMessage
from functools import partial

import pytest

from imagelabels.local.engine import running
from tests.corpus.bad import Bad, hidden_scans, many_scans
from tests.corpus.files import file
from tests.corpus.good import Good
from tests.e2e.crowd import upload_all
from tests.e2e.stack import Stack

# Photos that end within this many seconds share a batch; here it closes two seconds after the last.
SETTINGS = {"digestSeconds": "60", "reportSender": "labels@example.com"}


@pytest.fixture(scope="module")
def mailed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Stack, dict[str, EmailMessage]]]:
    """The mails by their subjects; Rekognition is one that labels everything, so that SendDigest gets it, too."""
    photos: dict[str, Good | Bad] = {
        "hidden.jpg": Bad(hidden_scans, ""),
        "many.jpg": Bad(many_scans, "CorruptImageError"),
        "first.jpg": Good(partial(file, "JPEG"), converted=False),
        "second.jpg": Good(partial(file, "JPEG", progressive=True), converted=False),
    }
    with running(
        0, tmp_path_factory.mktemp("hostile"), recognizer="fixed:labels=1,boxes=1", context=SETTINGS
    ) as engine:
        stack = Stack(engine.outputs)
        upload_all(stack, "hostile", photos)
        stack.wait_for_mail()
        yield stack, {str(mail["Subject"]): mail for mail in stack.inbox()}


def pictured(mail: EmailMessage) -> bool:
    return any(part.get_content_type() == "image/jpeg" for part in mail.walk())


@pytest.mark.xdist_group("hostile")
def test_neighbours_are_mailed_with_pictures(mailed: tuple[Stack, dict[str, EmailMessage]]) -> None:
    _stack, mails = mailed
    assert {subject.split(": ")[1]: pictured(mail) for subject, mail in mails.items()} == {
        "first.jpg": True,
        "second.jpg": True,
        "hidden.jpg": False,
        "many.jpg": False,
    }


@pytest.mark.xdist_group("hostile")
def test_what_validation_sees_is_rejected(mailed: tuple[Stack, dict[str, EmailMessage]]) -> None:
    _stack, mails = mailed
    text = mails["Rejected: many.jpg"].get_body(("plain",))
    assert text is not None
    assert "more passes than any camera makes" in text.get_content()


@pytest.mark.xdist_group("hostile")
def test_no_message_came_twice_or_is_given_up(mailed: tuple[Stack, dict[str, EmailMessage]]) -> None:
    stack, mails = mailed
    assert len(stack.inbox()) == len(mails) == 4
    for queue in ("ReportsQueueUrl", "MailDeadLetterQueueUrl"):
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        answer = stack.client("sqs").get_queue_attributes(QueueUrl=stack.outputs[queue], AttributeNames=names)
        assert set(answer["Attributes"].values()) == {"0"}
