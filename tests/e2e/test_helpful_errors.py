"""The command as on AWS: no local stack of its own, credentials and region from the shell."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from tests.e2e.command import COMMAND, as_on_aws, assert_refused, imagelabels
from tests.e2e.stack import Stack


def on_aws(home: Path, stack: Stack, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return imagelabels(home, *words, **(as_on_aws(stack) | variables))


def test_the_deployed_stack_is_found_by_credentials_and_region(stack: Stack, tmp_path: Path) -> None:
    done = on_aws(tmp_path, stack, "watch", "--json")
    assert done.returncode == 0, done.stderr
    assert isinstance(json.loads(done.stdout), list)


@pytest.mark.parametrize(
    ("variables", "says"),
    [
        ({"AWS_REGION": "eu-west-1"}, "no stack ImageLabels in eu-west-1"),
        ({"AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE"}, "does not know these credentials"),
        (
            {"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": "", "AWS_EC2_METADATA_DISABLED": "true"},
            "no AWS credentials",
        ),
        ({"AWS_ENDPOINT_URL": "http://127.0.0.1:9"}, "check AWS_REGION and the network"),
        ({"AWS_ENDPOINT_URL": "127.0.0.1:9"}, "check AWS_ENDPOINT_URL"),
        ({"AWS_MAX_ATTEMPTS": "abc"}, "AWS_MAX_ATTEMPTS"),
        ({"AWS_PROFILE": "nosuch"}, "check AWS_PROFILE"),
        ({"IMAGELABELS_TARGET": "local"}, "No local stack is up"),
    ],
    ids=[
        "wrong region",
        "unknown key",
        "no credentials",
        "no answer",
        "endpoint without scheme",
        "no number",
        "unknown profile",
        "no local stack",
    ],
)
def test_what_is_missing_is_one_sentence(stack: Stack, tmp_path: Path, variables: dict[str, str], says: str) -> None:
    assert_refused(on_aws(tmp_path, stack, "watch", **variables), says)


def test_the_place_is_said_first_and_chosen(stack: Stack, home: Path) -> None:
    """The same words act here or there, and say where; on AWS a question comes before writing."""
    here = imagelabels(home, "watch", "--limit", "1", **as_on_aws(stack))
    assert here.stderr.startswith("Local stack 127.0.0.1:")
    there = imagelabels(home, "watch", "--limit", "1", "--aws", **as_on_aws(stack))
    assert there.stderr.startswith("AWS 000000000000, us-east-1, stack ImageLabels\n")
    for words in (["dead-letters", "--send-back"], ["reconcile", "--fix"], ["doctor"], ["upload", __file__]):
        asked = imagelabels(home, *words, "--aws", **as_on_aws(stack))
        assert "Nobody is here to ask: add --yes." in asked.stderr
        assert asked.returncode == 1


def test_a_killed_local_stack_is_named_before_aws_is(stack: Stack, tmp_path: Path) -> None:
    (tmp_path / "outputs.json").write_text("{}")
    said = on_aws(tmp_path, stack, "watch", "--limit", "1").stderr.splitlines()
    assert said[0].startswith(f"The local stack of {tmp_path} was killed")
    assert said[1].startswith("AWS 000000000000")


def test_commands_are_completed(tmp_path: Path) -> None:
    words = {"_IMAGELABELS_COMPLETE": "complete_bash", "COMP_WORDS": "imagelabels rep", "COMP_CWORD": "1"}
    assert imagelabels(tmp_path, **words).stdout.split() == ["reprocess"]


def test_watch_follows_in_lines_without_a_terminal(stack: Stack, home: Path, astronaut: bytes) -> None:
    execution = stack.upload("followed.png", astronaut)["executionArn"]
    watching = subprocess.Popen(  # noqa: S603  # our own command
        [COMMAND, "watch", "--follow", "--json", "--limit", "1"],
        env={**os.environ, "IMAGELABELS_HOME": str(home)},
        stdout=subprocess.PIPE,
        text=True,
    )
    with watching:
        assert watching.stdout is not None
        seen = json.loads(watching.stdout.readline())
        watching.terminate()
    assert (seen["execution"], seen["key"], seen["outcome"]) == (execution, "followed.png", "LABELLED")
