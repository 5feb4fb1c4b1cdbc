"""The help of commands: its paragraphs, flags without a type, and values that are refused in our words."""

import inspect
import re
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

# What pydantic, with which Typer reads values, says of one that it refuses.
REFUSED = re.compile(r"Input should be (.+?)(?:, unable to .*)?")


def paragraphs(docstring: str) -> list[str]:
    """Return the paragraphs of a docstring, each without the line breaks of the source."""
    return [" ".join(paragraph.split()) for paragraph in inspect.cleandoc(docstring).split("\n\n")]


def in_plain_words(message: str) -> str:
    """Return why a value was refused as a person says it, and any other message unchanged."""
    if found := REFUSED.fullmatch(message):
        return f"it must be {found[1]}.".replace("a valid integer", "a whole number").replace("a valid", "a")
    return message


def _flags_without_type(params: list[Any]) -> list[Any]:
    for param in params:
        if getattr(param, "is_flag", False):
            param.metavar = ""
    return params


class Command(TyperCommand):
    """A command whose help shows `--json` and not `--json <bool>`, and that refuses values in plain words."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read the words after the command; raises BadParameter for a value that cannot be used."""
        try:
            return super().parse_args(ctx, args)
        except typer.BadParameter as error:
            error.message = in_plain_words(error.message)
            raise

    def get_params(self, ctx: Any) -> list[Any]:
        """Return the parameters, for parsing and for the help."""
        return _flags_without_type(super().get_params(ctx))


class Group(TyperGroup):
    """The program itself, with the same help of flags."""

    def get_params(self, ctx: Any) -> list[Any]:
        """Return the options before the command."""
        return _flags_without_type(super().get_params(ctx))
