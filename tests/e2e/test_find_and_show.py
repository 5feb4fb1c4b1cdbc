"""`search`, `labels`, `show` and `watch` through the real entry point, against the local stack."""

import io
import json
from pathlib import Path

import pytest
from PIL import Image

from tests.e2e.command import answer, assert_refused, imagelabels
from tests.e2e.stack import Stack


@pytest.fixture(scope="session")
def portrait(stack: Stack, astronaut: bytes) -> str:
    """The key of a photo that shows a face and a person."""
    stack.upload("find/portrait.png", astronaut)
    return "find/portrait.png"


@pytest.fixture(scope="session")
def back(stack: Stack, portrait: str) -> str:
    """The key of a photo that shows a person but no face, written to the table as PersistLabels would."""
    table, key = stack.outputs["LabelsTableName"], "find/back.png"
    (item,) = (item for record, item in stack.items(portrait).items() if record == "LABEL#Person")
    other = {
        **item,
        "image_id": {"S": f"{stack.bucket}/{key}"},
        "object_key": {"S": key},
        "confidence": {"N": "80"},
        "labelled_at": {"S": "2020-01-01T00:00:00.000+00:00"},
    }
    stack.client("dynamodb").put_item(TableName=table, Item=other)
    return key


def keys(home: Path, *words: str) -> list[str]:
    return [photo["key"] for photo in answer(home, "search", *words)["photos"]]


def test_search_finds_the_surest_first_and_tells_what_it_read(home: Path, portrait: str, back: str) -> None:
    done = answer(home, "search", "person")
    found = [photo["key"] for photo in done["photos"]]
    assert found.index(portrait) < found.index(back)
    assert done["read"]["rows"] == len(found)
    assert done["read"]["units"] > 0


def test_search_joins_labels_and_keeps_to_confidence_and_time(home: Path, portrait: str, back: str) -> None:
    assert keys(home, "person", "AND", "NOT", "face") == [back]
    sure_and_new = keys(home, "Person", "--min", "90", "--since", "7d")
    assert portrait in sure_and_new
    assert back not in sure_and_new


def test_search_gives_the_time_of_an_old_item_in_the_one_form(home: Path, back: str) -> None:
    found = {one["key"]: one["labelled_at"] for one in answer(home, "search", "person")["photos"]}
    assert found[back] == "2020-01-01T00:00:00.000Z"
    assert all(time.endswith("Z") for time in found.values())


def test_search_is_plain_to_a_pipe(home: Path, back: str) -> None:
    done = imagelabels(home, "search", "person AND NOT face", "--verbose")
    assert done.stdout == f"{back}\t80.0\tPerson\n"
    assert "read units" in done.stderr
    assert imagelabels(home, "search", "person AND NOT face", "--print0").stdout == f"{back}\0"


def test_search_without_a_match_is_one_sentence(home: Path) -> None:
    done = imagelabels(home, "search", "unicorn")
    assert "'unicorn'" in done.stderr
    assert "Nothing matches." in done.stderr
    assert done.returncode == 1


def test_a_query_that_cannot_be_answered_is_one_sentence(home: Path) -> None:
    assert_refused(imagelabels(home, "search", "NOT dog"), "NOT needs something", 2)


def test_labels_are_counted(home: Path, portrait: str, back: str) -> None:
    named = answer(home, "labels", "person", "unicorn")["labels"]
    assert named["Person"] >= 2
    assert named["unicorn"] == 0
    assert answer(home, "labels")["labels"]["Person"] == named["Person"]
    assert portrait
    assert back


def test_show_draws_the_boxes(home: Path, portrait: str, astronaut: bytes, tmp_path: Path) -> None:
    done = imagelabels(home, "show", portrait, "--out", str(tmp_path / "boxes.png"))
    assert "Face" in done.stdout
    assert "execution: arn:aws:states:" in done.stdout
    drawn, plain = Image.open(tmp_path / "boxes.png"), Image.open(io.BytesIO(astronaut)).convert("RGB")
    assert drawn.size == plain.size
    assert drawn.tobytes() != plain.tobytes()


def test_show_says_when_the_boxes_have_expired(stack: Stack, home: Path, astronaut: bytes, tmp_path: Path) -> None:
    place = json.loads(stack.upload("find/old.png", astronaut)["output"])["detection"]["answer"]
    stack.client("s3").delete_object(Bucket=place["bucket"], Key=place["key"])
    done = imagelabels(home, "show", "find/old.png", "--out", str(tmp_path / "boxes.png"))
    assert_refused(done, "`imagelabels reprocess` the photo")


def test_show_without_a_screen_names_the_file(home: Path, portrait: str) -> None:
    done = imagelabels(home, "show", portrait, "--open", DISPLAY="", WAYLAND_DISPLAY="")
    assert "boxes.jpg" in done.stderr
    assert "--out FILE" in done.stderr
    assert done.returncode == 1


def test_watch_failed_says_which_state_failed(stack: Stack, home: Path) -> None:
    failed = stack.start({"photo": "of nothing"})["executionArn"]
    seen = next(execution for execution in answer(home, "watch", "--failed") if execution["execution"] == failed)
    assert (seen["outcome"], seen["state"], seen["retries"]) == ("FAILED", "ValidateImage", 0)
    assert "FAILED in ValidateImage" in imagelabels(home, "watch", "--failed", COLUMNS="200").stdout
