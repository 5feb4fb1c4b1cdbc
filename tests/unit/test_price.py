"""The price of a reprocess."""

import json

import boto3
import pytest

from imagelabels.reprocess.price import beside, cost, dollars, dollars_of
from imagelabels.stack.connection import Stack
from imagelabels_shared.costs import of_photo, total
from imagelabels_shared.prices import CUSTOM_LABELS, IMAGE_PROPERTIES


def stack(**settings: str) -> Stack:
    return Stack(boto3.Session(), {"Settings": json.dumps(settings)})


def test_a_thousand_photos_cost_what_the_page_of_costs_says() -> None:
    """Rekognition and transitions are most of it; the rest is what the page lists."""
    assert dollars(1000) == pytest.approx(1000 * total(of_photo(normalized=True)), abs=1e-4)
    assert 1.0 + 9 * 0.025 < dollars(1000) < 1.5


def test_a_stack_that_asks_for_colours_and_quality_pays_them_again() -> None:
    more = dollars_of(stack(imageProperties="true"), 1000) - dollars_of(stack(imageProperties="false"), 1000)
    assert 1000 * IMAGE_PROPERTIES.usd < more < 1000 * IMAGE_PROPERTIES.usd + 0.02
    assert dollars_of(stack(), 1000) == dollars_of(Stack(boto3.Session(), {}), 1000) == dollars(1000)


def test_a_local_stack_says_that_it_costs_nothing_unless_amazon_rekognition_is_asked() -> None:
    local = Stack(boto3.Session(), {}, "http://127.0.0.1:4566")
    paid = Stack(boto3.Session(), {"recognizer": "rekognition"}, "http://127.0.0.1:4566")
    assert cost(stack(), 3_000) == "about $4.38 on AWS"
    assert cost(local, 1) == "nothing on this machine, about $0.0015 on AWS"
    assert cost(paid, 2) == "$0.0020 for Amazon Rekognition on this machine, about $0.0029 on AWS"


def test_the_hours_of_a_custom_labels_model_are_said_beside_it() -> None:
    own = stack(customLabelsModel="arn:aws:rekognition:...")
    hourly = f"costs ${CUSTOM_LABELS.usd:.2f} an hour for each inference unit from its start to its stop"
    assert beside(own, 1) == f" The Custom Labels model must run meanwhile, and {hourly}."
    assert beside(own, 2 * 3600).endswith(f"{hourly}: about ${2 * CUSTOM_LABELS.usd:.2f} for this time.")
    assert beside(stack(customLabelsModel=""), 3600) == beside(stack(), 3600) == ""
