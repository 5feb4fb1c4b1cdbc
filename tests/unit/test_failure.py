"""Every exception is one sentence; an unknown one is a bug, and its traceback is in a file."""

from pathlib import Path

import boto3
import pytest
from boto3.exceptions import S3UploadFailedError

from imagelabels.errors import UserError
from imagelabels.terminal import failure
from imagelabels.terminal.failure import told
from tests.unit.aws_errors import refusal


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(failure, "HOME", tmp_path / "home")


def raised(error: Exception) -> Exception:
    try:
        raise error
    except type(error) as caught:
        return caught


def upload_failure(code: str) -> Exception:
    """Return what boto3's `upload_file` raises, which holds AWS's answer as its context."""
    error = S3UploadFailedError("Failed to upload a.jpg")
    error.__context__ = refusal(code, operation="PutObject")
    return error


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (UserError("Do this."), "Do this."),
        (upload_failure("AccessDenied"), "Your AWS identity lacks a permission"),
        (upload_failure("ExpiredToken"), "have expired"),
        (S3UploadFailedError("odd"), "odd"),
        (PermissionError(13, "Permission denied", "/home/x"), "/home/x: Permission denied."),
        (OSError(28, "No space left on device"), "No space left on device."),
        (MemoryError(), "memory"),
    ],
)
def test_what_is_known_is_a_sentence(error: Exception, says: str) -> None:
    assert says in told(error)
    assert "bug" not in told(error)


@pytest.mark.parametrize(
    ("name", "value"), [("AWS_ENDPOINT_URL", "localhost:4566"), ("AWS_MAX_ATTEMPTS", "abc"), ("AWS_RETRY_MODE", "x")]
)
def test_settings_that_botocore_cannot_use_are_a_sentence(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(Exception) as caught:  # noqa: PT011  # botocore raises a ValueError of its own or a plain one
        boto3.Session().client("s3")
    assert value in told(caught.value)
    assert "bug" not in told(caught.value)


def test_anything_else_is_a_bug_with_its_traceback_in_a_file(tmp_path: Path) -> None:
    says = told(raised(KeyError("detection\n")))
    assert says.startswith("This is a bug: KeyError: 'detection\\n'. The traceback is in ")
    assert f"{tmp_path}/home/error.log: open an issue" in says
    log = (tmp_path / "home" / "error.log").read_text()
    assert "Traceback (most recent call last):" in log
    assert "KeyError: 'detection\\n'" in log


def test_a_home_that_cannot_be_written_does_not_hide_the_bug(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file where a folder should be")
    says = told(raised(ZeroDivisionError("division by zero")))
    log = Path(says.split(" is in ")[1].split(": open")[0])
    assert "ZeroDivisionError" in log.read_text()
    log.unlink()
