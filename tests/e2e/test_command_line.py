"""The command `imagelabels` through its real entry point, against the local stack."""

import json
import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from imagelabels.deploy import node
from imagelabels.errors import UserError
from imagelabels.local import port
from imagelabels.upload.files import samples
from tests.e2e.command import answer, assert_refused, imagelabels
from tests.e2e.stack import Stack


def test_upload_show_reprocess_and_watch(stack: Stack, home: Path) -> None:
    photo = samples()["astronaut.png"]
    assert answer(home, "upload", str(photo), "--prefix", "album/") == [
        {"bucket": stack.bucket, "key": "album/astronaut.png"}
    ]
    first = next(execution for execution in answer(home, "watch") if execution["key"] == "album/astronaut.png")
    assert stack.ended(first["execution"])["status"] == "SUCCEEDED"
    shown = answer(home, "show", f"{stack.bucket}/album/astronaut.png")
    assert [label["label"] for label in shown["labels"]] == ["Face", "Person"]
    assert shown["image"]["size"] == photo.stat().st_size
    again = answer(home, "reprocess", "album/astronaut.png")["execution"]
    assert json.loads(stack.ended(again)["input"]) == {"bucket": stack.bucket, "key": "album/astronaut.png"}
    assert answer(home, "watch", "--limit", "1")[0]["outcome"] == "LABELLED"


def test_tables_are_plain_text_without_a_terminal(stack: Stack, home: Path, astronaut: bytes) -> None:
    stack.upload("plain.png", astronaut)
    done = imagelabels(home, "show", "plain.png")
    assert "Face" in done.stdout
    assert "\x1b[" not in done.stdout


def test_a_photo_that_is_not_there_is_one_sentence(home: Path) -> None:
    assert_refused(imagelabels(home, "show", "nowhere.png"), "There is no photo 'nowhere.png'")
    assert_refused(imagelabels(home, "reprocess", "nowhere.png"), "There is no photo")


def test_without_stack_and_region_it_says_what_to_do(tmp_path: Path) -> None:
    done = imagelabels(tmp_path, "watch", AWS_DEFAULT_REGION="", AWS_CONFIG_FILE="/dev/null")
    assert_refused(done, "make run")


def test_a_second_start_is_refused(home: Path) -> None:
    assert_refused(imagelabels(home, "run", "--once", "--port", "0"), "already running")


def test_a_taken_port_is_refused(stack: Stack, tmp_path: Path) -> None:
    taken = str(urlsplit(stack.outputs["endpoint"]).port)
    assert_refused(imagelabels(tmp_path, "run", "--once", PORT=taken), f"Port {taken} is in use")


@pytest.mark.parametrize("images", ["/nowhere/photo.jpg", "", "'unfinished"])
def test_images_that_cannot_be_read_are_refused(tmp_path: Path, images: str) -> None:
    (tmp_path / "empty").mkdir()
    done = imagelabels(tmp_path / "state", "run", "--once", IMAGES=images or str(tmp_path / "empty"))
    assert_refused(done, "imagelabels: ")


def test_settings_that_cannot_be_read_are_refused(tmp_path: Path) -> None:
    assert_refused(imagelabels(tmp_path, "run", "--once", "--port", "0", SETTINGS="html"), "name=value pairs", 2)


def test_a_setting_that_cannot_be_used_is_refused_before_anything_starts(tmp_path: Path) -> None:
    done = imagelabels(tmp_path, "run", "--once", "--port", "0", SETTINGS="reportPhone=555")
    said = done.stdout + done.stderr
    assert "imagelabels: reportPhone must be a number with its country code" in said
    assert "Starting" not in said
    assert done.returncode


def test_a_model_that_is_not_there_is_refused(tmp_path: Path) -> None:
    done = imagelabels(tmp_path, "run", "--once", "--port", "0", MODEL="/nowhere.onnx")
    assert_refused(done, "There is no file /nowhere.onnx")


def test_a_missing_node_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(node, "find_spec", lambda _name: None)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(UserError, match=r"Node\.js is missing"):
        node.find_node()


# With the links to an execution, as operators get them.
TECHNICAL = "digestSeconds=0 technicalDetails=everyone"


def test_run_once_labels_a_folder_and_leaves_nothing_running(tmp_path: Path) -> None:
    photos = tmp_path / "my photos"
    photos.mkdir()
    (photos / "astronaut.png").write_bytes(samples()["astronaut.png"].read_bytes())
    (photos / "notes.jpg").write_text("no photo")
    done = imagelabels(tmp_path / "state", "run", "--once", IMAGES=str(photos), PORT="0", SETTINGS=TECHNICAL)
    assert done.returncode == 0, done.stderr
    assert "astronaut.png  LABELLED" in done.stdout
    assert "notes.jpg  REJECTED" in done.stdout
    mails = done.stdout.split("mail: ")[1:]
    assert [mail for mail in mails if "astronaut.png" in mail and {"Face", "Person"} <= set(re.findall(r"\w+", mail))]
    assert [mail for mail in mails if "notes.jpg" in mail and "a text file" in mail]
    endpoint = next(line for line in done.stdout.splitlines() if line.startswith("AWS endpoint: "))
    assert re.search(
        r"^export AWS_ACCESS_KEY_ID=AKIA[A-Z2-7]{16}\nexport AWS_SECRET_ACCESS_KEY=\S{40}$", done.stdout, re.MULTILINE
    )
    assert not port.answers(urlsplit(endpoint.split()[-1]).port or 0)
    assert not (tmp_path / "state" / "outputs.json").exists()
    # The console comes first, and the reports lead to it, and to the endpoint.
    console = re.search(r"^Console: (http://127\.0\.0\.1:\d+)$", done.stdout, re.MULTILINE)
    assert console is not None
    assert console.start() < done.stdout.index("AWS endpoint:")
    assert f"{console[1]}/executions/" in done.stdout
    assert f"{console[1]}/photo?key=astronaut.png" in done.stdout
    assert f"--region us-east-1 --endpoint-url {endpoint.split()[-1]} " in done.stdout
