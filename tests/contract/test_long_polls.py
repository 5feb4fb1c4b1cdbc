"""Whoever looks into a queue polls long: a short poll asks some of SQS's servers, and may miss messages."""

import ast
import re
from collections.abc import Iterator

from tests.contract.conftest import ROOT

CODE = [path for folder in ("functions", "imagelabels", "tools") for path in (ROOT / folder).rglob("*.py")]
PAGES = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]


def short_polls(source: str) -> Iterator[str]:
    """Yield the calls of `receive_message` in Python that do not wait."""
    for call in (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)):
        receives = isinstance(call.func, ast.Attribute) and call.func.attr == "receive_message"
        if receives and "WaitTimeSeconds" not in {keyword.arg for keyword in call.keywords}:
            yield ast.unparse(call)


def short_commands(page: str) -> list[str]:
    """Return the commands `aws sqs receive-message` of a page that do not wait; a command may have several lines."""
    commands: list[str] = re.findall(r"aws sqs receive-message (?:\\\n|.)*", page)
    return [command for command in commands if "--wait-time-seconds" not in command]


def test_code_and_pages_wait_for_messages() -> None:
    calls = [path.read_text() for path in CODE]
    assert any("receive_message(" in source for source in calls)
    assert [call for source in calls for call in short_polls(source)] == []
    assert [command for page in PAGES for command in short_commands(page.read_text())] == []


def test_a_short_poll_is_noticed() -> None:
    assert list(short_polls("sqs.receive_message(QueueUrl=url)")) == ["sqs.receive_message(QueueUrl=url)"]
    assert short_commands("aws sqs receive-message --queue-url X \\\n  --max-number-of-messages 10") != []
    assert short_commands("aws sqs receive-message --queue-url X \\\n  --wait-time-seconds 2") == []
