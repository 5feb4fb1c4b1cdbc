"""Photos, and what only looks like one, for the tests of the pages."""

import io

from PIL import Image

from imagelabels.upload.files import samples

NO_PHOTO = b"Dear diary, today I took no photo."


def astronaut() -> bytes:
    return samples()["astronaut.png"].read_bytes()


def small(side: int = 96) -> bytes:
    body = io.BytesIO()
    Image.radial_gradient("L").resize((side, side)).save(body, "JPEG")
    return body.getvalue()


def cut_off() -> bytes:
    return (samples()["astronaut.png"].parent / "rocket.jpg").read_bytes()[:20_000]
