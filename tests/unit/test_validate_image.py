"""ValidateImage pins one version and says what it is, or why it cannot be labelled."""

from typing import Any

import pytest

from imagelabels_shared.aws import AccessDeniedError, client
from imagelabels_shared.errors import (
    ArchivedImageError,
    CorruptImageError,
    EmptyImageError,
    ImageNotFoundError,
    ImageTooLargeError,
    ImageTooSmallError,
    ServiceUnavailableError,
    ThrottledError,
    UnsupportedFormatError,
)
from tests.corpus.bad import BAD
from tests.images.verdict import ends_of
from tests.lambda_context import Context
from tests.pictures import picture
from tests.unit.aws_errors import refusal, refuse
from tests.unit.conftest import IMAGES
from validate_image.handler import handler
from validate_image.rules import Picture, examine
from validate_image.s3_bytes import Ends

MIB = 1024 * 1024


def validate(key: str, version: str | None = None) -> dict[str, Any]:
    """Run the handler on what EventBridge sends."""
    photo = {"key": key} | ({"version-id": version} if version else {})
    event = {"detail": {"bucket": {"name": IMAGES}, "object": photo}}
    return handler({"execution": "arn:aws:states:us-east-1:1:execution:m:e", "input": event}, Context())


def put(s3: Any, key: str, body: bytes) -> str:
    return str(s3.put_object(Bucket=IMAGES, Key=key, Body=body)["VersionId"])


def test_it_says_what_the_photo_is(s3: Any) -> None:
    body = picture("JPEG", 640, 480)
    version = put(s3, "a.jpg", body)
    head = s3.head_object(Bucket=IMAGES, Key="a.jpg")
    assert validate("a.jpg", version) == {
        "bucket": IMAGES,
        "key": "a.jpg",
        "versionId": version,
        "etag": head["ETag"].strip('"'),
        "size": len(body),
        "format": "JPEG",
        "width": 640,
        "height": 480,
        "needsNormalizing": False,
        "reasons": [],
    }


@pytest.mark.parametrize("storage_class", ["GLACIER", "DEEP_ARCHIVE"])
def test_a_photo_in_an_archive_is_the_owners_to_restore(s3: Any, storage_class: str) -> None:
    s3.put_object(Bucket=IMAGES, Key="a.jpg", Body=picture("JPEG"), StorageClass=storage_class)
    with pytest.raises(ArchivedImageError, match=rf"\({storage_class}\).* Restore it"):
        validate("a.jpg")


def test_the_event_pins_the_version_even_when_a_newer_one_is_there(s3: Any) -> None:
    older = put(s3, "a.jpg", picture("JPEG"))
    put(s3, "a.jpg", picture("PNG"))
    assert (validate("a.jpg", older)["format"], validate("a.jpg", older)["versionId"]) == ("JPEG", older)


def test_without_a_version_the_newest_one_is_pinned(s3: Any) -> None:
    put(s3, "a.jpg", picture("JPEG"))
    newer = put(s3, "a.jpg", picture("PNG"))
    assert (validate("a.jpg")["format"], validate("a.jpg")["versionId"]) == ("PNG", newer)


@pytest.mark.parametrize(
    "key",
    ["a b+c%20d.jpg", "ünïcødé/日本 📷.jpg", "\"quotes' & <tags>.png", "two\nlines.jpg", "k" * 1024],
)
def test_a_key_is_taken_as_it_is(s3: Any, key: str) -> None:
    put(s3, key, picture())
    assert validate(key)["key"] == key


def test_a_photo_that_is_not_there_is_not_found(s3: Any) -> None:
    version = put(s3, "gone.jpg", picture())
    s3.delete_object(Bucket=IMAGES, Key="gone.jpg", VersionId=version)
    with pytest.raises(ImageNotFoundError, match=r"deleted or never uploaded\. Upload it"):
        validate("missing.jpg")
    with pytest.raises(ImageNotFoundError):
        validate("gone.jpg", version)


def test_a_deleted_photo_is_not_found(s3: Any) -> None:
    """A delete marker is the newest version."""
    put(s3, "a.jpg", picture())
    s3.delete_object(Bucket=IMAGES, Key="a.jpg")
    with pytest.raises(ImageNotFoundError):
        validate("a.jpg")


def test_a_photo_deleted_between_two_looks_is_not_found(s3: Any) -> None:
    """HeadObject still saw it, GetObject does not."""
    put(s3, "a.jpg", picture())
    refuse(client("s3"), "GetObject", refusal("NoSuchVersion", 404))
    with pytest.raises(ImageNotFoundError, match="deleted before it could be read"):
        validate("a.jpg")


@pytest.mark.parametrize(
    ("body", "error", "sentence"),
    [
        (b"", EmptyImageError, "The file is empty"),
        (b"Dear diary, no photo today.", UnsupportedFormatError, "a text file"),
        (picture("ICO"), UnsupportedFormatError, "a Windows icon"),
        (picture("PNG", 79, 79), ImageTooSmallError, "79 × 79 pixels; each side must be at least 80"),
        (picture("PNG", 20_000, 100), ImageTooSmallError, "a strip"),
        (BAD["huge.png"].make(), ImageTooLargeError, "200 million"),
        (b"\xff\xd8\xff" + b"\0" * 100, CorruptImageError, "damaged or cut off"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 100, CorruptImageError, "Upload an intact copy"),
        (picture("JPEG")[:100], CorruptImageError, "Upload an intact copy"),
        (picture("PNG")[:20], CorruptImageError, "Upload an intact copy"),
    ],
)
def test_a_bad_photo_is_rejected_in_plain_words(s3: Any, body: bytes, error: type[Exception], sentence: str) -> None:
    put(s3, "photo.jpg", body)
    with pytest.raises(error, match=sentence):
        validate("photo.jpg")


@pytest.mark.parametrize("sides", [(80, 80), (80, 10_000), (10_000, 80)])
def test_a_photo_at_rekognitions_limits_goes_straight_on(sides: tuple[int, int]) -> None:
    data = picture("PNG", *sides)
    assert examine(ends_of(data)) == Picture("PNG", sides, [])


def test_one_pixel_over_rekognitions_limit_is_scaled() -> None:
    assert examine(ends_of(picture("PNG", 10_001, 90))).reasons == ["a side is over 10,000 pixels"]


def test_a_file_over_128_mib_is_refused() -> None:
    """Only its ends are read, so its size is all that has to be made up."""
    photo = picture()
    with pytest.raises(ImageTooLargeError, match="128 MiB"):
        examine(Ends(photo, photo, 128 * MIB + 1))


def test_few_bytes_of_a_big_photo_are_read(s3: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """Both ends, whatever the photo's size; the log says so too."""
    put(s3, "big.jpg", picture("JPEG", 4000, 3000) + b"\0" * 10_000_000)
    validate("big.jpg")
    told = capsys.readouterr().out
    assert '"bytes_read":262144' in told


@pytest.mark.parametrize(
    ("operation", "answer", "error", "permission"),
    [
        ("HeadObject", refusal("SlowDown", 503), ThrottledError, "s3:GetObject"),
        ("HeadObject", refusal("500", 500), ServiceUnavailableError, "s3:GetObject"),
        ("HeadObject", refusal("403", 403), AccessDeniedError, "s3:GetObject"),
        ("GetObject", refusal("SlowDown", 503), ThrottledError, "s3:GetObjectVersion"),
        ("GetObject", refusal("InternalError", 500), ServiceUnavailableError, "s3:GetObjectVersion"),
        ("GetObject", refusal("AccessDenied", 403), AccessDeniedError, "s3:GetObjectVersion"),
    ],
)
def test_an_error_of_s3_is_not_blamed_on_the_photo(
    s3: Any, operation: str, answer: Exception, error: type[Exception], permission: str
) -> None:
    """The name decides between waiting and failing; the sentence names permission and photo."""
    put(s3, "a.jpg", picture())
    refuse(client("s3"), operation, answer)
    with pytest.raises(error, match=rf"{permission}\b.* on arn:aws:s3:::images/a\.jpg"):
        validate("a.jpg")


@pytest.mark.parametrize("typed", [None, [], "a.jpg", {}, {"bucket": IMAGES}, {"bucket": "", "key": "a"}, {"key": 1}])
def test_an_input_of_another_shape_says_what_is_expected(s3: Any, typed: Any) -> None:  # noqa: ARG001  # no real S3
    with pytest.raises(ValueError, match=r'\{"bucket": "\.\.\.", "key": "\.\.\."\}'):
        handler({"execution": "e", "input": typed}, Context())
