"""What every test shares: an environment that can reach no real AWS account."""

from typing import Any

import pytest

from tests.synthesis import REPORT_EMAIL, synthesized


@pytest.fixture(autouse=True)
def _no_account(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return synthesized(tmp_path_factory.mktemp("cdk.out"), reportEmail=REPORT_EMAIL)


# Before xdist reads the marks.
@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the tests of one template in one worker, so that it is synthesized once."""
    for item in items:
        if "template" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("template"))
