"""A page whose every complaint and every request is written down."""

import json
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Page, Request


class Watched:
    """`complaints` are errors, warnings and violations of the policy; `elsewhere` requests to other hosts."""

    def __init__(self, page: Page, address: str) -> None:
        self.page, self._host = page, urlsplit(address).netloc
        self.complaints: list[str] = []
        self.elsewhere: list[str] = []
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", self._asked)

    def _said(self, message: ConsoleMessage) -> None:
        # What the console refuses is a status that the page tells its reader about; the browser logs it, too.
        refused = "status of 4" in message.text
        if message.type in {"error", "warning"} and not refused:
            self.complaints.append(message.text)

    def _asked(self, request: Request) -> None:
        place = urlsplit(request.url)
        if place.scheme not in {"data", "blob", "about"} and place.netloc != self._host:
            self.elsewhere.append(request.url)


def violations(page: Page, *rules: str) -> list[str]:
    """Return what axe-core finds against the page by these rules (all without any), each with its first element."""
    if not page.evaluate("'axe' in window"):
        spec = find_spec("axe_playwright_python")
        assert spec is not None
        assert spec.origin is not None
        # Evaluated by the browser itself: the page's policy would refuse the script.
        page.evaluate((Path(spec.origin).parent / "axe.min.js").read_text())
    # A mail is in a sandboxed frame: nothing runs in it, and messages of axe to it would be complaints.
    options = {"iframes": False} | ({"runOnly": list(rules)} if rules else {})
    found: list[dict[str, Any]] = page.evaluate(
        "(wanted) => axe.run(wanted).then((result) => result.violations)", options
    )
    return [f"{one['id']}: {json.dumps(one['nodes'][0]['target'])} {one['help']}" for one in found]
