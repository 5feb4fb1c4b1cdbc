"""Each command's help begins with one sentence and ends with two examples that its options take."""

import re
import shlex
from typing import Any

import pytest
import typer
import typer.main

from imagelabels.cli import COMMANDS, app
from imagelabels.commands.examples import EXAMPLES
from imagelabels.commands.help import in_plain_words, paragraphs

COMMAND_OF: Any = typer.main.get_command(app)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.__name__)
def test_a_command_has_one_sentence_and_two_examples(command: Any) -> None:
    first = command.__doc__.split("\n\n")[0]
    assert first.strip().endswith(".")
    assert not re.search(r"[.!?] [A-Z]", first), first
    assert len(EXAMPLES[command.__name__]) == 2


@pytest.mark.parametrize("example", [one for both in EXAMPLES.values() for one in both])
def test_an_example_is_what_the_command_takes(example: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Parsed as a shell and the command would, without running it; `tests/e2e/test_examples.py` runs them."""
    monkeypatch.delenv("EMAIL", raising=False)
    words = [word for word in shlex.split(example) if not word.startswith("AWS_REGION=")]
    assert words[0] == "imagelabels"
    command = COMMAND_OF.commands[words[1]]
    context = command.make_context(words[1], [word.replace("holiday/", ".") for word in words[2:]])
    assert context.command is command


def test_a_paragraph_has_no_line_breaks_of_the_source() -> None:
    assert paragraphs("""First\n    sentence.\n\n    More of\n    it.\n    """) == ["First sentence.", "More of it."]
    assert {command.short_help for command in COMMAND_OF.commands.values()} == {
        paragraphs(command.__doc__ or "")[0] for command in COMMANDS
    }


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ("Input should be a valid integer, unable to parse string as an integer", "it must be a whole number."),
        ("Input should be a valid number, unable to parse string as a number", "it must be a number."),
        ("Input should be greater than or equal to 1", "it must be greater than or equal to 1."),
        ("'nix' is not one of 'start', 'status', 'stop'.", "'nix' is not one of 'start', 'status', 'stop'."),
    ],
)
def test_a_refused_value_is_told_in_plain_words(message: str, said: str) -> None:
    assert in_plain_words(message) == said


def test_a_command_refuses_a_value_in_these_words() -> None:
    command = COMMAND_OF.commands["watch"]
    with pytest.raises(typer.BadParameter) as refused:
        command.make_context("watch", ["--limit", "many"])
    assert refused.value.message == "it must be a whole number."


def test_a_flag_is_shown_without_a_type() -> None:
    for command in COMMAND_OF.commands.values():
        context = command.context_class(command)
        flags = [param for param in command.get_params(context) if getattr(param, "is_flag", False)]
        assert flags
        assert {param.display_type_rich(context) for param in flags} == {""}
