"""The price of a reprocess."""

import pytest

from imagelabels.reprocess.price import dollars
from imagelabels_shared.costs import of_photo, total


def test_a_thousand_photos_cost_what_the_page_of_costs_says() -> None:
    """Rekognition and transitions are most of it; the rest is what the page lists."""
    assert dollars(1000) == pytest.approx(1000 * total(of_photo(normalized=True)), abs=1e-4)
    assert 1.0 + 9 * 0.025 < dollars(1000) < 1.5
