"""The language of `search`."""

import pytest

from imagelabels.errors import UserError
from imagelabels.search.query import And, Label, Not, Or, Query, parse

DOG, CAT, PERSON = Label("dog"), Label("cat"), Label("person")


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("dog", DOG),
        ("Hot Dog", Label("Hot Dog")),
        ('"AND"', Label("AND")),
        ("ANDROID", Label("ANDROID")),
        ("salt and pepper", Label("salt and pepper")),
        ("dog AND NOT person", And((DOG, Not(PERSON)))),
        ("dog OR cat AND person", Or((DOG, And((CAT, PERSON))))),
        ("(dog OR cat) AND person", And((Or((DOG, CAT)), PERSON))),
        ("dog AND NOT(person)", And((DOG, Not(PERSON)))),
    ],
)
def test_a_query_is_read(text: str, query: Query) -> None:
    assert parse(text) == query


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("", "The query is empty"),
        ("dog AND", "The query ends after AND, and a label must follow"),
        ("dog OR (cat", "The query ends before a ) closes its ("),
        ("AND dog", "from its start"),
        ("dog) AND cat", "after 'dog'"),
        ("dog NOT cat", "after 'dog'"),
        ('dog AND "cat', "after 'dog AND'"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_place(text: str, place: str) -> None:
    with pytest.raises(UserError, match="write it like") as refused:
        parse(text)
    assert place in str(refused.value)
