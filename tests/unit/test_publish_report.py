"""PublishReport tells people in plain text, and machines in JSON, how it ended."""

import json
import shlex
import unicodedata
from typing import Any

import boto3
import pytest
from hypothesis import given
from hypothesis import strategies as st

from publish_report.facts import gather, plain_cause
from publish_report.handler import handler
from publish_report.report import document, size, text, title
from publish_report.subject import MAX_CHARACTERS, one_line, subject
from shared.aws import AccessDeniedError, client
from shared.errors import ThrottledError
from shared.links import execution_link, rerun_command
from tests.lambda_context import Context
from tests.unit.aws_errors import refusal, refuse
from tests.unit.conftest import IMAGES
from tests.unit.samples import EXECUTION, detection, image, label

HOSTILE = [
    "a\nBcc: everybody@example.com",
    "\u202egpj.exe",
    "\x00\x1b[31m",
    "k" * 1024,
    "日本 📷" * 300,
    "///",
    "a\u2028b",
    "",
]
CAUSE = json.dumps({"errorMessage": "The file is empty.", "errorType": "EmptyImageError", "stackTrace": []})
keys = st.one_of(st.sampled_from(HOSTILE), st.text(min_size=1, max_size=1024))


def event(outcome: str = "LABELLED", **state: Any) -> dict[str, Any]:
    """Return a publishing state's payload."""
    typed = {"bucket": IMAGES, "key": "photos/a.jpg"}
    return {"execution": EXECUTION, "outcome": outcome, "input": typed, "state": state}


def labelled(*labels: Any) -> dict[str, Any]:
    return event(image=image(), detection=detection(*labels))


def failed(outcome: str, error: str, cause: str = CAUSE) -> dict[str, Any]:
    return event(outcome, failure={"Error": error, "Cause": cause})


@pytest.fixture
def inbox(aws: None, monkeypatch: pytest.MonkeyPatch) -> Any:  # noqa: ARG001  # moto is on
    """The topic's subscriber: a function that returns the envelopes it got."""
    sns, sqs = boto3.client("sns"), boto3.client("sqs")
    topic = sns.create_topic(Name="reports")["TopicArn"]
    queue = sqs.create_queue(QueueName="inbox")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
    monkeypatch.setenv("TOPIC_ARN", topic)
    return lambda: [json.loads(message["Body"]) for message in sqs.receive_message(QueueUrl=queue).get("Messages", [])]


@given(lead=st.text(st.characters(categories=["L"]), min_size=1, max_size=60), key=keys)
def test_no_key_can_break_the_subject(lead: str, key: str) -> None:
    """SNS refuses a subject of 100 characters, a line break or a control character."""
    line = subject(lead, key)
    assert 0 < len(line) <= MAX_CHARACTERS < 100
    assert len(line.splitlines()) == 1
    assert not [character for character in line if unicodedata.category(character) in {"Cc", "Cf", "Cs", "Zl", "Zp"}]
    line.encode()


@given(key=keys, names=st.lists(st.text(min_size=1, max_size=200), max_size=4))
@pytest.mark.parametrize("outcome", ["LABELLED", "REJECTED", "FAILED"])
def test_no_outcome_makes_a_subject_too_long(outcome: str, key: str, names: list[str]) -> None:
    found = detection(*(label(one_line(name)) for name in names))
    assert len(title(gather(event(outcome, image=image(key=key), detection=found)))) <= MAX_CHARACTERS


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("photos/2026/dog.jpg", "Dog: dog.jpg"),
        ("a\nBcc: x.jpg", "Dog: a·Bcc: x.jpg"),
        ("folder/", "Dog: folder/"),
        ("k" * 200 + "-0001.jpg", "Dog: …" + "k" * 84 + "-0001.jpg"),
    ],
)
def test_the_subject_names_what_was_found_and_the_end_of_the_key(key: str, expected: str) -> None:
    assert subject("Dog", key) == expected


@given(key=keys.filter(bool))
def test_the_command_to_run_it_again_survives_a_shell(key: str) -> None:
    """Whatever the key contains, the shell hands Step Functions one input that names exactly this photo."""
    words = shlex.split(rerun_command(EXECUTION, {"bucket": IMAGES, "key": key}))
    assert words[:3] == ["aws", "stepfunctions", "start-execution"]
    assert (
        words[words.index("--state-machine-arn") + 1]
        == EXECUTION.replace("execution", "stateMachine")[: -len(":first")]
    )
    assert json.loads(words[words.index("--input") + 1]) == {"bucket": IMAGES, "key": key}
    assert len(words) == 7


def test_the_link_leads_to_the_execution_in_its_own_region() -> None:
    assert execution_link(EXECUTION.replace("us-east-1", "eu-central-1")) == (
        "https://eu-central-1.console.aws.amazon.com/states/home?region=eu-central-1#/v2/executions/details/"
        "arn:aws:states:eu-central-1:123456789012:execution:label-image:first"
    )


def test_a_report_of_labels_can_be_read() -> None:
    """What was found, how sure, the photo, where to look, how to run it again: all in one mail."""
    facts = gather(labelled(label("Person", 99.9, parents=[], instances=3), label("Dog", 98.7)))
    assert title(facts) == "Person, Dog: a.jpg"
    assert text(facts) == (
        "Found in this photo:\n"
        "   99.9 %  Person × 3\n"
        "   98.7 %  Dog (Animal)\n"
        "\n"
        "Photo:  photos/a.jpg\n"
        "Bucket: images\n"
        "Format: JPEG, 640 × 480 pixels, 2.4 MiB\n"
        "\n"
        "See each step:\n"
        f"  {execution_link(EXECUTION)}\n"
        "Run it again:\n"
        f"  {rerun_command(EXECUTION, {'bucket': IMAGES, 'key': 'photos/a.jpg'})}\n"
    )


def test_a_photo_without_labels_says_so() -> None:
    facts = gather(labelled())
    assert title(facts) == "No labels: a.jpg"
    assert text(facts).startswith("Nothing was recognised in this photo with enough confidence.\n")


def test_a_rejection_says_why_without_machinery() -> None:
    """The owner reads the sentence, not Lambda's JSON and not a class name."""
    facts = gather(failed("REJECTED", "EmptyImageError"))
    assert title(facts) == "Not labelled: a.jpg"
    assert text(facts).startswith("This photo was not labelled.\nThe file is empty.\n\nPhoto:  photos/a.jpg\n")
    assert "errorMessage" not in text(facts)


def test_a_failure_names_the_error_for_the_operator() -> None:
    facts = gather(failed("FAILED", "AccessDeniedError"))
    assert title(facts) == "Labelling FAILED: a.jpg"
    assert text(facts).startswith(
        "Labelling this photo failed, and not because of the photo.\nAccessDeniedError: The file is empty.\n"
    )


@pytest.mark.parametrize(
    ("cause", "sentence"),
    [
        (CAUSE, "The file is empty."),
        ("The queue is gone", "The queue is gone"),
        ("", "No cause was given."),
        ("[1]", "[1]"),
        ('{"reason": 1}', '{"reason": 1}'),
    ],
)
def test_a_cause_is_read_whoever_wrote_it(cause: str, sentence: str) -> None:
    """Lambda wraps its message in JSON, SQS does not, a timeout has none."""
    assert plain_cause(cause) == sentence


def test_a_failure_without_a_cause_can_be_reported() -> None:
    facts = gather(event("FAILED", failure={"Error": "States.Timeout"}))
    assert facts.error == {"name": "States.Timeout", "cause": "No cause was given."}


def test_without_a_photo_the_report_still_leads_to_the_execution() -> None:
    """Somebody typed nonsense: there is no photo to name and nothing to run again."""
    facts = gather(failed("FAILED", "ValueError") | {"input": {"nonsense": 1}})
    assert title(facts) == "Labelling FAILED: an unknown photo"
    assert "Photo:" not in text(facts)
    assert execution_link(EXECUTION) in text(facts)
    assert "Run it again" not in text(facts)


def test_the_json_twin_says_the_same() -> None:
    found = label("Dog", 98.7)
    assert document(gather(labelled(found))) == {
        "schema": 1,
        "outcome": "LABELLED",
        "image": image(),
        "labels": [found],
        "execution": EXECUTION,
    }
    assert document(gather(failed("REJECTED", "EmptyImageError")))["error"] == {
        "name": "EmptyImageError",
        "cause": "The file is empty.",
    }


@pytest.mark.parametrize(
    ("count", "said"), [(0, "0 bytes"), (1023, "1023 bytes"), (1024, "1 KiB"), (1_572_864, "1.5 MiB")]
)
def test_a_size_is_said_as_a_person_says_it(count: int, said: str) -> None:
    assert size(count) == said


def test_the_topic_gets_the_report_and_the_trail_gets_the_facts(inbox: Any) -> None:
    """Subscribers get JSON, an attribute to filter by; the next state gets what the audit record needs."""
    result = handler(labelled(label("Dog"), label("Cat")), Context())
    (envelope,) = inbox()
    assert envelope["Subject"] == "Dog, Cat: a.jpg"
    assert json.loads(envelope["Message"])["outcome"] == "LABELLED"
    assert envelope["MessageAttributes"] == {"outcome": {"Type": "String", "Value": "LABELLED"}}
    assert result == {
        "messageId": envelope["MessageId"],
        "image": {name: image()[name] for name in ("bucket", "key", "versionId", "etag", "size")},
        "labels": ["Dog", "Cat"],
        "error": None,
    }


def test_mail_is_the_text_and_every_other_subscriber_gets_json(inbox: Any) -> None:  # noqa: ARG001  # the topic
    sent: list[dict[str, Any]] = []
    client("sns").meta.events.register("provide-client-params.sns.Publish", lambda params, **_: sent.append(params))
    handler(labelled(label("Dog")), Context())
    message = json.loads(sent[0]["Message"])
    facts = gather(labelled(label("Dog")))
    assert (message["email"], json.loads(message["default"])) == (text(facts), document(facts))
    assert sent[0]["MessageStructure"] == "json"


def test_a_rejection_of_a_photo_that_nobody_could_look_at_knows_what_was_typed(inbox: Any) -> None:  # noqa: ARG001
    """ValidateImage failed, so there is no size and no etag, and the record says so."""
    result = handler(failed("REJECTED", "EmptyImageError"), Context())
    nothing = dict.fromkeys(("versionId", "etag", "size"))
    assert result["image"] == {"bucket": IMAGES, "key": "photos/a.jpg"} | nothing
    assert result["error"] == {"name": "EmptyImageError", "cause": "The file is empty."}


@pytest.mark.parametrize(
    ("code", "status", "error"), [("Throttled", 429, ThrottledError), ("AuthorizationError", 403, AccessDeniedError)]
)
def test_a_refusal_of_sns_has_its_name(inbox: Any, code: str, status: int, error: type[Exception]) -> None:  # noqa: ARG001
    refuse(client("sns"), "Publish", refusal(code, status, "Publish"))
    with pytest.raises(error, match="sns:Publish on arn:aws:sns:"):
        handler(labelled(), Context())
