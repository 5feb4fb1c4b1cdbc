"""Recorded executions for what pages compute; one local stack with its console, and a browser, for the pages."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect, sync_playwright

from imagelabels.console.serve import LOOPBACK, listen, serving
from imagelabels.console.web_console import WebConsole
from imagelabels.local.engine import running
from imagelabels.stack.connection import Stack as Deployed
from infra import definition as deployed_definition
from tests.console.photos import astronaut
from tests.console.watched import Watched
from tests.e2e.stack import Stack
from tools.browser import find

# One mail per photo, as soon as it is reported, and as HTML.
# The fixed recognizer answers that each photo is red.
SETTINGS = {"digestSeconds": "0", "reportSender": "reports@example.com", "imageProperties": "true"}
RECOGNIZER = "fixed:labels=3,boxes=1"
PATIENCE_MS = 30_000
DESK: ViewportSize = {"width": 1440, "height": 900}
expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="session")
def definition() -> dict[str, Any]:
    return deployed_definition.definition()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the tests of the pages in one worker, so that stack and browser are started once."""
    for item in items:
        if "console" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("console"))


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with running(0, tmp_path_factory.mktemp("console"), recognizer=RECOGNIZER, context=SETTINGS) as engine:
        yield Stack(engine.outputs)


@pytest.fixture(scope="session")
def labelled(stack: Stack) -> dict[str, Any]:
    """Return the execution of a photo with two labels and a box."""
    return stack.upload("trip/astronaut.png", astronaut())


@pytest.fixture(scope="session")
def console(stack: Stack) -> Iterator[str]:
    """Return the address of a console of the stack."""
    deployed = Deployed(stack.session, stack.outputs, stack.outputs["endpoint"])
    with serving(WebConsole(deployed, write=True), listen(LOOPBACK, 0)) as address:
        yield address


# Not of the whole session: Playwright keeps an event loop running in this thread, and other tests need their own.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=find.installed(), args=["--no-sandbox"], env=find.environment()
        )
        yield launched
        launched.close()


@pytest.fixture(scope="module")
def opened(browser: Browser, console: str) -> Iterator[Watched]:
    """Return one page for all tests: the browser takes a part of a second of the processor for another one."""
    context = browser.new_context(base_url=console, viewport=DESK, reduced_motion="reduce")
    context.set_default_timeout(PATIENCE_MS)
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    yield Watched(context.new_page(), console)
    context.close()


@pytest.fixture
def watched(opened: Watched) -> Iterator[Watched]:
    """Return a page that fails the test for whatever the browser complains of, or asks of another machine."""
    opened.complaints.clear()
    opened.elsewhere.clear()
    yield opened
    opened.page.unroute_all()
    opened.page.goto("about:blank")
    opened.page.set_viewport_size(DESK)
    opened.page.emulate_media(color_scheme="light")
    assert opened.complaints == []
    assert opened.elsewhere == []


@pytest.fixture
def page(watched: Watched) -> Page:
    return watched.page
