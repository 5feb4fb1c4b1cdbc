"""What a photo costs: bytes read, memory, time, and the size of the layer. Each figure is measured and printed."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from PIL import Image

from imagelabels.paths import ROOT
from imagelabels_shared.models import Source
from imagelabels_shared.object_versions import newest
from infra.definition import definition
from normalize_image.sandbox import BOUNDS
from send_digest import handler, picture
from send_digest.mails import FEW
from tests.corpus.files import file, noisy
from tests.moto_aws import mocked
from tests.synthesis import Synthesize
from validate_image.rules import examine
from validate_image.s3_bytes import ends

MIB = 1024 * 1024
# What Python, boto3 and Powertools take in the function's own process.
OWN_MEMORY_MB = 256
LAMBDA_UNPACKED_MB = 250
# Runs the conversion as the sandbox does, and tells the most memory that it held.
MEASURE = """
import json, resource, sys
from pathlib import Path
from normalize_image.sandbox import convert_safely
done = convert_safely(Path(sys.argv[1]), Path(sys.argv[2]), "JPEG")
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
print(json.dumps({"copy": done["copy"], "peak_bytes": peak}))
"""


@pytest.fixture
def s3() -> Iterator[Any]:
    with mocked():
        s3 = boto3.client("s3")
        s3.create_bucket(Bucket="images")
        s3.put_bucket_versioning(Bucket="images", VersioningConfiguration={"Status": "Enabled"})
        yield s3


def bytes_to_examine(s3: Any, data: bytes) -> int:
    """Return how many bytes S3 sent, by its own account, until the photo was examined."""
    sent: list[int] = []
    s3.put_object(Bucket="images", Key="photo", Body=data)
    s3.meta.events.register("after-call.s3.GetObject", lambda parsed, **_rest: sent.append(parsed["ContentLength"]))
    head = newest(s3, "images", "photo")
    assert head is not None
    both = ends(s3, Source(bucket="images", key="photo"), head)
    examine(both)
    assert both.bytes_read == sum(sent)
    return sum(sent)


def test_a_jpeg_of_12_mb_is_examined_from_under_300_kb(s3: Any) -> None:
    data = file("JPEG", noisy(3600, 2700, 8.0), quality=100, subsampling=0)
    assert len(data) > 12_000_000
    read = bytes_to_examine(s3, data)
    print(f"\nValidateImage read {read:,} bytes of a JPEG of {len(data):,}")
    assert read < 300_000


@pytest.mark.parametrize("name", ["PNG", "TIFF", "BMP"])
def test_no_large_file_is_read_whole(s3: Any, name: str) -> None:
    data = file(name, noisy(1200, 900, 2.0))
    assert len(data) > 1_000_000
    assert bytes_to_examine(s3, data) < 300_000


def test_a_small_file_is_read_once(s3: Any) -> None:
    data = file("JPEG")
    assert bytes_to_examine(s3, data) == len(data)


@pytest.fixture(scope="session")
def normalize_image(template: dict[str, Any]) -> dict[str, Any]:
    """Return the deployed function's properties: `MemorySize` in MiB, `Timeout` in seconds."""
    return functions(template, "normalize_image.")[0]


def functions(template: dict[str, Any], module: str) -> list[dict[str, Any]]:
    every = [one["Properties"] for one in template["Resources"].values() if one["Type"] == "AWS::Lambda::Function"]
    return [one for one in every if one["Handler"].startswith(module)]


def peak_megabytes(width: int, height: int, folder: Path) -> float:
    original = folder / "original.jpg"
    grain = Image.effect_noise((width // 8, height // 8), 60).resize((width, height))
    grain.convert("RGB").save(original, quality=90)
    command = [sys.executable, "-c", MEASURE, str(original), str(folder / "copy.jpg")]
    environment = {**os.environ, "PYTHONPATH": "functions"}
    done = subprocess.run(  # noqa: S603  # our own program
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    seen = json.loads(done.stdout)
    assert max(seen["copy"]) == min(10_000, width)
    return float(seen["peak_bytes"]) / MIB


def test_normalizing_25_megapixels_takes_a_quarter_of_the_memory(
    normalize_image: dict[str, Any], tmp_path: Path
) -> None:
    peak = peak_megabytes(6000, 4200, tmp_path)
    print(f"\n25 megapixels: {peak:.0f} MiB of {normalize_image['MemorySize']}")
    assert peak < normalize_image["MemorySize"] / 4


@pytest.mark.soak
@pytest.mark.parametrize("sides", [(12_250, 8_170), (16_320, 12_240)], ids=["100 megapixels", "200 megapixels"])
def test_normalizing_the_largest_photos_fits_the_memory(
    sides: tuple[int, int], normalize_image: dict[str, Any], tmp_path: Path
) -> None:
    peak = peak_megabytes(*sides, tmp_path)
    print(f"\n{sides[0] * sides[1] / 1e6:.0f} megapixels: {peak:.0f} MiB of {normalize_image['MemorySize']}")
    assert peak < normalize_image["MemorySize"] - OWN_MEMORY_MB


def test_the_bounds_lie_inside_each_other(normalize_image: dict[str, Any]) -> None:
    """The sandbox ends before the function, and the function before its state: a rejection, and no timeout."""
    state = definition()["States"]["NormalizeImage"]
    assert BOUNDS.seconds + 20 <= normalize_image["Timeout"] < state["TimeoutSeconds"]
    assert normalize_image["MemorySize"] >= BOUNDS.memory_bytes / MIB + OWN_MEMORY_MB


def test_pictures_fit_the_function_that_mails_them(synthesize: Synthesize) -> None:
    """The sandbox within the memory; and however many pictures hang, every letter of a batch before the timeout."""
    by_ses = synthesize(reportSender="labels@example.com").template
    (function,) = functions(by_ses, "send_digest.")
    assert function["MemorySize"] >= picture.BOUNDS.memory_bytes / MIB + OWN_MEMORY_MB
    assert picture.BOUNDS.seconds + 2 <= handler.PICTURE_SECONDS
    assert handler.MAIL_SECONDS >= 2 * handler.PAUSE_SECONDS
    assert function["Timeout"] > handler.PICTURE_SECONDS + 2 * FEW * handler.MAIL_SECONDS


@pytest.mark.soak
def test_the_imaging_layer_is_far_from_lambdas_limit(tmp_path: Path) -> None:
    """Needs the package index: the wheels are those of Lambda's platform, whatever machine this is."""
    from infra.layers import LAYERS, install_command  # noqa: PLC0415  # starts Node.js

    subprocess.run(install_command(LAYERS / "imaging" / "requirements.txt", tmp_path), check=True)  # noqa: S603
    size = sum(path.stat().st_size for path in tmp_path.rglob("*") if path.is_file())
    print(f"\nimaging layer: {size / MIB:.1f} MiB unpacked, of {LAMBDA_UNPACKED_MB}")
    assert [path.name for path in tmp_path.rglob("_imaging.*aarch64*.so")]
    assert size / MIB < LAMBDA_UNPACKED_MB / 3
