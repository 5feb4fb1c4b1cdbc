"""How fast the page is while a local stack is busy: first paint, and a state's change until a person can see it."""

from collections.abc import Callable
from statistics import median
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.console.photos import small
from tests.e2e.stack import Stack

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
  look();
  window.already = { ...window.shown };
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


@pytest.mark.soak
def test_the_page_keeps_up_with_fifty_photos(
    page: Page, stack: Stack, record_property: Callable[[str, Any], None]
) -> None:
    stack.upload("speed/warm.jpg", small())
    first_paint(page, "/")
    for number in range(PHOTOS):
        stack.client("s3").put_object(Bucket=stack.bucket, Key=f"speed/{number}.jpg", Body=small())
    paints = [first_paint(page, "/") for _time in range(5)]
    page.evaluate(NOTE_WHEN_SHOWN)
    expect(page.locator(".tag.running")).to_have_count(0)
    shown: dict[str, float] = page.evaluate("window.shown")
    already: dict[str, float] = page.evaluate("window.already")
    late = [at - _stopped_ms(stack, name) for name, at in shown.items() if name not in already]
    record_property(
        "summary",
        f"The console with {PHOTOS} photos: first paint {median(paints):.0f} ms (median of 5), an end seen after "
        f"{median(late):.0f} ms (median of {len(late)}), {max(late):.0f} ms at most",
    )
    assert median(paints) < PAINT_MS
    assert late
    assert median(late) < SEEN_MS


def _stopped_ms(stack: Stack, name: str) -> float:
    arn = f"{stack.outputs['StateMachineArn'].replace(':stateMachine:', ':execution:')}:{name}"
    return float(stack.describe(arn)["stopDate"].timestamp() * 1000)
