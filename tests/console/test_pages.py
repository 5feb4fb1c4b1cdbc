"""The console as a person uses it, in a real browser on a local stack."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, FilePayload, Page, Route, ViewportSize, expect

from imagelabels.console import at_once, watch
from imagelabels.console.rows import name_of
from tests.console.photos import NO_PHOTO, astronaut, cut_off, small
from tests.console.watched import violations
from tests.e2e.stack import Stack, eventually
from tests.signed import signed

HOSTILE = [
    "<img src=x onerror=alert(1)>.jpg",
    "\"quotes' & <tags>.png",
    "first line\nsecond line.jpg",
    "rtl \u202egnp.exe.jpg",
    "{{ 7*7 }}${7*7}.jpg",
    "</script><script>alert(1)</script>.jpg",
    "k" * 1020 + ".jpg",
    "ünïcødé/日本 📷.jpg",
    "a b+c%20d#e?f&g.jpg",
]


def drop(page: Page, name: str, body: bytes) -> None:
    page.set_input_files("#files", [FilePayload(name=name, mimeType="image/png", buffer=body)])


def row(page: Page, key: str) -> Any:
    return page.locator(".row", has=page.locator(".key", has_text=key)).first


@contextmanager
def faults(stack: Stack, **rule: Any) -> Iterator[None]:
    """Let matching calls fail while the block runs."""
    url = f"{stack.outputs['endpoint']}/_local/faults"
    signed(stack.session, "PUT", url, {"seed": 1, "rules": [rule]})
    try:
        yield
    finally:
        signed(stack.session, "DELETE", url)


def the_log(page: Page, stack: Stack, name: str) -> str:
    """Return the log of a step. The emulator keeps a line that comes late until the function is invoked again."""
    page.goto(f"/executions/{name}?state=ValidateImage")
    page.locator("#tab-log").click()
    shown = page.locator("pre[aria-label='The log']").inner_text()
    if "No line" in shown:
        stack.upload("another.jpg", small())
    return shown


def test_a_photo_is_watched_from_drop_to_mail(page: Page) -> None:
    page.goto("/")
    drop(page, "watched.png", astronaut())
    expect(page.locator("#uploads")).to_contain_text("uploaded")
    expect(row(page, "watched.png")).to_contain_text("Labelled")
    row(page, "watched.png").locator("a").click()
    expect(page.locator("main h1")).to_contain_text("watched.png")
    expect(page.locator(".bars li")).to_have_count(2)
    expect(page.locator(".node.end.done")).to_have_count(1)
    # The mail comes by itself.
    page.get_by_role("region", name="Mail").get_by_role("link", name="open").click()
    frame = page.frame_locator("iframe")
    expect(frame.get_by_role("heading", name="Found in this photo")).to_be_visible()
    assert frame.locator("img").evaluate("(image) => image.naturalWidth") > 0


@contextmanager
def held(page: Page, pattern: str) -> Iterator[list[Route]]:
    """Keep the first request for `pattern` that the block causes waiting; yield where it is found after the block."""
    kept: list[Route] = []

    def keep(route: Route) -> None:
        # Playwright cannot mark a list's own method as a handler.
        kept.append(route)

    page.route(pattern, keep, times=1)
    yield kept
    while not kept:
        page.evaluate("0")


def test_what_moves_while_a_page_is_loaded_or_drawn_is_not_missed(
    page: Page, stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Otherwise all pages look once more after a while.
    monkeypatch.setattr(watch, "SETTLED_SECONDS", float("inf"))
    with held(page, "**/static/upload.js*") as script:
        page.goto("/?text=loaded", wait_until="commit")
    stack.upload("loaded slowly.png", small())
    stack.wait_for_mail()
    script.pop().continue_()
    expect(row(page, "loaded slowly.png")).to_contain_text("Labelled")
    with held(page, "**/list?*") as drawing:
        stack.start({"bucket": stack.bucket, "key": "loaded never.png"})
    stack.upload("loaded late.png", small())
    stack.wait_for_mail()
    request = drawing.pop()
    answer = request.fetch()
    request.fulfill(response=answer, body=answer.text().replace("loaded late.png", "before"))
    expect(row(page, "loaded late.png")).to_contain_text("Labelled")


def test_boxes_of_a_label_light_up(page: Page, labelled: dict[str, Any]) -> None:
    page.goto(f"/executions/{name_of(labelled['executionArn'])}")
    label = page.locator(".bars li", has_text="Label 0001")
    label.hover()
    expect(page.locator(".box.lit")).to_have_count(1)
    assert page.locator(".picture img").evaluate("(image) => image.naturalWidth") > 0


def test_throttled_execution_shows_its_attempts(page: Page, stack: Stack) -> None:
    with faults(stack, fault="throttle", action="lambda:Invoke", function="DetectLabels", last=2):
        execution = stack.upload("throttled.png", astronaut())
    page.goto(f"/executions/{name_of(execution['executionArn'])}")
    expect(page.locator("#step-DetectLabels")).to_contain_text("↻")
    expect(page.locator(".attempts .bad").first).to_contain_text("Lambda.TooManyRequestsException")
    expect(page.locator(".attempts .well")).to_have_count(1)
    assert page.locator("#step-DetectLabels .timeline .wait").count() >= 1
    expect(page.locator(".story .slow")).to_contain_text("failed 2 times")
    assert eventually(lambda: "Step done" in the_log(page, stack, name_of(execution["executionArn"])) or None)


def test_a_failure_is_read_mended_and_run_again(page: Page, stack: Stack) -> None:
    with faults(stack, fault="error", error="AccessDeniedException", action="rekognition:DetectLabels"):
        stack.upload("forbidden.png", small())
    page.goto("/?outcome=failed")
    expect(page.locator(".alert")).to_contain_text("1 failed in DetectLabels: AccessDeniedError")
    row(page, "forbidden.png").locator("a").click()
    expect(page.locator(".callout.failed")).to_contain_text("no permission for rekognition:DetectLabels")
    expect(page.locator(".node.caught")).to_have_count(1)
    # Before its scripts are loaded, the button leads to a page of its own.
    page.wait_for_load_state()
    page.locator("#again").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("until the role has this permission")
    expect(dialog).to_contain_text("about $0.0022")
    dialog.get_by_role("button", name="Start 1 execution").click()
    expect(page.locator("main h1")).to_contain_text("Labelled")
    page.goto("/")
    expect(page.locator(".alert")).to_have_count(0)


def test_an_edited_input_is_checked_before_it_starts(page: Page, stack: Stack, labelled: dict[str, Any]) -> None:
    page.goto(f"/executions/{name_of(labelled['executionArn'])}")
    page.locator("#again").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_text("Edit the input").click()
    before = len(stack.executions())
    dialog.get_by_role("textbox").fill('{"bucket": "another", "key": "a.jpg"}')
    dialog.get_by_role("button", name="Start").click()
    expect(page.get_by_role("alert")).to_contain_text("photos of this stack are in")
    assert len(stack.executions()) == before
    page.get_by_role("dialog").get_by_role("textbox").fill(json.dumps({"bucket": stack.bucket, "key": "gone.jpg"}))
    page.get_by_role("dialog").get_by_role("button", name="Start").click()
    expect(page.locator("main h1")).to_contain_text("gone.jpg")
    expect(page.locator("main h1")).to_contain_text("Rejected")


def test_a_rejected_photo_says_why(page: Page, stack: Stack) -> None:
    stack.upload("cut off.jpg", cut_off())
    page.goto("/?outcome=rejected&text=cut+off")
    expect(row(page, "cut off.jpg").locator(".what")).to_contain_text("The end of the photo is missing")
    row(page, "cut off.jpg").locator("a").click()
    expect(page.locator(".callout.rejected")).to_contain_text("Upload an intact copy")
    expect(page.locator(".node.end.done", has_text="Rejected")).to_have_count(1)


def test_what_is_no_photo_says_so_at_once(page: Page, stack: Stack) -> None:
    page.goto("/")
    before = len(stack.executions())
    drop(page, "diary.jpg", NO_PHOTO)
    expect(page.locator("#uploads .refused")).to_contain_text("This is no photo")
    assert len(stack.executions()) == before


def test_photos_are_found_by_what_they_show(page: Page, labelled: dict[str, Any]) -> None:
    assert labelled["status"] == "SUCCEEDED"
    page.goto("/")
    page.keyboard.press("/")
    page.keyboard.type("label 0001 AND label 0002")
    page.keyboard.press("Enter")
    found = page.locator(".gallery a", has_text="trip/astronaut.png")
    expect(found).to_have_count(1)
    expect(page.locator(".cloud")).to_contain_text("Label 0001")
    found.click()
    expect(page.locator("main h1")).to_have_text("trip/astronaut.png")
    expect(page.locator(".bars li")).to_have_count(2)
    expect(page.locator(".title")).to_contain_text("red 100 % · brightness 50, sharpness 50, contrast 50")
    page.goto("/photos")
    expect(page.locator("h1")).to_have_text("Newest photos")
    expect(page.locator(".gallery a").first).to_be_visible()
    page.goto("/photos?q=colour:red+AND+label+0001")
    expect(found).to_have_count(1)
    page.goto("/photos?q=label+AND")
    expect(page.locator(".callout.failed")).to_be_visible()


def test_a_dead_letter_is_sent_back(page: Page, stack: Stack) -> None:
    event = {"id": "12345678-1234-1234-1234-123456789012", "detail-type": "Object Created"}
    detail = {"bucket": {"name": stack.bucket}, "object": {"key": "lost event.jpg"}}
    stack.client("s3").put_object(Bucket=stack.bucket, Key="folder for the lost/", Body=b"")
    stack.client("sqs").send_message(
        QueueUrl=stack.outputs["UndeliveredEventsQueueUrl"], MessageBody=json.dumps(event | {"detail": detail})
    )
    page.goto("/operations")
    letter = page.locator(".letters li", has_text="lost event.jpg")
    letter.get_by_role("button", name="Send back").click()
    expect(letter).to_have_count(0)
    page.goto("/?text=lost+event")
    expect(row(page, "lost event.jpg")).to_contain_text("Rejected")
    page.goto("/operations")
    page.get_by_role("button", name="Check", exact=True).click()
    expect(page.locator("#doctor .well").first).to_contain_text("bucket")
    page.get_by_role("button", name="Compare").click()
    expect(page.locator("#reconcile li").first).to_be_visible()


def test_five_are_chosen_or_matched_and_run_again(page: Page, stack: Stack) -> None:
    for number in range(5):
        stack.upload(f"five/{number}.jpg", small())
    page.goto("/?text=five/")
    expect(page.locator(".row .tag.labelled")).to_have_count(5)
    boxes = page.locator(".row input")
    for number in range(2):
        boxes.nth(number).check()
    page.get_by_role("button", name="All shown").click()
    expect(page.locator("#count")).to_have_text("5")
    before = len(stack.executions())
    page.locator("#selection").get_by_role("button", name="Run again").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("about $0.0111")
    dialog.get_by_role("button", name="Start 5 executions").click()
    expect(page).to_have_url(re.compile(r"://[^/]+/$"))
    assert eventually(lambda: len(stack.executions()) == before + 5 or None)
    # Each photo once, although each has two executions by now.
    page.goto("/?text=five/")
    page.locator("#all").click()
    expect(dialog).to_contain_text("Start 5 executions")
    expect(dialog).to_contain_text("imagelabels reprocess five/0.jpg")


def test_hostile_keys_are_only_text(page: Page, stack: Stack) -> None:
    # One after the other: the functions then need no second environment, whose start takes a second of the processor.
    for key in HOSTILE:
        stack.upload(key, small())
    page.goto("/")
    for key in HOSTILE:
        shown = re.sub(r"[\n\u202e]", "·", key)
        expect(row(page, shown)).to_contain_text("Labelled")
    names = page.locator(".row a").evaluate_all("(all) => all.map((one) => one.dataset.name)")[: len(HOSTILE)]
    # Each as a page of its own and beside the list in turn.
    for number, name in enumerate(names):
        if number % 3 == 0:
            page.goto(f"/executions/{name}", wait_until="domcontentloaded")
        else:
            page.locator(f".row a[data-name='{name}']").click()
        expect(page.locator("#detail")).to_have_attribute("data-name", name)
        page.locator("#again").click()
        expect(page.get_by_role("dialog")).to_be_visible()
        page.keyboard.press("Escape")
    page.goto(f"/photo?key={quote(HOSTILE[0], safe='')}")
    expect(page.locator("main h1")).to_have_text(HOSTILE[0])
    page.goto("/mail")
    # The mail comes by itself.
    expect(page.locator(".inbox li", has_text="a b+c%20d#e?f&g.jpg")).to_be_visible()
    assert page.locator("img[src='x']").count() == 0


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
PHONE: ViewportSize = {"width": 400, "height": 800}


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
    page.set_viewport_size(PHONE)
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
    # The list beside it is not filtered by the state that is looked at.
    expect(page.locator(".row a").first).to_be_visible()
    expect(page.locator("#again")).to_be_hidden()
    page.goto(f"/executions/{name_of(labelled['executionArn'])}")
    page.get_by_role("link", name="All of this photo").click()
    expect(page.locator(".bars li")).to_have_count(2)
    page.goto("/operations")
    page.get_by_role("link", name="Show them").click()
    expect(page.locator("#pace")).to_contain_text("rekognitionPerSecond")
    context.close()
