"""The help of commands: a flag is shown without a type, because it takes no value."""

from typing import Any

from typer.core import TyperCommand, TyperGroup


def _flags_without_type(params: list[Any]) -> list[Any]:
    for param in params:
        if getattr(param, "is_flag", False):
            param.metavar = ""
    return params


class Command(TyperCommand):
    """A command whose help shows `--json` and not `--json <bool>`."""

    def get_params(self, ctx: Any) -> list[Any]:
        """Return the parameters, for parsing and for the help."""
        return _flags_without_type(super().get_params(ctx))


class Group(TyperGroup):
    """The program itself, with the same help of flags."""

    def get_params(self, ctx: Any) -> list[Any]:
        """Return the options before the command."""
        return _flags_without_type(super().get_params(ctx))
