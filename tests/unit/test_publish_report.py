"""PublishReport tells people in plain text, and machines in JSON, how it ended."""

import json
import shlex
import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from imagelabels.paths import ROOT
from imagelabels_shared.aws import AccessDeniedError, client
from imagelabels_shared.errors import ThrottledError
from imagelabels_shared.models import Report
from imagelabels_shared.report.links import (
    execution_link,
    list_link,
    machine_link,
    object_link,
    photos_link,
    reprocess_command,
    rerun_command,
)
from imagelabels_shared.report.subject import MAX_CHARACTERS, subject, title
from imagelabels_shared.report.text import text
from imagelabels_shared.report.words import percent, size
from imagelabels_shared.text import plain_cause
from infra.definition import definition
from publish_report.document import document
from publish_report.environment import console_url
from publish_report.facts import gather
from publish_report.failed_state import LAST, LEAVES, NORMALIZING, SLOTS, failed_state
from publish_report.handler import handler
from tests.lambda_context import Context
from tests.mails.examples import HOSTILE as HOSTILE_TEXTS
from tests.resources import topic_with_inbox
from tests.unit.aws_errors import refusal, refuse
from tests.unit.conftest import IMAGES, WORK
from tests.unit.samples import EXECUTION, detection, image, label

SCHEMA = Draft202012Validator(json.loads((ROOT / "docs" / "report.schema.json").read_text()))
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


def reported(payload: dict[str, Any]) -> Report:
    return document(gather(payload))


def labelled(*labels: Any) -> dict[str, Any]:
    return event(image=image(), detection=detection(*labels))


def failed(outcome: str, error: str, cause: str = CAUSE) -> dict[str, Any]:
    return event(outcome, failure={"Error": error, "Cause": cause})


@pytest.fixture
def inbox(aws: None, monkeypatch: pytest.MonkeyPatch) -> Any:  # noqa: ARG001  # moto is on
    """The topic's subscriber: a function that returns the envelopes it got."""
    topic, read = topic_with_inbox("reports")
    monkeypatch.setenv("TOPIC_ARN", topic)
    return read


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
    found = detection(*map(label, names))
    assert len(title(reported(event(outcome, image=image(key=key), detection=found)))) <= MAX_CHARACTERS


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("photos/2026/dog.jpg", "Dog: dog.jpg"),
        ("a\nBcc: x.jpg", "Dog: a·Bcc: x.jpg"),
        ("folder/", "Dog: folder/"),
        ("k" * 200 + "-0001.jpg", "Dog: " + "k" * 46 + "…" + "k" * 38 + "-0001.jpg"),
    ],
)
def test_the_subject_names_what_was_found_and_both_ends_of_the_name(key: str, expected: str) -> None:
    assert subject("Dog", key) == expected


@given(key=st.one_of(keys, st.sampled_from([*HOSTILE_TEXTS.values()])).filter(bool))
def test_the_command_to_run_it_again_survives_a_shell(key: str) -> None:
    """Whatever the key contains, the shell hands Step Functions one input that names exactly this photo."""
    command = rerun_command(EXECUTION, {"bucket": IMAGES, "key": key})
    assert command.isascii()
    assert command.isprintable()
    words = shlex.split(command)
    assert words[:3] == ["aws", "stepfunctions", "start-execution"]
    assert (
        words[words.index("--state-machine-arn") + 1]
        == EXECUTION.replace("execution", "stateMachine")[: -len(":first")]
    )
    assert json.loads(words[words.index("--input") + 1]) == {"bucket": IMAGES, "key": key}
    assert words[words.index("--region") + 1] == "us-east-1"
    assert len(words) == 9


@given(key=st.one_of(keys, st.sampled_from([*HOSTILE_TEXTS.values()])).filter(bool))
def test_the_command_of_imagelabels_is_there_for_a_key_that_can_be_typed(key: str) -> None:
    command = reprocess_command(key)
    assert shlex.split(command) in ([], ["imagelabels", "reprocess", key])
    assert command.isprintable()


def test_a_key_that_begins_like_an_option_is_left_to_the_other_command() -> None:
    assert reprocess_command("-rf.jpg") == ""
    assert reprocess_command("a b/日本.jpg") == "imagelabels reprocess 'a b/日本.jpg'"


def test_the_link_to_all_photos_leads_to_the_same_console_as_that_to_one() -> None:
    assert photos_link("http://127.0.0.1:4567/executions/first", EXECUTION, IMAGES) == "http://127.0.0.1:4567/"
    assert photos_link(execution_link(EXECUTION), EXECUTION, IMAGES) == (
        f"https://us-east-1.console.aws.amazon.com/s3/buckets/{IMAGES}?region=us-east-1"
    )


def test_the_command_goes_to_the_endpoint_that_the_tools_were_told_to_use() -> None:
    words = shlex.split(rerun_command(EXECUTION, {"bucket": IMAGES, "key": "a.jpg"}, "http://127.0.0.1:4566"))
    assert words[words.index("--endpoint-url") + 1] == "http://127.0.0.1:4566"


def test_links_lead_to_the_console_that_the_stack_names(monkeypatch: pytest.MonkeyPatch) -> None:
    address = "http://127.0.0.1:4567"
    assert console_url() == ""
    monkeypatch.setenv("CONSOLE_URL", address)
    assert console_url() == address
    assert execution_link(EXECUTION, address) == f"{address}/executions/first"
    assert (
        object_link(EXECUTION, {"bucket": IMAGES, "key": "a b/&.jpg"}, address)
        == f"{address}/photo?key=a%20b%2F%26.jpg"
    )
    assert list_link(execution_link(EXECUTION, address), EXECUTION) == f"{address}/"
    assert list_link(execution_link(EXECUTION), EXECUTION) == machine_link(EXECUTION)


def test_the_link_leads_to_the_execution_in_its_own_region() -> None:
    assert execution_link(EXECUTION.replace("us-east-1", "eu-central-1")) == (
        "https://eu-central-1.console.aws.amazon.com/states/home?region=eu-central-1#/v2/executions/details/"
        "arn:aws:states:eu-central-1:123456789012:execution:label-image:first"
    )


def test_the_link_leads_to_the_photo_whatever_its_key() -> None:
    """The console decodes the key; an unescaped & or # would cut it off."""
    link = object_link(EXECUTION, {"bucket": IMAGES, "key": "a b/&#+.jpg", "versionId": "v1"})
    assert link == (
        "https://us-east-1.console.aws.amazon.com/s3/object/images?region=us-east-1"
        "&prefix=a%20b%2F%26%23%2B.jpg&versionId=v1"
    )


def test_a_report_of_labels_can_be_read() -> None:
    """What was found, how sure, what changed, the photo, where to look, how to run it again: all in one mail."""
    changes = {"lastRun": "2026-11-20T08:00:00.000Z", "added": ["Dog"], "removed": ["Cat"]}
    found = detection(label("Person", 99.9, parents=[], instances=3), label("Dog", 98.7))
    report = reported(event(image=image(), detection=found, persisted=changes))
    assert title(report) == "Person, Dog: a.jpg"
    assert text(report, technical=True) == (
        "Found in this photo:\n"
        "   99 %  Person × 3\n"
        "   99 %  Dog (Animal)\n"
        "\n"
        "Since its last run on 2026-11-20: new: Dog; gone: Cat.\n"
        "\n"
        "Photo:  photos/a.jpg\n"
        "Format: JPEG, 640 × 480 pixels, 2.4 MiB\n"
        "\n"
        "See the photo:\n"
        f"  {object_link(EXECUTION, dict(image()))}\n"
        "\n"
        "----------------------------------------\n"
        "\n"
        "Bucket:  images\n"
        f"Version: {image()['versionId']}\n"
        "\n"
        "See each step:\n"
        f"  {execution_link(EXECUTION)}\n"
        "Run it again:\n"
        "  imagelabels reprocess photos/a.jpg\n"
        "Or with the AWS CLI:\n"
        f"  {rerun_command(EXECUTION, {'bucket': IMAGES, 'key': 'photos/a.jpg'})}\n"
    )


def test_a_report_of_a_converted_photo_says_what_was_done() -> None:
    """The mail lists it, and the JSON has the copy's place too."""
    copy = {"bucket": WORK, "key": "normalized/digest/v1.jpg", "width": 10_000, "height": 7500, "size": 5_000_000}
    normalized = copy | {"did": ["converted from HEIF to JPEG", "turned upright"]}
    report = reported(event(image=image(format="HEIF", normalized=normalized), detection=detection(label())))
    lines = text(report, technical=True).splitlines()
    assert "Format:    HEIF, 640 × 480 pixels, 2.4 MiB" in lines
    assert "Looked at: a JPEG copy, 10000 × 7500 pixels: converted from HEIF to JPEG; turned upright" in lines
    assert report["image"]["normalized"] == normalized


def test_a_photo_whose_sides_nobody_knows_yet_can_be_reported() -> None:
    """NormalizeImage refused it: only decoding would have told its sides."""
    photo = {name: value for name, value in image(format="HEIF").items() if name not in {"width", "height"}}
    refused = failed("REJECTED", "CorruptImageError")
    report = reported(refused | {"state": refused["state"] | {"image": photo}})
    assert "Format: HEIF, 2.4 MiB\n" in text(report, technical=True)


@pytest.mark.parametrize(
    ("confidence", "said"), [(100.0, "100 %"), (99.97, "99 %"), (98.5, "98 %"), (98.51, "99 %"), (0.2, "0 %")]
)
def test_only_what_is_fully_sure_is_called_100_percent(confidence: float, said: str) -> None:
    assert percent(confidence) == said


def test_the_first_run_has_nothing_to_compare_with() -> None:
    first: dict[str, Any] = {"lastRun": None, "added": [], "removed": []}
    assert "last run" not in text(
        reported(event(image=image(), detection=detection(), persisted=first)), technical=True
    )


def test_a_run_that_found_the_same_says_so() -> None:
    same = {"lastRun": "2026-11-20T08:00:00.000Z", "added": [], "removed": []}
    mail = text(reported(event(image=image(), detection=detection(), persisted=same)), technical=True)
    assert "Since its last run on 2026-11-20: the same labels.\n" in mail


def test_a_photo_without_labels_says_so() -> None:
    report = reported(labelled())
    assert title(report) == "Nothing recognised: a.jpg"
    assert text(report, technical=True).startswith("Nothing was recognised in this photo with enough confidence.\n")


def test_a_rejection_says_why_without_machinery() -> None:
    """The owner reads the sentence, not Lambda's JSON and not a class name."""
    report = reported(failed("REJECTED", "EmptyImageError"))
    assert title(report) == "Rejected: a.jpg"
    assert text(report, technical=False) == (
        "This photo was rejected.\n"
        "Reason: The file is empty.\n"
        "\n"
        "Upload a corrected file. It may have the same name.\n"
        "\n"
        "Photo: photos/a.jpg\n"
        "\n"
        "See the photo:\n"
        f"  {object_link(EXECUTION, {'bucket': IMAGES, 'key': 'photos/a.jpg'})}\n"
    )
    assert "errorMessage" not in text(report, technical=True)


def test_a_failure_names_state_and_error_for_the_operator() -> None:
    report = reported(failed("FAILED", "AccessDeniedError"))
    assert title(report) == "Labelling FAILED: a.jpg"
    assert text(report, technical=True).startswith(
        "Labelling this photo failed, and not because of the photo.\n\n"
        "State: ValidateImage\nError: AccessDeniedError\nCause: The file is empty.\n"
    )


FAILURE = {"Error": "States.Timeout"}
DONE = {"image": {"key": "a"}, "detection": {"labels": []}, "persisted": {"added": []}, "failure": FAILURE}
REJECTED = {"image": {}, "failure": {"Error": "EmptyImageError"}}


def without(*slots: str) -> dict[str, Any]:
    return {slot: value for slot, value in DONE.items() if slot not in slots}


@pytest.mark.parametrize(
    ("state", "name"),
    [
        ({"failure": FAILURE}, "ValidateImage"),
        ({"image": {}, "failure": FAILURE}, "ValidateImage"),
        (without("detection", "persisted") | {"image": {"needsNormalizing": True}}, "NormalizeImage"),
        (without("detection", "persisted"), "DetectLabels"),
        (without("persisted"), "PersistLabels"),
        (DONE, "PublishReport"),
        (REJECTED | {"reporting": FAILURE}, "PublishRejection"),
        (REJECTED | {"removing": FAILURE}, "RequestRemoval"),
        (DONE | {"removing": FAILURE}, "RequestRemoval"),
    ],
)
def test_the_state_that_failed_is_told_from_what_is_missing(state: dict[str, Any], name: str) -> None:
    assert failed_state(state) == name


def test_every_state_that_can_fail_has_its_name() -> None:
    """A state that is added to the definition must be told apart, too."""
    catching = {
        name
        for name, state in definition()["States"].items()
        for catch in state.get("Catch", [])
        if catch["Next"] == "PublishFailure"
    }
    assert catching == {*LEAVES.values(), LAST, NORMALIZING, *SLOTS.values()}


def test_a_failure_on_the_way_to_a_rejection_names_its_own_error() -> None:
    """The photo is at fault, but the operators must mend why its owner was not told."""
    state = {"failure": {"Error": "EmptyImageError", "Cause": CAUSE}, "reporting": {"Error": "AccessDeniedError"}}
    assert gather(event("FAILED", **state)).error == {
        "name": "AccessDeniedError",
        "cause": "No cause was given.",
        "state": "PublishRejection",
    }


@pytest.mark.parametrize(
    ("cause", "sentence"),
    [
        (CAUSE, "The file is empty."),
        ("The queue is gone", "The queue is gone"),
        ("", "No cause was given."),
        ("[1]", "[1]"),
        ('{"reason": 1}', '{"reason": 1}'),
        ('{"errorMessage": null}', '{"errorMessage": null}'),
        ('{"errorMessage": ""}', "No cause was given."),
        ("[" * 32_768, "[" * 32_768),
    ],
)
def test_a_cause_is_read_whoever_wrote_it(cause: str, sentence: str) -> None:
    """Lambda wraps its message in JSON, SQS does not, a timeout has none."""
    assert plain_cause(cause) == sentence


def test_a_failure_without_a_cause_can_be_reported() -> None:
    facts = gather(event("FAILED", failure={"Error": "States.Timeout"}))
    assert facts.error == {"name": "States.Timeout", "cause": "No cause was given.", "state": "ValidateImage"}


@pytest.mark.parametrize(
    "typed",
    [
        {"bucket": "go to https://evil.example", "key": "Sign in at https://evil.example"},
        {"bucket": IMAGES, "key": "Sign in at https://evil.example/" * 40},
        {"bucket": IMAGES, "key": "../Sign in at https://evil.example"},
        {"bucket": IMAGES, "key": "\ud800 https://evil.example"},
        {"bucket": IMAGES, "key": "evil.example", "versionId": "v" * 1025},
        {"detail": {"about": "https://evil.example"}, "bucket": IMAGES, "key": "evil.example"},
        {"detail-type": "Object Deleted", "detail": {"bucket": {"name": IMAGES}, "object": {"key": "evil.example"}}},
    ],
)
def test_a_failure_names_no_photo_that_is_not_one_of_the_stacks(typed: dict[str, Any]) -> None:
    """Whoever may start an execution chooses every word of its input; none of them reaches the operators."""
    report = reported(failed("FAILED", "ValueError") | {"input": typed})
    assert (report["image"], title(report)) == ({}, "Labelling FAILED: an unknown photo")
    assert "evil" not in text(report, technical=True)


def test_without_a_photo_the_report_still_leads_to_the_execution() -> None:
    """Somebody typed nonsense: there is no photo to name and nothing to run again."""
    report = reported(failed("FAILED", "ValueError") | {"input": {"nonsense": 1}})
    assert title(report) == "Labelling FAILED: an unknown photo"
    assert "Photo:" not in text(report, technical=True)
    assert execution_link(EXECUTION) in text(report, technical=True)
    assert "Run it again" not in text(report, technical=True)


def test_the_json_twin_says_the_same() -> None:
    found = label("Dog", 98.7)
    assert reported(labelled(found)) == {
        "schema": 1,
        "outcome": "LABELLED",
        "image": image(),
        "labels": [found],
        "answer": detection()["answer"],
        "execution": EXECUTION,
        "links": {"execution": execution_link(EXECUTION), "object": object_link(EXECUTION, dict(image()))},
        "rerun": rerun_command(EXECUTION, dict(image())),
    }
    assert reported(failed("REJECTED", "EmptyImageError"))["error"] == {
        "name": "EmptyImageError",
        "cause": "The file is empty.",
    }


COPY = {"bucket": "work", "key": "normalized/x.jpg", "width": 9, "height": 9, "size": 9, "did": []}
CHANGES: dict[str, Any] = {"lastRun": None, "added": [], "removed": []}
LABELLED = labelled(label())
PAYLOADS = [
    LABELLED,
    LABELLED | {"state": LABELLED["state"] | {"persisted": CHANGES}},
    event(image=image(normalized=COPY), detection=detection()),
    failed("REJECTED", "EmptyImageError"),
    failed("FAILED", "AccessDeniedError"),
    failed("FAILED", "ValueError") | {"input": {"nonsense": 1}},
]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_every_report_follows_the_schema(payload: dict[str, Any]) -> None:
    SCHEMA.validate(reported(payload))


@pytest.mark.parametrize(
    "broken",
    [{"outcome": "DONE"}, {"labels": [{"name": "Dog"}]}, {"answer": None}, {"surprise": 1}, {"outcome": "FAILED"}],
)
def test_the_schema_refuses_what_no_report_may_be(broken: dict[str, Any]) -> None:
    assert not SCHEMA.is_valid({**reported(LABELLED), **broken})


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
    report = reported(labelled(label("Dog")))
    assert (message["email"], json.loads(message["default"])) == (text(report, technical=True), report)
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


@pytest.mark.parametrize(
    ("partition", "region", "console"),
    [
        ("aws-us-gov", "us-gov-west-1", "https://us-gov-west-1.console.amazonaws-us-gov.com/"),
        ("aws-cn", "cn-north-1", "https://cn-north-1.console.amazonaws.cn/"),
    ],
)
def test_links_lead_to_the_console_of_the_partition(partition: str, region: str, console: str) -> None:
    execution = EXECUTION.replace("arn:aws:", f"arn:{partition}:").replace("us-east-1", region)
    photo = {"bucket": IMAGES, "key": "cat.jpg"}
    links = (execution_link(execution), machine_link(execution), object_link(execution, photo))
    assert all(link.startswith(console) for link in links)


def test_a_label_of_a_persons_own_model_says_so() -> None:
    """In words, in JSON that the schema knows, and in HTML, with and without parents."""
    report = reported(labelled(label("Mustang", 97.2, parents=[], source="custom"), label("Car", source="custom")))
    SCHEMA.validate(report)
    assert [one["source"] for one in report["labels"]] == ["custom", "custom"]
    assert "97 %  Mustang (custom label)\n" in text(report, technical=True)
    assert "99 %  Car (custom label, Animal)" in text(report, technical=True)
    assert "custom" not in text(reported(labelled(label())), technical=True)
