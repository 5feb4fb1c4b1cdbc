"""The mails in docs/mails/ are what people get; `make mails` writes them anew."""

import html5lib
import pytest

from imagelabels.paths import ROOT
from tests.mails.examples import EXAMPLES, mail
from tests.mails.golden import FOLDER, as_html, as_text
from tools.mail_pictures import DARK


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_text_is_the_one_that_was_looked_at(name: str) -> None:
    assert as_text(mail(name)) == (FOLDER / f"{name}.txt").read_text()


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_html_is_the_one_that_was_looked_at(name: str) -> None:
    assert as_html(mail(name)) == (FOLDER / f"{name}.html").read_text()


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_html_is_valid_and_loads_nothing_from_elsewhere(name: str) -> None:
    """A strict parser reads it; the only source of anything is the attachment, and no script is in it."""
    page = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(as_html(mail(name)))
    sources = [value for element in page.iter() for name, value in element.items() if name in {"src", "background"}]
    assert set(sources) <= {"cid:photo"}
    assert not [element for element in page.iter() if element.tag in {"script", "link", "iframe", "object"}]
    assert all(image.get("alt") for image in page.iter("img"))
    assert "url(" not in as_html(mail(name))


@pytest.mark.parametrize("name", EXAMPLES)
def test_no_mail_is_larger_than_sns_takes(name: str) -> None:
    assert len(as_text(mail(name)).encode()) < 256_000
    assert len(mail(name).subject) <= 99


def test_a_picture_of_each_page_is_small_enough_to_keep() -> None:
    pictures = sorted((ROOT / "docs" / "mails").glob("*.png"))
    assert {picture.stem for picture in pictures} == {*EXAMPLES, f"{DARK}-dark"}
    assert max(picture.stat().st_size for picture in pictures) < 150_000
