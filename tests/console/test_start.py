"""The console is started by its command, and by `imagelabels run`, whose reports lead to it."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import urllib3

from tests.console.photos import small
from tests.e2e.stack import Stack

ADDRESS = re.compile(r"^Console: (http://127\.0\.0\.1:\d+)$", re.MULTILINE)
IMAGELABELS = Path(sys.executable).with_name("imagelabels")


def test_the_command_serves_the_local_stack(stack: Stack) -> None:
    environment = {**os.environ, "IMAGELABELS_HOME": str(Path(stack.outputs["mail"]).parent)}
    command = [str(IMAGELABELS), "console", "--port", "0"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as console:  # noqa: S603  # our own
        assert console.stdout is not None
        found = ADDRESS.search(console.stdout.readline())
        assert found is not None
        page = urllib3.request("GET", found[1], timeout=60)
        console.terminate()
    assert page.status == 200
    assert b"Image Labels" in page.data


def test_a_port_that_is_taken_is_said_in_a_sentence(stack: Stack) -> None:
    environment = {**os.environ, "IMAGELABELS_HOME": str(Path(stack.outputs["mail"]).parent)}
    port = stack.outputs["endpoint"].rsplit(":", 1)[-1]
    ended = subprocess.run(  # noqa: S603  # our own
        [IMAGELABELS, "console", "--port", port], env=environment, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 1
    _place, sentence = ended.stderr.splitlines()
    assert sentence == f"imagelabels: The console cannot listen on 127.0.0.1, port {port}: choose another --port."


# With the links to an execution, as operators get them.
TECHNICAL = "digestSeconds=0 technicalDetails=everyone"


@pytest.mark.xdist_group("console run")
def test_a_local_run_prints_the_console_and_its_reports_lead_there(tmp_path: Path) -> None:
    (tmp_path / "photo.jpg").write_bytes(small())
    settings = {"IMAGES": str(tmp_path / "photo.jpg"), "ONCE": "1", "PORT": "0", "SETTINGS": TECHNICAL}
    settings |= {"IMAGELABELS_HOME": str(tmp_path / "home"), "RECOGNIZER": "fixed:labels=1"}
    ended = subprocess.run(  # noqa: S603  # our own
        [IMAGELABELS, "run"], env={**os.environ, **settings}, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stderr
    found = ADDRESS.search(ended.stdout)
    assert found is not None
    assert ended.stdout.index("Console:") < ended.stdout.index("AWS endpoint:")
    assert f"{found[1]}/executions/" in ended.stdout
    assert f"{found[1]}/photo?key=photo.jpg" in ended.stdout
    endpoint = re.search(r"^AWS endpoint: (\S+)$", ended.stdout, re.MULTILINE)
    assert endpoint is not None
    assert f"--region us-east-1 --endpoint-url {endpoint[1]} " in ended.stdout
