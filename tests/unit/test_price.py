"""The price of a reprocess."""

import pytest

from imagelabels.reprocess.price import dollars


def test_a_thousand_photos_cost_what_rekognition_and_transitions_do() -> None:
    assert dollars(1000) == pytest.approx(1.0 + 9 * 0.025)
