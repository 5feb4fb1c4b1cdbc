"""A key stored in one of Unicode's spellings is found by the other one."""

import unicodedata

import pytest

from imagelabels.reprocess.selection import Criteria, select
from imagelabels.stack import photos
from tests.order.world import World
from tests.resources import IMAGES

PLAIN = "álbum/ação/été.jpg"
NFC, NFD = (unicodedata.normalize(form, PLAIN) for form in ("NFC", "NFD"))
MIXED = unicodedata.normalize("NFC", "álbum/") + unicodedata.normalize("NFD", "ação/été.jpg")


@pytest.mark.parametrize("stored", [NFC, NFD, MIXED])
@pytest.mark.parametrize("typed", [NFC, NFD, MIXED])
def test_a_key_is_found_by_each_spelling(world: World, stored: str, typed: str) -> None:
    world.upload(stored)
    assert photos.key_of(world.stack, typed) == stored
    assert photos.key_of(world.stack, f"{IMAGES}/{typed}") == stored
    assert [rerun.key for rerun in select(world.stack, Criteria(prefix=typed[:7]))] == [stored]


def test_the_exact_spelling_comes_first(world: World) -> None:
    """Both may be there: for S3 they are two keys."""
    world.upload(NFC)
    world.upload(NFD)
    assert [photos.key_of(world.stack, key) for key in (NFC, NFD)] == [NFC, NFD]


def test_a_deleted_photo_is_found_by_its_records(world: World) -> None:
    """`trail` shows runs of photos that are gone."""
    world.labels.put_item(Item={"image_id": f"{IMAGES}/{NFD}", "record": "RUN#2026-11-22T17:04:05Z#a"})
    assert photos.key_of(world.stack, NFC) == NFD


def test_an_unknown_key_stays_as_it_was_typed(world: World) -> None:
    assert photos.key_of(world.stack, NFD) == NFD
    assert photos.key_of(world.stack, "a.jpg") == "a.jpg"
