"""Writes docs/mails/ anew: `make mails`. With Chromium on the machine, pictures of the HTML, too."""

import base64
import io
import shutil
import subprocess
import tempfile
from pathlib import Path

from PIL import Image

from imagelabels.paths import ROOT
from imagelabels.upload.files import samples
from imagelabels_shared.images.boxes import LabelledBox
from send_digest.mails import Mail
from send_digest.page import page
from send_digest.picture import draw
from tests.mails.examples import EXAMPLES, mail

FOLDER = ROOT / "docs" / "mails"
DARK = "one-label"
WINDOW = "700,1200"
COLOURS = 128
FOUND = [LabelledBox(["Person"], 98.7, (0.1, 0.02, 0.8, 0.97))]


def as_text(mail: Mail) -> str:
    """Return the subject and the body, as a mail client shows them."""
    return f"Subject: {mail.subject}\n\n{mail.text}"


def as_html(mail: Mail) -> str:
    return page(mail, pictured=mail.pictured) + "\n"


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for name in EXAMPLES:
        example = mail(name)
        (FOLDER / f"{name}.txt").write_text(as_text(example))
        (FOLDER / f"{name}.html").write_text(as_html(example))
        if chromium := shutil.which("chromium"):
            render(chromium, as_html(example), FOLDER / f"{name}.png")
            if name == DARK:
                render(
                    chromium, as_html(example), FOLDER / f"{name}-dark.png", "--blink-settings=preferredColorScheme=0"
                )


def render(chromium: str, html: str, picture: Path, *options: str) -> None:
    """Write what a browser shows of the mail; the photo, which is an attachment there, is put into the page."""
    photo = draw(samples()["astronaut.png"].read_bytes(), FOUND)
    inside = html.replace("cid:photo", "data:image/jpeg;base64," + base64.b64encode(photo).decode())
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "mail.html").write_text(inside)
        flags = [
            "--headless",
            "--no-sandbox",
            "--hide-scrollbars",
            "--disable-gpu",
            f"--window-size={WINDOW}",
            *options,
        ]
        shot = Path(folder) / "shot.png"
        subprocess.run(  # noqa: S603  # the browser, on our own page
            [chromium, *flags, f"--screenshot={shot}", f"file://{folder}/mail.html"], check=True, capture_output=True
        )
        buffer = io.BytesIO(shot.read_bytes())
    Image.open(buffer).convert("RGB").quantize(COLOURS).save(picture, optimize=True)


if __name__ == "__main__":
    main()
