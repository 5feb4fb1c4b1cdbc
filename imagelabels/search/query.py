"""The language of `imagelabels search`: labels with AND, OR, NOT and parentheses."""

import re
from dataclasses import dataclass
from typing import Any

from lark import Lark, Token, Transformer
from lark.exceptions import UnexpectedInput, UnexpectedToken

from imagelabels.errors import WrongUsageError

# Words that follow each other are one label: `search Hot Dog` works in a shell without quotes.
GRAMMAR = r"""
?start: either
?either: both (OR both)*
?both: operand (AND operand)*
?operand: NOT operand -> excluded | "(" either ")" | label
label: WORD+ | QUOTED
AND: /AND(?![^\s()])/
OR: /OR(?![^\s()])/
NOT: /NOT(?![^\s()])/
WORD: /(?!(AND|OR|NOT)(?![^\s()]))[^\s()"]+/
QUOTED: /"[^"]+"/
%ignore /\s+/
"""
EXAMPLE = 'dog AND NOT (person OR "Hot Dog")'


@dataclass(frozen=True)
class Label:
    name: str


@dataclass(frozen=True)
class Not:
    part: "Query"


@dataclass(frozen=True)
class And:
    parts: tuple["Query", ...]


@dataclass(frozen=True)
class Or:
    parts: tuple["Query", ...]


Query = Label | Not | And | Or


class _Builder(Transformer[Token, Query]):
    def label(self, words: list[Token]) -> Label:
        return Label(" ".join(word.strip('"') for word in words))

    def excluded(self, parts: list[Any]) -> Not:
        return Not(parts[-1])

    def both(self, parts: list[Any]) -> And:
        return And(_operands(parts))

    def either(self, parts: list[Any]) -> Or:
        return Or(_operands(parts))


def _operands(parts: list[Any]) -> tuple[Query, ...]:
    return tuple(part for part in parts if not isinstance(part, Token))


_PARSER = Lark(GRAMMAR, parser="lalr")


def parse(text: str) -> Query:
    """Return the query in a text; raises UserError, with the position, for a text that cannot be parsed."""
    try:
        return _Builder().transform(_PARSER.parse(text))
    except UnexpectedInput as error:
        raise WrongUsageError(f"{_what_is_wrong(error, text)}; write it like {EXAMPLE}.") from error


def _what_is_wrong(error: UnexpectedInput, text: str) -> str:
    if isinstance(error, UnexpectedToken) and error.token.type == "$END":
        return _what_is_missing(text)
    read = text[: error.pos_in_stream].strip()
    return f"The query cannot be read {f'after {read!r}' if read else 'from its start'}"


def _what_is_missing(text: str) -> str:
    last = re.split(r"[\s()]+", text.strip())[-1]
    if last in {"AND", "OR", "NOT"}:
        return f"The query ends after {last}, and a label must follow"
    return "The query ends before a ) closes its (" if text.strip() else "The query is empty"
