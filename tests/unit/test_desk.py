"""Small things that the commands stand on."""

import io
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError, NoCredentialsError, ProfileNotFound, UnauthorizedSSOTokenError
from PIL import Image

from imagelabels.cost import dollars
from imagelabels.detection.drawing import FORMATS, draw
from imagelabels.errors import UserError
from imagelabels.stack.history import at_fault, current
from imagelabels.terminal.aws_errors import sentence
from imagelabels.terminal.times import moment
from imagelabels_shared.images.boxes import boxes
from tests.corpus.bad import hidden_scans
from tests.corpus.good import GOOD

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "then"),
    [
        ("30m", "2026-11-22T11:30:00+00:00"),
        ("12h", "2026-11-22T00:00:00+00:00"),
        ("7d", "2026-11-15T12:00:00+00:00"),
        ("2w", "2026-11-08T12:00:00+00:00"),
        ("2026-11-01T10:00:00+02:00", "2026-11-01T08:00:00+00:00"),
    ],
)
def test_moments_are_read(text: str, then: str) -> None:
    assert moment(text, NOW).isoformat() == then


@pytest.mark.parametrize("text", ["yesterday", "7", "d", "-1d", "2026-13-01", "999999d"])
def test_what_is_no_moment_is_refused(text: str) -> None:
    with pytest.raises(UserError, match="write 30m, 12h, 7d"):
        moment(text, NOW)


def _refused(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "first line\nsecond line"}}, "DescribeStacks")


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (_refused("ExpiredTokenException"), "have expired"),
        (_refused("InvalidClientTokenId"), "does not know these credentials"),
        (_refused("AccessDenied"), "lacks a permission"),
        (_refused("ThrottlingException"), "slow down"),
        (_refused("SomethingElse"), "first line·second line"),
        (NoCredentialsError(), "aws configure"),
        (UnauthorizedSSOTokenError(), "aws sso login"),
        (ProfileNotFound(profile="home"), "AWS_PROFILE"),
    ],
)
def test_what_aws_refuses_is_one_sentence(error: Any, says: str) -> None:
    assert says in sentence(error)
    assert "\n" not in sentence(error)


def _history(*events: str) -> list[dict[str, Any]]:
    """Return events, the newest first, of types that start with Task or Execution; other names are states entered."""
    return [
        {"type": name}
        if name.startswith(("Task", "Execution"))
        else {"type": "TaskStateEntered", "stateEnteredEventDetails": {"name": name}}
        for name in events
    ]


def test_a_running_execution_is_in_its_last_state_with_its_failed_attempts() -> None:
    events = _history("TaskFailed", "TaskTimedOut", "TaskScheduled", "DetectLabels", "TaskFailed", "ValidateImage")
    assert current(events) == ("DetectLabels", 2)
    assert current(_history("ExecutionStarted")) == ("", 0)


def test_a_red_execution_went_wrong_in_the_state_before_its_failure_branch() -> None:
    events = _history("ExecutionFailed", "RecordFailure", "PublishFailure", "TaskFailed", "TaskFailed", "DetectLabels")
    assert at_fault(events) == ("DetectLabels", 2)
    assert at_fault(_history("ExecutionAborted", "TaskScheduled", "DetectLabels")) == ("DetectLabels", 0)


def test_a_thousand_photos_cost_what_rekognition_and_transitions_do() -> None:
    assert dollars(1000) == pytest.approx(1.0 + 9 * 0.025)


def _answer(*names: str) -> dict[str, Any]:
    box = {"Left": 0.25, "Top": 0.5, "Width": 0.5, "Height": 0.25}
    return {"Labels": [{"Name": name, "Instances": [{"BoundingBox": box, "Confidence": 99.0}]} for name in names]}


def test_labels_of_one_place_share_a_box_and_labels_without_a_place_have_none() -> None:
    answer = _answer("Face", "Person")
    answer["Labels"].append({"Name": "Outdoors", "Instances": []})
    (box,) = boxes(answer)
    assert box.names == ["Face", "Person"]


def _grey(kind: str, orientation: int) -> bytes:
    buffer, exif = io.BytesIO(), Image.Exif()
    exif[0x0112] = orientation
    Image.new("RGB", (400, 200), "grey").save(buffer, kind, exif=exif)
    return buffer.getvalue()


@pytest.mark.parametrize(("kind", "size"), [("JPEG", (200, 400)), ("PNG", (400, 200))])
def test_boxes_are_drawn_on_the_picture_as_rekognition_saw_it(tmp_path: Path, kind: str, size: tuple[int, int]) -> None:
    """A JPEG is turned upright by its EXIF orientation, a PNG never."""
    draw(_grey(kind, 6), boxes(_answer("Face")), tmp_path / "boxes.png")
    drawn = Image.open(tmp_path / "boxes.png")
    assert drawn.size == size
    assert drawn.getpixel((size[0] // 4, size[1] * 5 // 8)) == (0xE6, 0x9F, 0x00)
    assert drawn.getpixel((size[0] // 2, size[1] // 4)) != (0xE6, 0x9F, 0x00)


@pytest.mark.parametrize("suffix", [".jpg", ".JPEG", ".png", ".webp"])
@pytest.mark.parametrize("kind", ["several pictures.mpo", "palette.png", "turned 6.jpg", "grey.png"])
def test_boxes_are_drawn_in_each_format_on_each_kind_of_photo(tmp_path: Path, suffix: str, kind: str) -> None:
    """In the sandbox, where Pillow can import nothing that it did not have before."""
    target = tmp_path / f"boxes{suffix}"
    draw(GOOD[kind].make(), boxes(_answer("Face")), target)
    with Image.open(target) as drawn:
        assert drawn.format == FORMATS[suffix.lower()]


@pytest.mark.parametrize("name", ["boxes.unknown", "no/such/folder/boxes.png"])
def test_a_file_that_cannot_be_written_is_one_sentence(tmp_path: Path, name: str) -> None:
    with pytest.raises(UserError, match="cannot be written"):
        draw(_grey("PNG", 1), [], tmp_path / name)


def test_a_photo_that_cannot_be_decoded_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"The boxes cannot be drawn\. The photo is stored in more passes"):
        draw(hidden_scans(), [], tmp_path / "boxes.png")
    assert not (tmp_path / "boxes.png").exists()
