"""Colours and quality of a photo: the stack with `imageProperties`, from the pixels to the one who searches."""

import io
import re
from pathlib import Path

import pytest
from PIL import Image, ImageFilter

from tests.e2e.command import answer, imagelabels
from tests.e2e.stack import Stack

pytestmark = pytest.mark.xdist_group("html")


def green_fog() -> bytes:
    """A photo without a sharp edge, green and a quarter of it black."""
    image = Image.new("RGB", (200, 200), (0, 128, 0))
    image.paste((0, 0, 0), (0, 150, 200, 200))
    buffer = io.BytesIO()
    image.filter(ImageFilter.GaussianBlur(3)).save(buffer, "PNG")
    return buffer.getvalue()


def test_colours_and_quality_are_kept_shown_and_found(html_stack: Stack) -> None:
    assert html_stack.upload("fog.png", green_fog())["status"] == "SUCCEEDED"
    home = Path(html_stack.outputs["mail"]).parent
    image = answer(home, "show", "fog.png")["image"]
    assert [one["color"] for one in image["dominant_colors"]] == ["green", "black"]
    assert image["dominant_colors"][0]["percent"] == pytest.approx(75, abs=2)
    shown = imagelabels(home, "show", "fog.png").stdout
    assert re.search(r"colours: green 7\d %, black 2\d %", shown)
    assert "(blurry, dark)" in shown
    (found,) = answer(home, "search", "Color:Green", "AND", "blurry")["photos"]
    assert found["key"] == "fog.png"
    assert found["labels"]["colour:green"] == image["dominant_colors"][0]["percent"]
    assert found["labels"]["quality:blurry"] == pytest.approx(100 - image["quality"]["sharpness"])
    nothing = imagelabels(home, "search", "colour:pink")
    assert "No photo is 'colour:pink'" in nothing.stderr
    assert nothing.returncode == 1


def test_a_new_run_says_what_properties_and_the_model_cost(html_stack: Stack) -> None:
    """The stack has a Custom Labels model, too."""
    home = Path(html_stack.outputs["mail"]).parent
    html_stack.client("s3").put_object(Bucket=html_stack.bucket, Key="price/fog.png", Body=green_fog())
    for words in (["reprocess", "price/fog.png"], ["backfill", "--prefix", "price/", "--again"]):
        said = " ".join(imagelabels(home, *words, "--dry-run").stderr.split())
        assert "costs $4.00 an hour for each inference unit" in said
    again = answer(home, "reprocess", "price/fog.png", "--dry-run")
    assert again["dollars"] == pytest.approx(0.0022, abs=1e-4)
