"""`reprocess` through the real entry point, against the local stack."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.e2e.command import answer, as_on_aws, assert_refused, imagelabels
from tests.e2e.stack import Stack


@pytest.fixture(scope="session")
def album(stack: Stack, astronaut: bytes) -> list[str]:
    keys = ["rerun/one.png", "rerun/two.png"]
    for key in keys:
        stack.upload(key, astronaut)
    return keys


@pytest.fixture
def failed(stack: Stack) -> str:
    """The key of a photo whose only execution failed: it was started with the event of a deletion."""
    key = "elsewhere/photo.png"
    assert stack.start({"bucket": stack.bucket, "key": key, "detail-type": "Object Deleted"})["status"] == "FAILED"
    return key


def test_dry_run_names_photos_and_cost_and_starts_nothing(stack: Stack, home: Path, album: list[str]) -> None:
    before = stack.executions()
    done = imagelabels(home, "reprocess", "--prefix", "rerun/", "--dry-run")
    assert done.stdout.split() == album
    assert "2 photos: nothing on this machine, about $0.0029" in done.stderr
    assert stack.executions() == before


def test_photos_of_a_prefix_run_again(stack: Stack, home: Path, album: list[str]) -> None:
    started = answer(home, "reprocess", "--prefix", "rerun/", "--yes", "--rate", "100")["started"]
    inputs = [json.loads(stack.ended(arn)["input"])["key"] for arn in started]
    assert sorted(inputs) == album
    assert not list((home / "reprocess").iterdir())


def test_photos_are_selected_by_label_and_age(home: Path, album: list[str]) -> None:
    found = answer(home, "reprocess", "--label", "face", "--prefix", "rerun/", "--dry-run")["photos"]
    assert found == album
    none = imagelabels(home, "reprocess", "--label", "face", "--prefix", "rerun/", "--before", "1d", "--dry-run")
    assert_refused(none, "Nothing matches.")


def test_failed_photos_are_selected_until_they_are_labelled(
    stack: Stack, home: Path, failed: str, astronaut: bytes
) -> None:
    by_error = ("reprocess", "--error", "ValueError", "--prefix", "elsewhere/", "--dry-run")
    assert answer(home, *by_error)["photos"] == [failed]
    stack.upload(failed, astronaut)
    assert_refused(imagelabels(home, *by_error), "Nothing matches.")


def test_rejected_photos_are_selected_by_their_error(stack: Stack, home: Path) -> None:
    stack.upload("album-rejected/notes.jpg", b"Dear diary, today I took no photo.")
    words = ("--outcome", "rejected", "--error", "UnsupportedFormatError", "--prefix", "album-rejected/", "--dry-run")
    assert answer(home, "reprocess", *words)["photos"] == ["album-rejected/notes.jpg"]


@pytest.mark.parametrize("words", [("--prefix", "rerun/"), ("rerun/one.png",)], ids=["many", "one"])
def test_on_aws_nothing_is_started_without_consent(
    stack: Stack, tmp_path: Path, album: list[str], words: tuple[str, ...]
) -> None:
    """One rule for one photo and for many: number and cost first, then the question."""
    before = stack.executions()
    done = imagelabels(tmp_path, "reprocess", *words, **as_on_aws(stack))
    count = "2 photos" if words[0] == "--prefix" else "1 photo"
    assert len(album) == 2
    assert f"{count}: about $" in done.stderr
    assert "add --yes" in done.stderr
    assert done.returncode == 1
    assert stack.executions() == before


def test_the_local_stack_does_not_ask(stack: Stack, home: Path, album: list[str]) -> None:
    """Nothing there costs anything."""
    done = imagelabels(home, "reprocess", album[0])
    assert "1 photo: nothing on this machine, about $0.0015" in done.stderr
    assert stack.ended(done.stdout.split()[-1])["status"] == "SUCCEEDED"


def test_a_photo_that_is_not_there_has_no_price(home: Path) -> None:
    for more in ((), ("--dry-run",)):
        done = imagelabels(home, "reprocess", "nosuch.png", *more)
        assert_refused(done, "There is no photo 'nosuch.png'")
        assert "$" not in done.stderr


@pytest.mark.parametrize(
    ("words", "says", "exit_code"),
    [
        (("one.png", "--prefix", "rerun/"), "one of the three", 2),
        ((), "Name a photo, or select photos with --prefix", 2),
        (("--before", "yesterday"), "'yesterday' is not a time", 2),
        (("--resume", "again-never"), "no unfinished batch", 1),
        (("one.png", "--version", "never"), "There is no version 'never'", 1),
        (("--prefix", "rerun/", "--version", "any"), "needs one photo", 2),
    ],
)
def test_what_cannot_be_selected_is_one_sentence(home: Path, words: tuple[str, ...], says: str, exit_code: int) -> None:
    assert_refused(imagelabels(home, "reprocess", *words), says, exit_code)


def test_the_version_that_failed_runs_and_not_the_one_that_is_labelled(
    stack: Stack, home: Path, astronaut: bytes
) -> None:
    """As the runbook says to do: the first version was labelled from its event, which names it; the second failed."""
    labelled = stack.upload("versions/again.png", astronaut)
    older = json.loads(labelled["input"])["detail"]["object"]["version-id"]
    with roles_without(stack, "persist_labels"):
        assert stack.upload("versions/again.png", astronaut)["status"] == "FAILED"
    again = stack.ended(answer(home, "reprocess", "versions/again.png")["execution"])
    newest = stack.client("s3").head_object(Bucket=stack.bucket, Key="versions/again.png")["VersionId"]
    assert stack.states(again["executionArn"])[-1] == "RecordOutcome"
    assert stack.items("versions/again.png")["IMAGE"]["version"]["S"] == newest != older

    done = imagelabels(home, "reprocess", "versions/again.png", "--version", older, "--json")
    assert "is not the newest" in done.stderr
    superseded = stack.ended(json.loads(done.stdout)["execution"])
    assert stack.states(superseded["executionArn"])[-1] == "Superseded"
    assert stack.items("versions/again.png")["IMAGE"]["version"]["S"] == newest


@contextmanager
def roles_without(stack: Stack, folder: str) -> Iterator[None]:
    """Take all permissions from the role of a function, for a while."""
    iam, functions = stack.client("iam"), stack.client("lambda").list_functions()["Functions"]
    (arn,) = [function["Role"] for function in functions if function["Handler"].startswith(f"{folder}.")]
    role = arn.rsplit("/", 1)[-1]
    names = iam.list_role_policies(RoleName=role)["PolicyNames"]
    policies = [iam.get_role_policy(RoleName=role, PolicyName=name) for name in names]
    for name in names:
        iam.delete_role_policy(RoleName=role, PolicyName=name)
    yield
    for policy in policies:
        document = json.dumps(policy["PolicyDocument"])
        iam.put_role_policy(RoleName=role, PolicyName=policy["PolicyName"], PolicyDocument=document)
