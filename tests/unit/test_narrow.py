"""On a narrow terminal a table loses columns; no amount, number or time loses digits."""

import pytest
from rich.console import Console, RenderableType

from imagelabels.commands import cost, search
from imagelabels.search.evaluation import Hit
from imagelabels_shared.costs import of_photo

HIT = Hit("images/cat.jpg", "cat.jpg", 99.123, "2026-11-22T17:04:05.000Z", {"Cat": 99.1, "Pet": 98.0})


def shown(width: int, monkeypatch: pytest.MonkeyPatch, command: str) -> str:
    console = Console(width=width)
    monkeypatch.setattr(cost, "out", console)
    monkeypatch.setattr(search, "out", console)
    view: RenderableType = cost._table(of_photo()) if command == "cost" else search._table([HIT])  # noqa: SLF001  # the commands ask a whole stack
    with console.capture() as captured:
        console.print(view)
    return captured.get()


@pytest.mark.parametrize("width", [40, 80])
def test_amounts_are_whole(width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    text = shown(width, monkeypatch, "cost")
    for part in of_photo():
        assert f"${part.usd:.6f}" in text
        assert f"${1000 * part.usd:.3f}" in text
    assert ("what is counted" in text) == (width == 80)


@pytest.mark.parametrize("width", [40, 80])
def test_times_and_numbers_are_whole(width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    text = shown(width, monkeypatch, "search")
    assert "99.1 %" in text
    assert ("2026-11-22T17:04" in text) == (width == 80)
    assert "2026-1…" not in text
