"""A photo is also shown to a person's own model: the stack with `customLabelsModel`, and MODEL= as the model."""

import io
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from botocore.exceptions import ClientError
from PIL import Image

from imagelabels.local.recognizer.amazon import Access, AmazonRekognition
from imagelabels.local.recognizer.refused import RefusedError
from tests.e2e.command import answer, imagelabels
from tests.e2e.conftest import OWN_MODEL
from tests.e2e.stack import Stack
from tests.e2e.test_least_privilege import as_function, permissions, taken_away
from tests.local.pictures_without_labels import encoded
from tests.signed import signed

pytestmark = pytest.mark.xdist_group("html")


def red() -> bytes:
    """A photo of which the test's model is sure, and nobody else finds anything in; too long for Custom Labels."""
    buffer = io.BytesIO()
    Image.new("RGB", (4200, 300), (255, 0, 0)).save(buffer, "PNG")
    return buffer.getvalue()


@pytest.fixture(scope="module")
def labelled(html_stack: Stack) -> dict[str, Any]:
    """The end of the execution of a red photo."""
    return html_stack.upload("car.png", red())


def test_a_custom_label_says_so_in_the_table_in_the_mail_and_to_the_one_who_searches(
    html_stack: Stack, labelled: dict[str, Any]
) -> None:
    items = html_stack.items("car.png")
    assert set(items) >= {"IMAGE", "LABEL#Red"}
    assert items["LABEL#Red"]["source"] == {"S": "custom"}
    assert float(items["LABEL#Red"]["confidence"]["N"]) > 90
    assert items["IMAGE"]["model_version"]["S"].endswith(" + cars/cars.1")
    html_stack.wait_for_mail()
    (mail,) = [mail for mail in html_stack.inbox() if "car.png" in mail["Subject"]]
    text, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert text is not None
    assert html is not None
    assert mail["Subject"] == "Red: car.png"
    assert re.search(r"9\d %  Red \(custom label\)", text.get_content())
    assert re.search(r"Red</bdi> <span class=\"quiet\">\(custom label\)", html.get_content())
    assert "scaled from 4200 × 300 to 4096 × 293 pixels" in text.get_content()
    home = Path(html_stack.outputs["mail"]).parent
    (found,) = answer(home, "search", "red")["photos"]
    assert (found["key"], found["custom"]) == ("car.png", ["Red"])
    assert "Red (custom)" in imagelabels(home, "show", "car.png").stdout
    assert labelled["status"] == "SUCCEEDED"


def test_the_permission_for_the_model_is_necessary_and_for_this_model_alone(
    html_stack: Stack, labelled: dict[str, Any]
) -> None:
    assert labelled["status"] == "SUCCEEDED"
    (only,) = [one for one in permissions(html_stack, {"DetectLabels"}) if one.action.endswith("DetectCustomLabels")]
    assert only.resource == OWN_MODEL
    with taken_away(html_stack, only):
        end = html_stack.upload("denied.png", red())
    assert (end["status"], end["error"]) == ("FAILED", "AccessDeniedError")
    assert f"no permission for rekognition:DetectCustomLabels on {OWN_MODEL}" in end["cause"]
    rekognition = html_stack.client("rekognition", **as_function(html_stack, "detect_labels"))
    with pytest.raises(ClientError, match="not authorized to perform: rekognition:DetectCustomLabels"):
        rekognition.detect_custom_labels(ProjectVersionArn=OWN_MODEL.replace("cars.1", "cars.2"), Image={"Bytes": b"x"})


def test_a_model_that_does_not_run_fails_with_the_command_that_starts_it(html_stack: Stack) -> None:
    switch = f"{html_stack.outputs['endpoint']}/_local/recognizer"
    assert signed(html_stack.session, "PUT", switch, {"mode": "fixed:errors=ResourceNotReadyException"}).status == 200
    try:
        end = html_stack.upload("too early.png", red())
    finally:
        assert signed(html_stack.session, "DELETE", switch).status == 200
    assert (end["status"], end["error"]) == ("FAILED", "ModelNotRunningError")
    assert f"--project-version-arn {OWN_MODEL} --min-inference-units 1" in end["cause"]
    html_stack.wait_for_mail()
    (mail,) = [mail for mail in html_stack.inbox() if "too early.png" in mail["Subject"]]
    text = mail.get_body(("plain",))
    assert text is not None
    assert "aws rekognition start-project-version" in text.get_content()


def test_rekognition_of_the_persons_account_is_asked_for_its_own_model(html_stack: Stack) -> None:
    """RECOGNIZER=rekognition, with this stack as the account: real signatures, and botocore's own validation."""
    outputs = html_stack.outputs
    keys = (outputs["accessKeyId"], outputs["secretAccessKey"], None)
    account = AmazonRekognition(Access("000000000000", "us-east-1", outputs["endpoint"], *keys))
    photo = encoded(np.full((100, 100, 3), (0, 0, 255), np.uint8))
    (found,) = account.detect_custom_labels(photo, {"ProjectVersionArn": OWN_MODEL})["CustomLabels"]
    assert found["Name"] == "Red"
    with pytest.raises(RefusedError) as raised:
        account.detect_custom_labels(photo, {"ProjectVersionArn": OWN_MODEL.replace("cars.1", "cars.2")})
    assert raised.value.name == "ResourceNotFoundException"
