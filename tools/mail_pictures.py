"""Makes the pictures of the example mails in docs/mails: part of `make pictures`."""

import base64
import io
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from imagelabels.paths import ROOT
from imagelabels.upload.files import samples
from imagelabels_shared.images.boxes import LabelledBox
from send_digest.picture import draw
from tools.browser import find

FOLDER = ROOT / "docs" / "mails"
DARK = "one-label"
WIDTH_PX = 700
COLOURS, COLOURS_OF_TEXT = 128, 16
# The mail of 300 lines is 7,500 pixels high; with few colours its picture stays small.
TALL_PX, COLOURS_OF_TALL = 3_000, 4
FONTS = ROOT / "tools" / "fonts" / "node_modules" / "@fontsource"
# A character comes from the first of these that has it, on every machine.
FAMILIES = ("Noto Sans", "Noto Sans Arabic", "Noto Sans JP", "Noto Emoji")
SHEETS = ("sans/400", "sans/700", "sans-arabic/400", "sans-jp/400", "emoji/400")
# Where the astronaut and her face are on the photograph: left, top, width and height as parts of its sides.
PERSON, FACE = (0.03, 0.01, 0.72, 0.98), (0.35, 0.13, 0.19, 0.2)


def photographs() -> dict[str, bytes]:
    """Return the photo of each example that has one, small and with its boxes."""
    astronaut = Path(samples()["astronaut.png"])
    alone = draw(astronaut.read_bytes(), [LabelledBox(["Person"], 98.7, PERSON)])
    halves = [_half(PERSON, 0), _half(PERSON, 1), _half(FACE, 0), _half(FACE, 1)]
    names = ("Person", "Person", "Face", "Face")
    boxes = [LabelledBox([name], 98.0, place) for name, place in zip(names, halves, strict=True)]
    return {"many-labels": draw(twins(astronaut), boxes)} | dict.fromkeys(
        ("one-label", "unicode-key", "hostile-key"), alone
    )


def twins(photo: Path) -> bytes:
    """Return a JPEG of a photo and its mirror image, side by side."""
    one = Image.open(photo).convert("RGB")
    both = Image.new("RGB", (2 * one.width, one.height))
    both.paste(one, (0, 0))
    both.paste(one.transpose(Image.Transpose.FLIP_LEFT_RIGHT), (one.width, 0))
    body = io.BytesIO()
    both.save(body, "JPEG")
    return body.getvalue()


def _half(place: tuple[float, float, float, float], side: int) -> tuple[float, float, float, float]:
    """Return where a place of the photo is on the left (0) or the right, mirrored side (1) of the twins."""
    left, top, width, height = place
    return ((1 + 1 - left - width) if side else left) / 2, top, width / 2, height


def shown(name: str, photo: bytes | None) -> str:
    """Return a mail's page with its attachment inside, and with the fonts of FAMILIES."""
    html = (FOLDER / f"{name}.html").read_text()
    if photo is None:
        # As the mail is when the photo was deleted meanwhile.
        html = "\n".join(line for line in html.split("\n") if "cid:photo" not in line)
    else:
        html = html.replace("cid:photo", f"data:image/jpeg;base64,{base64.b64encode(photo).decode()}")
    sheets = "".join(f'<link rel="stylesheet" href="file://{FONTS}/noto-{sheet}.css">' for sheet in SHEETS)
    families = ", ".join(f"'{family}'" for family in FAMILIES)
    return html.replace("</head>", f"{sheets}<style>body {{ font-family: {families} }}</style></head>")


def take(browser: Browser, html: str, picture: Path, *, colours: int, dark: bool = False) -> None:
    """Write what a browser shows of the whole page."""
    page = browser.new_page(viewport={"width": WIDTH_PX, "height": 200}, color_scheme="dark" if dark else "light")
    # A page of its own address could not read the fonts.
    page.goto(f"file://{FOLDER}/one-label.html")
    page.set_content(html)
    page.evaluate("document.fonts.ready")
    shot = Image.open(io.BytesIO(page.screenshot(full_page=True)))
    most = COLOURS_OF_TALL if shot.height > TALL_PX else colours
    shot.convert("RGB").quantize(most, kmeans=1).save(picture, optimize=True)
    page.close()


def main() -> None:
    photos = photographs()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find.require(),
            args=["--no-sandbox", "--allow-file-access-from-files"],
            env=find.environment(),
        )
        for file in sorted(FOLDER.glob("*.html")):
            html = shown(file.stem, photos.get(file.stem))
            colours = COLOURS if file.stem in photos else COLOURS_OF_TEXT
            take(browser, html, file.with_suffix(".png"), colours=colours)
            if file.stem == DARK:
                take(browser, html, FOLDER / f"{DARK}-dark.png", colours=colours, dark=True)
        browser.close()


if __name__ == "__main__":
    main()
