"""Uploads in parallel: one bad file stops no other, an error of all stops the rest, and what was uploaded is known."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from PIL import Image

from imagelabels.commands import upload as command
from imagelabels.stack.connection import Outputs, Stack
from imagelabels.upload.transfer import Transfer, transfer
from tests.moto_aws import mocked
from tests.resources import IMAGES, create
from tests.unit.aws_errors import refusal


@pytest.fixture
def stack(session: boto3.Session) -> Iterator[Stack]:
    with mocked():
        create()
        machine = "arn:aws:states:us-east-1:123456789012:stateMachine:label-image"
        yield Stack(session, Outputs({"ImagesBucketName": IMAGES, "StateMachineArn": machine}))


@pytest.fixture
def album(tmp_path: Path) -> Path:
    folder = tmp_path / "album"
    folder.mkdir()
    for number in range(9):
        Image.new("RGB", (2, 2)).save(folder / f"{number}.png")
    return folder


def refuse_one(stack: Stack, key: str, code: str) -> None:
    """Let S3 refuse one object."""

    def stop(params: dict[str, Any], **_more: Any) -> None:
        if params["Key"] == key:
            raise refusal(code, operation="PutObject")

    stack.client("s3").meta.events.register("before-parameter-build.s3.PutObject", stop)


def stored(stack: Stack) -> set[str]:
    return {entry["Key"] for entry in stack.client("s3").list_objects_v2(Bucket=IMAGES).get("Contents", [])}


def test_each_file_is_stored_under_its_key_with_its_content_type(stack: Stack, album: Path) -> None:
    result, told = Transfer(), []
    files = {f"a/{path.name}": path for path in album.iterdir()}
    transfer(stack, files, result, lambda: told.append(1))
    assert (result.done, result.failed, result.stopped, len(told)) == (set(files), {}, None, 9)
    assert stored(stack) == set(files)
    assert stack.client("s3").head_object(Bucket=IMAGES, Key="a/0.png")["ContentType"] == "image/png"


def test_one_bad_file_does_not_stop_the_others(
    stack: Stack, album: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "connect", lambda: stack)
    refuse_one(stack, "0.png", "EntityTooLarge")
    with pytest.raises(Exception) as ended:  # noqa: PT011  # typer's Exit
        command.upload([album, album / "gone.jpg"], yes=True, as_json=True)
    assert getattr(ended.value, "exit_code", None) == 1
    shown = capsys.readouterr()
    done = [f"{number}.png" for number in range(1, 9)]
    assert json.loads(shown.out) == [{"bucket": IMAGES, "key": key} for key in done]
    assert f"There is no file {album}/gone.jpg." in shown.err
    assert f"{album}/0.png was not uploaded:" in shown.err
    assert "Uploaded 8 photos." in shown.err
    assert stored(stack) == set(done)


def test_an_error_of_all_stops_and_what_was_uploaded_is_told(
    stack: Stack, album: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "connect", lambda: stack)
    refuse_one(stack, "3.png", "AccessDenied")
    with pytest.raises(ClientError, match="AccessDenied"):
        command.upload([album], yes=True, as_json=True)
    shown = capsys.readouterr()
    assert {one["key"] for one in json.loads(shown.out)} == stored(stack)
    assert f"Uploaded {len(stored(stack))} photos, stopped before the other {9 - len(stored(stack))}." in shown.err


def test_ctrl_c_tells_what_was_uploaded(
    stack: Stack, album: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The interrupt comes while the command waits for the last uploads."""

    def interrupted(stack: Stack, files: dict[str, Path], result: Transfer, advance: Any) -> None:
        transfer(stack, dict(list(files.items())[:4]), result, advance)
        raise KeyboardInterrupt

    monkeypatch.setattr(command, "connect", lambda: stack)
    monkeypatch.setattr(command, "transfer", interrupted)
    with pytest.raises(KeyboardInterrupt):
        command.upload([album], yes=True)
    shown = capsys.readouterr()
    assert shown.out.splitlines() == [f"{IMAGES}/{number}.png" for number in range(4)]
    assert "Uploaded 4 photos, stopped before the other 5." in shown.err
