"""The command as on AWS: no local stack of its own, credentials and region from the shell."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from tests.e2e.command import COMMAND, assert_refused, imagelabels
from tests.e2e.stack import Stack

NO_FILES = {"AWS_CONFIG_FILE": "/dev/null", "AWS_SHARED_CREDENTIALS_FILE": "/dev/null"}


def on_aws(home: Path, stack: Stack, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    region = {"AWS_DEFAULT_REGION": "", "AWS_REGION": "us-east-1"}
    return imagelabels(home, *words, **(NO_FILES | stack.variables | region | variables))


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
    ],
    ids=["wrong region", "unknown key", "no credentials", "no answer"],
)
def test_what_is_missing_is_one_sentence(stack: Stack, tmp_path: Path, variables: dict[str, str], says: str) -> None:
    assert_refused(on_aws(tmp_path, stack, "watch", **variables), says)


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
