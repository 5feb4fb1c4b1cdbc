"""What a page does not wait for: lists that are known, and thumbnails that are drawn behind it."""

import threading
from collections.abc import Callable, Iterator
from itertools import count
from typing import NoReturn

import pytest

from imagelabels.console import at_once, thumbnails
from imagelabels.console.at_once import MOST_KEPT, STALE_SECONDS, AtOnce
from imagelabels.console.cache import FOR_EVER, Cache
from imagelabels.console.thumbnails import Thumbnails
from tests.e2e.stack import eventually


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def kept(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Iterator[AtOnce[int]]:
    monkeypatch.setattr(at_once, "PATIENCE_SECONDS", 10)
    answers = AtOnce[int](clock)
    yield answers
    answers.close()


def hanging(gate: threading.Event, value: int) -> Callable[[], int]:
    def look() -> int:
        gate.wait(timeout=30)
        return value

    return look


def test_a_page_waits_for_no_look(kept: AtOnce[int], monkeypatch: pytest.MonkeyPatch) -> None:
    assert kept.get("a", lambda: 1) == 1
    monkeypatch.setattr(at_once, "PATIENCE_SECONDS", 0)
    gate = threading.Event()
    assert kept.get("a", hanging(gate, 2)) == 1
    # Nobody looks twice at once.
    assert kept.get("a", lambda: 3) == 1
    gate.set()
    assert eventually(lambda: kept.get("a", lambda: 2) == 2 or None)


def test_nothing_is_shown_rather_than_what_is_long_past(
    kept: AtOnce[int], clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert kept.get("a", lambda: 1) == 1
    clock.now += STALE_SECONDS
    monkeypatch.setattr(at_once, "PATIENCE_SECONDS", 0)
    gate = threading.Event()
    assert kept.get("a", hanging(gate, 2)) is None
    gate.set()


def test_a_page_shows_what_is_now_when_that_is_known_soon(kept: AtOnce[int]) -> None:
    numbers = count()
    assert [kept.get("a", lambda: next(numbers)) for _time in range(3)] == [0, 1, 2]
    assert kept.anew("a", lambda: next(numbers)) == 3


def test_a_look_that_began_earlier_does_not_replace_what_is_newer(
    kept: AtOnce[int], clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow() -> int:
        clock.now += 1
        kept.anew("a", lambda: 2)
        return 1

    assert kept.anew("a", slow) == 1
    monkeypatch.setattr(at_once, "PATIENCE_SECONDS", 0)
    gate = threading.Event()
    assert kept.get("a", hanging(gate, 3)) == 2
    gate.set()


def test_what_aws_refuses_is_said(kept: AtOnce[int], monkeypatch: pytest.MonkeyPatch) -> None:
    def refused() -> NoReturn:
        raise PermissionError

    with pytest.raises(PermissionError):
        kept.get("a", refused)
    monkeypatch.setattr(at_once, "PATIENCE_SECONDS", 0)
    gate = threading.Event()
    with pytest.raises(PermissionError):
        kept.get("a", hanging(gate, 1))
    gate.set()
    monkeypatch.setattr(at_once, "PATIENCE_SECONDS", 10)
    for number in range(2 * MOST_KEPT):
        kept.get(number, lambda: 1)
    assert kept.get("a", lambda: 1) == 1


def test_those_who_ask_at_once_share_a_look_unless_it_was_forgotten() -> None:
    cache, gate, looks = Cache[int](9), threading.Event(), count()

    def look() -> int:
        number = next(looks)
        if number == 0:
            gate.wait(timeout=30)
        return number

    found: list[int] = []
    asking = [
        threading.Thread(target=lambda: found.append(cache.get("a", look, lambda _value: FOR_EVER))) for _ in "ab"
    ]
    asking[0].start()
    assert eventually(lambda: cache._looks.get("a"))  # noqa: SLF001  # until the look is under way
    asking[1].start()
    cache.forget("a")
    asked_since = cache.get("a", look, lambda _value: FOR_EVER)
    gate.set()
    for one in asking:
        one.join()
    assert asked_since >= 1
    assert cache.get("a", look, lambda _value: FOR_EVER) == asked_since
    assert 0 in found


@pytest.fixture
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(thumbnails, "PATIENCE_SECONDS", 0)


@pytest.mark.usefixtures("patience")
def test_no_request_waits_for_a_thumbnail_and_news_tell_of_it() -> None:
    gate = threading.Event()

    def draw(name: str) -> bytes:
        gate.wait(timeout=30)
        return name.encode()

    drawn = Thumbnails(draw)
    assert [drawn.get(str(number)) for number in range(10)] == [None] * 10
    assert drawn.news() == []
    gate.set()
    told: list[str] = []
    eventually(lambda: told.extend(drawn.news()) or len(told) == 10 or None)  # type: ignore[func-returns-value]
    assert drawn.get("3") == b"3"
    assert "3" in drawn
    drawn.close()


def test_a_photo_without_a_picture_is_drawn_when_it_is_asked_for_again() -> None:
    pictures = iter([b"", b"jpeg"])
    drawn = Thumbnails(lambda _name: next(pictures))
    assert drawn.get("a") == b""
    assert "a" not in drawn
    assert drawn.get("a") == b"jpeg"
    assert drawn.news() == ["a"]
    drawn.close()
