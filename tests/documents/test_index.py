"""Each page and each decision is found from an index, and each link leads somewhere."""

import re
from pathlib import Path

import pytest

from imagelabels.paths import ROOT

DOCS = ROOT / "docs"
DECISIONS = DOCS / "decisions"
PAGES = [ROOT / "README.md", *sorted(DOCS.rglob("*.md"))]
LINK = re.compile(r"\]\(([^)\s]+)\)")


def linked(index: Path) -> list[str]:
    """Return the files in its own folder that a page links, in order."""
    return [link for link in LINK.findall(index.read_text()) if (index.parent / link).is_file() and "/" not in link]


def headings(page: Path) -> set[str]:
    """Return the anchors that GitHub gives to a page's headings."""
    titles = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def test_every_page_is_in_the_index() -> None:
    pages = {page.name for page in DOCS.glob("*.md")} - {"README.md"}
    assert {name for name in linked(DOCS / "README.md") if name.endswith(".md")} == pages


def test_every_decision_is_in_the_index_newest_first() -> None:
    listed = linked(DECISIONS / "README.md")
    assert sorted(listed) == sorted(page.name for page in DECISIONS.glob("*.md") if page.name != "README.md")
    dates = [name[:10] for name in listed]
    assert dates == sorted(dates, reverse=True)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    for link in LINK.findall(page.read_text()):
        path, _, anchor = link.partition("#")
        if path.startswith("https:"):
            continue
        target = page.parent / path if path else page
        assert target.exists(), link
        assert not anchor or anchor in headings(target), link
