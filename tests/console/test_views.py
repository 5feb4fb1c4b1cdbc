"""What the page of one execution computes: JSON, boxes, the page itself, mails, and inputs to run again with."""

import json
from email.message import EmailMessage
from typing import Any

import pytest

from imagelabels.console.again import checked
from imagelabels.console.execution_page import Known, execution_page
from imagelabels.console.inbox import parsed
from imagelabels.console.json_view import MOST_LINES, lines, pretty
from imagelabels.console.labels_view import bars, drawn_boxes
from imagelabels.console.pictures import places
from imagelabels.errors import UserError
from imagelabels.stack.executions import Execution, outcome_of, photo_in
from tests.console.histories import Recorded, recorded

ANSWER = {
    "Labels": [
        {
            "Name": "Face",
            "Instances": [{"Confidence": 99.1, "BoundingBox": {"Left": 0.1, "Top": 0.2, "Width": 0.3, "Height": 0.4}}],
        },
        {
            "Name": "Person",
            "Instances": [{"Confidence": 99.1, "BoundingBox": {"Left": 0.1, "Top": 0.2, "Width": 0.3, "Height": 0.4}}],
        },
        {
            "Name": "Dropped",
            "Instances": [{"Confidence": 50.0, "BoundingBox": {"Left": 0, "Top": 0, "Width": 1, "Height": 1}}],
        },
    ]
}


def _known(execution: Recorded, definition: dict[str, Any]) -> Known:
    said = execution.description
    output = json.loads(said.get("output") or "{}")
    one = Execution(
        arn=said["executionArn"],
        key=(photo_in(said["input"]) or {"key": "(no photo)"})["key"],
        state="",
        retries=0,
        outcome=outcome_of(said["status"], output),
        started=execution.start,
        stopped=execution.stop,
        labels={},
        reason="",
    )
    return Known(one, said, execution.events, definition, ANSWER, "you@example.com")


def test_json_keeps_every_character_in_its_pieces() -> None:
    text = json.dumps({"a": [1, -2.5e3, True, None, 'quo"te', "<b>"], "Cause": '{"inner": 1}'})
    shown = lines(text)
    assert "\n".join("".join(piece.text for piece in line) for line in shown) == pretty(text)
    assert '"inner": 1' in pretty(text)
    kinds = {piece.kind for line in shown for piece in line}
    assert kinds == {"key", "string", "number", "word", "other"}


@pytest.mark.parametrize("text", ["", "no json", '{"cut": ', "[" * 2_000, '"' * 99, "-a-"])
def test_a_text_that_is_no_json_is_shown_as_it_is(text: str) -> None:
    assert "".join(piece.text for line in lines(text) for piece in line) == text


def test_a_long_document_is_cut() -> None:
    shown = lines(json.dumps(list(range(5_000))))
    assert len(shown) == MOST_LINES + 1
    assert "4602 more lines" in shown[-1][0].text


def test_boxes_of_one_place_are_one_and_tied_to_all_their_labels() -> None:
    boxes = drawn_boxes(ANSWER, {"Face", "Person"})
    (box,) = boxes
    assert (round(box.left), round(box.top), round(box.width), round(box.height)) == (10, 20, 30, 40)
    assert box.text == "Face, Person 99 %"
    labels: list[dict[str, Any]] = [
        {"name": name, "confidence": 99.1, "parents": [], "instances": 1} for name in ("Face", "Person")
    ]
    assert [bar.boxes for bar in bars(labels, boxes, ANSWER)] == ["0", "0"]
    own = [labels[0] | {"source": "custom", "parents": ["Person"]}]
    assert [bar.parents for bar in bars(own, boxes, ANSWER)] == ["custom label, Person"]
    assert drawn_boxes(None, {"Face"}) == []


def test_a_labelled_page_tells_labels_photo_and_story(definition: dict[str, Any]) -> None:
    shown = execution_page(_known(recorded("throttled"), definition))
    assert [label.name for label in shown.labels] == ["Face", "Person"]
    assert shown.state is not None
    assert (shown.state.name, shown.state.tab) == ("DetectLabels", "output")
    assert [attempt.well for attempt in shown.state.attempts] == [False, True]
    assert shown.problem == ""
    assert shown.command == "imagelabels reprocess trip/crew.webp"
    assert {fact.name for fact in shown.facts} >= {"Photo", "Format", "Looked at"}


@pytest.mark.parametrize(
    ("name", "state", "says"),
    [
        ("failed", "DetectLabels", "no permission for rekognition:DetectLabels"),
        ("rejected", "NormalizeImage", "The end of the photo is missing"),
        ("not_found", "ValidateImage", "There is no such photo"),
        ("bad_input", "ValidateImage", "The execution's input must be"),
    ],
)
def test_what_went_wrong_is_said_in_words(definition: dict[str, Any], name: str, state: str, says: str) -> None:
    shown = execution_page(_known(recorded(name), definition))
    assert shown.problem_state == state
    assert says in shown.problem
    assert shown.state is not None
    assert (shown.state.name, shown.state.tab) == (state, "error")


def test_the_state_that_is_asked_for_is_shown(definition: dict[str, Any]) -> None:
    known = _known(recorded("labelled"), definition)
    shown = execution_page(known, "ValidateImage", "definition").state
    assert shown is not None
    assert shown.name == "ValidateImage"
    assert '"TimeoutSeconds": 60' in shown.text
    unknown = execution_page(known, "NoSuchState", "no such tab").state
    assert unknown is not None
    assert unknown.name == "DetectLabels"


def test_a_redrive_is_offered_only_where_it_helps(definition: dict[str, Any]) -> None:
    caught = _known(recorded("failed"), definition)
    redrivable = {"redriveStatus": "REDRIVABLE"}
    assert not execution_page(caught._replace(description=caught.description | redrivable)).redrivable
    record = next(n for n, event in enumerate(caught.history) if "RecordFailure" in json.dumps(event, default=str))
    cut = caught._replace(history=caught.history[: record + 1])
    assert not execution_page(cut).redrivable
    assert execution_page(cut._replace(description=caught.description | redrivable)).redrivable


def test_pictures_come_from_the_copy_that_rekognition_saw_first() -> None:
    said = recorded("throttled").description
    copy, original = places(json.loads(said["input"]), json.loads(said["output"]))
    assert copy["Bucket"] == "work"
    assert original["Key"] == "trip/crew.webp"
    assert original["VersionId"]
    assert places({"photo": "sea.jpg"}, {}) == []


def test_a_mail_brings_its_picture_inside_and_names_its_execution() -> None:
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = "Face: a.jpg", "a@example.com", "you@example.com"
    message["Date"] = "Wed, 25 Nov 2026 12:00:00 +0000"
    message.set_content("See arn:aws:states:us-east-1:123456789012:execution:label-image:one_two-3")
    message.add_alternative('<img src="cid:photo">', subtype="html")
    html = message.get_body(("html",))
    assert html is not None
    html.add_related(b"JPEG", "image", "jpeg", cid="<photo>")
    mail = parsed("1", message.as_bytes())
    assert mail.executions == {"one_two-3"}
    assert 'src="data:image/jpeg;base64,SlBFRw=="' in mail.html
    assert "cid:" not in mail.html


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", '{"photo": "a.jpg"}', '{"bucket": "other", "key": "a.jpg"}', '{"bucket": "images", "key": ""}'],
)
def test_an_edited_input_that_cannot_work_is_refused(text: str) -> None:
    with pytest.raises(UserError):
        checked(text, "images")


def test_an_edited_input_goes_on_one_line() -> None:
    assert checked('{\n "bucket": "images",\n "key": "ü.jpg"}', "images") == '{"bucket": "images", "key": "ü.jpg"}'
