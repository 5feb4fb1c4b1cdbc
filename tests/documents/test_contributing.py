"""CONTRIBUTING.md and SECURITY.md name files, targets and pages that exist."""

import re

import pytest

from imagelabels.paths import ROOT

PAGES = {name: (ROOT / name).read_text() for name in ("CONTRIBUTING.md", "SECURITY.md", "tests/README.md")}
TEXT = "\n".join(PAGES.values())
MAKEFILE = (ROOT / "Makefile").read_text()


@pytest.mark.parametrize("path", sorted(set(re.findall(r"`((?:[\w.]+/)+[\w.]*)`", TEXT))))
def test_named_files_and_folders_exist(path: str) -> None:
    assert (ROOT / path).exists()


@pytest.mark.parametrize("target", sorted(set(re.findall(r"make ([a-z]+)`", TEXT))))
def test_named_targets_exist(target: str) -> None:
    assert re.search(rf"^{target}:", MAKEFILE, re.MULTILINE)


@pytest.mark.parametrize("name", PAGES)
def test_links_lead_somewhere(name: str) -> None:
    links = [link for link in re.findall(r"\]\(([^)]+)\)", PAGES[name]) if "://" not in link]
    assert [link for link in links if not (ROOT / name).parent.joinpath(link).exists()] == []
