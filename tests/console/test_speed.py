"""How fast the page is while a local stack is busy: first paint, and a state's change until a person can see it."""

from collections.abc import Callable
from statistics import median
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.console.photos import small
from tests.e2e.stack import Stack, eventually

PHOTOS = 50
PAINT_MS = 300
SEEN_MS = 1_000
# When each execution was first shown as labelled, by its name, in milliseconds since 1970.
NOTE_WHEN_SHOWN = """() => {
  window.shown = {};
  const look = () => {
    for (const row of document.querySelectorAll(".row"))
      if (row.querySelector(".tag.labelled")) window.shown[row.querySelector("a").dataset.name] ??= Date.now();
  };
  new MutationObserver(look).observe(document.body, { childList: true, subtree: true });
}"""
FIRST_PAINT = """() => new Promise((resolve) => {
  new PerformanceObserver((list) => {
    for (const entry of list.getEntriesByName("first-contentful-paint")) resolve(entry.startTime);
  }).observe({ type: "paint", buffered: true });
})"""


def first_paint(page: Page, address: str) -> float:
    page.goto(address)
    return float(page.evaluate(FIRST_PAINT))


def upload(stack: Stack, folder: str) -> None:
    for number in range(PHOTOS):
        stack.client("s3").put_object(Bucket=stack.bucket, Key=f"{folder}/{number}.jpg", Body=small())


@pytest.mark.soak
def test_the_page_keeps_up_with_fifty_photos(
    page: Page, browser: Browser, stack: Stack, record_property: Callable[[str, Any], None]
) -> None:
    stack.upload("speed/warm.jpg", small())
    first_paint(page, "/")
    upload(stack, "painted")
    paints, new = [], []
    while len(stack.of_status("SUCCEEDED")) < PHOTOS // 3:
        paints.append(first_paint(page, "/"))
        # Somebody whose browser has nothing of the page yet.
        with browser.new_context() as another:
            new.append(first_paint(another.new_page(), page.url))
    eventually(lambda: not stack.of_status("RUNNING") or None)
    page.goto("/?text=seen")
    page.evaluate(NOTE_WHEN_SHOWN)
    upload(stack, "seen")
    eventually(lambda: not stack.of_status("RUNNING") or None)
    expect(page.locator(".tag.labelled")).to_have_count(PHOTOS)
    shown: dict[str, float] = page.evaluate("window.shown")
    late = [at - _stopped_ms(stack, name) for name, at in shown.items()]
    record_property(
        "summary",
        f"The console with {PHOTOS} photos: first paint {_said(paints)}, in a new browser {_said(new)}, "
        f"an end seen after {_said(late)}",
    )
    assert median(paints) < PAINT_MS
    assert late
    assert median(late) < SEEN_MS


def _said(milliseconds: list[float]) -> str:
    return f"{median(milliseconds):.0f} ms (median of {len(milliseconds)}, {max(milliseconds):.0f} at most)"


def _stopped_ms(stack: Stack, name: str) -> float:
    arn = f"{stack.outputs['StateMachineArn'].replace(':stateMachine:', ':execution:')}:{name}"
    return float(stack.describe(arn)["stopDate"].timestamp() * 1000)
