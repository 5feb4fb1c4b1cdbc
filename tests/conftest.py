"""What every test shares: an environment that can reach no real AWS account, and the synthesized stack."""

import functools
import gc
import os
from pathlib import Path
from typing import Any

import boto3
import pytest

from imagelabels.deploy.node import find_node

# Importing the CDK, or what builds on it, starts Node.js: the one of the virtual environment, on any machine.
os.environ["JSII_NODE"] = find_node()
from tests.synthesis import Assembly, Synthesize, synthesize_into


@pytest.fixture(autouse=True)
def _no_account(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_PROFILE", "AWS_REGION", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")


@pytest.fixture(scope="session")
def session() -> boto3.Session:
    """One session for all tests: it holds the parsed service models, which take long to read."""
    return boto3.Session("test", "test", region_name="us-east-1")


@pytest.fixture(autouse=True)
def _one_session(session: boto3.Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", session)


@pytest.fixture(scope="session")
def synthesize(tmp_path_factory: pytest.TempPathFactory) -> Synthesize:
    """Synthesize the stack with these settings, through cdk-nag when `inspected`.

    Once for all tests that ask for the same, unless it is to be made anew `into` a folder.
    """
    once = functools.cache(lambda **settings: synthesize_into(tmp_path_factory.mktemp("cdk.out"), **settings))

    def run(*, into: Path | None = None, **settings: Any) -> Assembly:
        return synthesize_into(into, **settings) if into else once(**settings)

    return run


@pytest.fixture(scope="session")
def template(synthesize: Synthesize) -> dict[str, Any]:
    """Return the template of stage `dev`."""
    return synthesize().template


@pytest.fixture(scope="session")
def prod(synthesize: Synthesize) -> dict[str, Any]:
    return synthesize(stage="prod").template


# Before xdist reads the marks.
@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the tests of the stack in one worker, so that the CDK is started once."""
    for item in items:
        if "synthesize" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("template"))


def pytest_collection_finish() -> None:
    """Leave what is imported out of every later search for garbage."""
    gc.freeze()


def pytest_sessionfinish() -> None:
    """Search for garbage once: pytest does it five times, to find errors in finalizers, and each takes a second."""
    gc.collect()
    gc.freeze()


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print what tests found out for people: `record_property("summary", text)`."""
    for report in terminalreporter.stats.get("passed", []):
        for name, text in report.user_properties:
            if name == "summary":
                terminalreporter.write_line(text)
