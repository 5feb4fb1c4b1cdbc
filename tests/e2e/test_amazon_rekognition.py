"""RECOGNIZER=rekognition sends photos to the person's own account; here, a second local stack is that account."""

import os
import pty
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import cv2
import pytest

from imagelabels.local.recognizer import amazon
from imagelabels.local.recognizer.local_labels import LocalLabels
from imagelabels.local.recognizer.picture import MAX_INLINE_BYTES, decode
from imagelabels.local.recognizer.refused import RefusedError
from imagelabels.upload.files import samples
from tests.e2e.command import COMMAND, Done, imagelabels
from tests.e2e.stack import Stack
from tests.local.pictures_without_labels import encoded, photograph
from tests.signed import signed

CAT = samples()["chelsea.png"]


@pytest.fixture
def person(stack: Stack, tmp_path: Path) -> dict[str, str]:
    """The environment of somebody with an AWS account: the key, the Region, and where AWS is."""
    return stack.variables | {
        "AWS_REGION": "us-east-1",
        "AWS_CONFIG_FILE": str(tmp_path / "no config"),
        "AWS_SHARED_CREDENTIALS_FILE": str(tmp_path / "no credentials"),
        "AWS_EC2_METADATA_DISABLED": "true",
        "RECOGNIZER": "rekognition",
        "YES": "1",
    }


def run(home: Path, person: dict[str, str], **changed: str) -> Done:
    return imagelabels(home, "run", "--once", "--port", "0", "--images", str(CAT), **{**person, **changed})


@pytest.fixture
def stranger(stack: Stack) -> Iterator[dict[str, str]]:
    """The key of a user of the same account who may do nothing."""
    iam = stack.client("iam")
    iam.create_user(UserName="stranger")
    key = iam.create_access_key(UserName="stranger")["AccessKey"]
    yield {"AWS_ACCESS_KEY_ID": key["AccessKeyId"], "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"]}
    iam.delete_access_key(UserName="stranger", AccessKeyId=key["AccessKeyId"])
    iam.delete_user(UserName="stranger")


def asked(stack: Stack) -> int:
    """Return how many photos were sent to the account's Rekognition."""
    state = signed(stack.session, "GET", f"{stack.outputs['endpoint']}/_local/recognizer").json()
    return int(state["calls"].get("bytes", 0))


def test_the_persons_account_labels_the_photo(stack: Stack, person: dict[str, str], tmp_path: Path) -> None:
    before = asked(stack)
    done = run(tmp_path / "home", person)
    assert done.returncode == 0, done.stderr
    assert "94 %  Cat (Animal, Mammal, Pet)" in done.stdout
    assert "AWS account 000000000000 pays: 1 photo at $0.001: $0.0010." in " ".join(done.stderr.split())
    # One asks whether the person may, with no photo; one has the photo.
    assert asked(stack) == before + 2


def test_nobody_pays_unasked(person: dict[str, str], stack: Stack, tmp_path: Path) -> None:
    before = asked(stack)
    done = run(tmp_path / "home", person, YES="", SETTINGS="imageProperties=true")
    assert "1 photo at $0.00175: $0.0018." in " ".join(done.stderr.split()), "labels, and image properties"
    assert "Nobody is here to ask whether your account may pay: set YES=1." in done.stderr
    assert (done.returncode, asked(stack)) == (1, before)


def test_a_person_is_asked_first_and_may_say_no(stack: Stack, person: dict[str, str], tmp_path: Path) -> None:
    before = asked(stack)
    theirs, ours = pty.openpty()
    os.write(theirs, b"n\n")
    done = subprocess.run(  # noqa: S603  # our own command, on a terminal
        [COMMAND, "run", "--once", "--port", "0", "--images", str(CAT)],
        env={**os.environ, "IMAGELABELS_HOME": str(tmp_path), **person, "YES": ""},
        stdin=ours,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    os.close(theirs)
    os.close(ours)
    assert "Send them? [y/N]" in done.stderr
    assert (done.returncode, asked(stack)) == (1, before)


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""}, "There are no AWS credentials"),
        ({"AWS_SECRET_ACCESS_KEY": "not the secret"}, "AWS does not know these credentials"),
        ({"AWS_REGION": "eu-north-1"}, "Amazon Rekognition is not in eu-north-1; set AWS_REGION to one of"),
        ({"AWS_REGION": "", "AWS_DEFAULT_REGION": ""}, "No region is set: set AWS_REGION"),
        ({"MODEL": "my.onnx"}, "MODEL= is a classifier of your own, RECOGNIZER=rekognition is Amazon's: choose one."),
    ],
)
def test_what_is_missing_is_one_sentence(
    person: dict[str, str], tmp_path: Path, changed: dict[str, str], says: str
) -> None:
    done = run(tmp_path / "home", person, **changed)
    assert says in done.stderr
    assert "Traceback" not in done.stderr
    assert done.returncode == 1


def test_whoever_may_not_ask_is_told_before_anything_starts(
    person: dict[str, str], stranger: dict[str, str], tmp_path: Path
) -> None:
    done = run(tmp_path / "home", person, **stranger)
    assert "Rekognition refuses: Your AWS identity lacks a permission" in done.stderr
    assert "rekognition:DetectLabels" in done.stderr
    assert "Starting AWS" not in done.stdout


@contextmanager
def account(stack: Stack, **changed: Any) -> Iterator[amazon.AmazonRekognition]:
    outputs = stack.outputs
    keys = (outputs["accessKeyId"], outputs["secretAccessKey"], None)
    own = amazon.Access("000000000000", "us-east-1", outputs["endpoint"], *keys)._replace(**changed)
    yield amazon.AmazonRekognition(own)


def test_the_answer_is_what_rekognition_gives(stack: Stack) -> None:
    photo = CAT.read_bytes()
    with account(stack) as rekognition:
        assert rekognition.detect_labels(photo, {"MaxLabels": 1}) == LocalLabels().detect_labels(
            photo, {"MaxLabels": 1}
        )


@pytest.mark.soak
def test_a_photo_over_five_megabytes_is_sent_smaller(stack: Stack) -> None:
    large = encoded(cv2.resize(photograph("astronaut.png"), (2600, 2600), interpolation=cv2.INTER_CUBIC))
    assert len(large) > MAX_INLINE_BYTES
    assert len(amazon._small(large)) <= MAX_INLINE_BYTES  # noqa: SLF001  # what it sends
    assert min(decode(amazon._small(large)).shape[:2]) > 800  # noqa: SLF001  # as above
    with account(stack) as rekognition:
        assert [label["Name"] for label in rekognition.detect_labels(large, {})["Labels"]] == ["Face", "Person"]


@pytest.mark.parametrize(
    ("changed", "photo", "name", "says"),
    [
        (
            {"secret": "not the secret"},
            CAT.read_bytes(),
            "InvalidSignatureException",
            "AWS does not know these credentials",
        ),
        ({"endpoint": "http://127.0.0.1:9"}, CAT.read_bytes(), "InternalServerError", "Could not connect"),
        ({}, b"no photo", "InvalidImageFormatException", "invalid image format"),
    ],
    ids=["another's secret", "no network", "no photo"],
)
def test_a_refusal_keeps_its_name_and_becomes_a_sentence(
    stack: Stack, changed: dict[str, str], photo: bytes, name: str, says: str
) -> None:
    with account(stack, **changed) as rekognition, pytest.raises(RefusedError, match=says) as raised:
        rekognition.detect_labels(photo, {})
    assert raised.value.name == name


def test_the_server_keeps_the_access_to_itself() -> None:
    own = amazon.Access("000000000000", "us-east-1", "http://127.0.0.1:1", "AKIA", "secret", None)
    environment = {"PATH": "/bin", **own.variables()}
    assert amazon.taken(environment) == own
    assert environment == {"PATH": "/bin"}
