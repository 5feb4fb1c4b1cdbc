"""The pages for all their readers: with a screen reader, in the dark, on a phone, and without JavaScript."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from imagelabels.console import at_once
from imagelabels.console.rows import name_of
from tests.console.watched import violations
from tests.e2e.stack import Stack

PAGES = [
    "/",
    "/executions/{}",
    "/photos?q=label+0001",
    "/photo?key=trip/astronaut.png",
    "/mail",
    "/operations",
    "/operations/pace",
    "/again?name={}",
]
PHONE = {"width": 400, "height": 800}


@pytest.mark.parametrize("address", PAGES)
def test_everybody_can_use_the_pages(page: Page, labelled: dict[str, Any], address: str) -> None:
    page.emulate_media(color_scheme="light")
    page.goto(address.format(name_of(labelled["executionArn"])), wait_until="domcontentloaded")
    if address == "/operations":
        expect(page.locator("#pace")).to_contain_text("rekognitionPerSecond")
    assert violations(page) == []
    # Nothing but colours differs.
    page.emulate_media(color_scheme="dark")
    assert violations(page, "color-contrast") == []
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]  # the size is a TypedDict there
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_the_dialog_and_the_failed_page_suit_everybody(page: Page, stack: Stack) -> None:
    execution = stack.start({"photo": "sea.jpg"})
    page.goto(f"/executions/{name_of(execution['executionArn'])}", wait_until="domcontentloaded")
    assert violations(page) == []
    page.locator("#again").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_everything_can_be_read_without_javascript(
    browser: Browser, console: str, labelled: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    # A list that is not known yet comes by itself, too.
    monkeypatch.setattr(at_once, "PATIENCE_SECONDS", 0)
    context = browser.new_context(base_url=console, java_script_enabled=False)
    page = context.new_page()
    page.goto("/?text=trip/")
    page.locator(".row a", has_text="trip/astronaut.png").click()
    expect(page.locator("main h1")).to_contain_text("trip/astronaut.png")
    page.locator("#step-ValidateImage").click()
    page.locator("#tab-input").click()
    expect(page.locator("#state")).to_contain_text("ValidateImage")
    expect(page.locator("#again")).to_be_hidden()
    page.goto(f"/executions/{name_of(labelled['executionArn'])}")
    page.get_by_role("link", name="All of this photo").click()
    expect(page.locator(".bars li")).to_have_count(2)
    page.goto("/operations")
    page.get_by_role("link", name="Show them").click()
    expect(page.locator("#pace")).to_contain_text("rekognitionPerSecond")
    context.close()
