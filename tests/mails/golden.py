"""Writes docs/mails/ anew, as text and as HTML: `make mails`."""

from imagelabels.paths import ROOT
from send_digest.mails import Mail
from send_digest.page import page
from tests.mails.examples import EXAMPLES, mail

FOLDER = ROOT / "docs" / "mails"
STOP = "mailto:operators@example.com?subject=Change%20or%20stop%20the%20mails%20of%20Image%20Labels"


def as_text(mail: Mail) -> str:
    """Return the subject and the body, as a mail client shows them."""
    return f"Subject: {mail.subject}\n\n{mail.text}"


def as_html(mail: Mail) -> str:
    return page(mail, pictured=mail.pictured, stop=STOP) + "\n"


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for name in EXAMPLES:
        example = mail(name)
        (FOLDER / f"{name}.txt").write_text(as_text(example))
        (FOLDER / f"{name}.html").write_text(as_html(example))


if __name__ == "__main__":
    main()
