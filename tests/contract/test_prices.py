"""The table of prices: each price has a source and a date, and the transitions are those of the definition."""

from datetime import date
from typing import Any

import pytest

from imagelabels_shared import costs, prices
from imagelabels_shared.prices import PRICES, Price


@pytest.mark.parametrize("price", PRICES, ids=lambda price: price.name)
def test_each_price_has_a_source_and_a_date(price: Price) -> None:
    assert price.source.startswith("https://aws.amazon.com/")
    assert date(2026, 1, 1) < price.as_of
    assert 0 < price.each <= price.usd


def test_the_table_holds_every_price_of_the_module() -> None:
    assert {value for value in vars(prices).values() if isinstance(value, Price)} == set(PRICES)


@pytest.mark.parametrize(
    ("normalizing", "transitions"),
    [(False, costs.TRANSITIONS), (True, costs.TRANSITIONS_WITH_NORMALIZING)],
)
def test_the_transitions_are_those_of_the_definition(
    definition: dict[str, Any],
    normalizing: bool,  # noqa: FBT001  # a parameter of a test
    transitions: int,
) -> None:
    name, visited = definition["StartAt"], []
    while name:
        visited.append(name)
        state = definition["States"][name]
        if state["Type"] == "Choice":
            name = state["Choices"][0]["Next"] if normalizing and name == "NeedsNormalizing" else state["Default"]
        else:
            name = state.get("Next")
    assert ("NormalizeImage" in visited) is normalizing
    assert 1 + len(visited) == transitions
