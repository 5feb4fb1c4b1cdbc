"""Makes the pictures of the console in docs/images, on a local stack that labels photos: part of `make pictures`."""

import io
import json
import tempfile
from pathlib import Path
from urllib.parse import quote

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from imagelabels.console.serve import LOOPBACK, listen, serving
from imagelabels.console.web_console import WebConsole
from imagelabels.local.engine import running
from imagelabels.paths import ROOT
from imagelabels.stack import executions
from imagelabels.stack.connection import Stack
from imagelabels.upload.files import samples
from tools.browser import find

FOLDER = ROOT / "docs" / "images"
SETTINGS = {"digestSeconds": "0", "reportSender": "reports@example.com"}
WIDE, PHONE = {"width": 1440, "height": 900}, {"width": 400, "height": 800}
COLOURS = 256
SETTLED_MS = 1_500
ALL_PICTURES = """() => Promise.all([...document.images].map((image) => {
  image.loading = "eager";
  return image.decode().catch(() => null);
}))"""
SAMPLES = ("coffee.png", "chelsea.png", "rocket.jpg", "astronaut.png")
MORE = ("horse.png", "motorcycle_left.png", "hubble_deep_field.jpg", "camera.png")
PORTRAIT = "trip/crew.webp"


def crew(astronaut: Path) -> bytes:
    """Return a WebP of two people side by side, so that there is a copy to convert, and a box for each."""
    one = Image.open(astronaut).convert("RGB")
    both = Image.new("RGB", (2 * one.width, one.height))
    both.paste(one, (0, 0))
    both.paste(one.transpose(Image.Transpose.FLIP_LEFT_RIGHT), (one.width, 0))
    body = io.BytesIO()
    both.save(body, "WEBP")
    return body.getvalue()


def fill(stack: Stack) -> None:
    """Upload photos, a text file and a cut-off photo, and start an execution that names no photo."""
    folder = samples()["astronaut.png"].parent
    photos = {f"trip/{name}": (folder / name).read_bytes() for name in (*SAMPLES, *MORE)}
    photos |= {"notes/diary.jpg": b"Dear diary, today I took no photo.", PORTRAIT: crew(folder / "astronaut.png")}
    photos["trip/broken.jpg"] = (folder / "rocket.jpg").read_bytes()[:20_000]
    for key, body in photos.items():
        stack.client("s3").put_object(Bucket=stack.bucket, Key=key, Body=body)
    executions.start(stack, json.dumps({"photo": "sea.jpg"}))


def take(page: Page, name: str, address: str, *, until: str, size: dict[str, int], whole: bool = False) -> None:
    """Write what the browser shows once `until` (a selector) is there and every picture has come."""
    page.set_viewport_size(size)  # type: ignore[arg-type]  # the size is a TypedDict there
    page.goto(address)
    page.locator(until).first.wait_for(timeout=120_000)
    # The list is drawn once more after it is opened.
    page.wait_for_timeout(SETTLED_MS)
    page.evaluate(ALL_PICTURES)
    shot = Image.open(io.BytesIO(page.screenshot(full_page=whole)))
    shot.convert("RGB").quantize(COLOURS).save(FOLDER / f"{name}.png", optimize=True)


def main() -> None:
    with (
        tempfile.TemporaryDirectory() as home,
        running(0, Path(home), context=SETTINGS) as engine,
        sync_playwright() as playwright,
    ):
        stack = Stack(engine.session, engine.outputs, engine.endpoint)
        browser = playwright.chromium.launch(
            executable_path=find.require(), args=["--no-sandbox"], env=find.environment()
        )
        with serving(WebConsole(stack, write=True), listen(LOOPBACK, 0)) as address:
            fill(stack)
            page = browser.new_page(base_url=address)
            page.goto("/")
            page.locator(".row", has_text=PORTRAIT).locator(".labelled").wait_for(timeout=120_000)
            page.locator(".tag.running").first.wait_for(state="hidden", timeout=120_000)
            link = page.locator(".row a", has_text=PORTRAIT).get_attribute("href") or "/"
            take(page, "console-executions", "/", until=".row", size=WIDE)
            take(page, "console-execution", link, until="#detail .subject", size=WIDE, whole=True)
            take(page, "console-search", f"/photos?q={quote('face AND person')}", until=".gallery", size=WIDE)
            take(page, "console-phone", link, until="#detail .subject", size=PHONE)
        browser.close()


if __name__ == "__main__":
    main()
