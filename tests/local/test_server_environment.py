"""The server and the functions get this shell's environment without what would lead them elsewhere."""

import os
from pathlib import Path

import pytest

from imagelabels.local.server_process import environment


def test_no_proxy_and_no_aws_settings_reach_the_server(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("HTTP_PROXY", "https_proxy", "ALL_PROXY", "NO_PROXY", "AWS_PROFILE", "AWS_MAX_ATTEMPTS", "PYTHONPATH"):
        monkeypatch.setenv(name, "elsewhere")
    monkeypatch.setenv("MODEL", "kept")
    found = environment(4566, tmp_path)
    assert "elsewhere" not in found.values()
    assert found["MODEL"] == "kept"
    assert found["AWS_CONFIG_FILE"] == found["AWS_SHARED_CREDENTIALS_FILE"] == os.devnull
