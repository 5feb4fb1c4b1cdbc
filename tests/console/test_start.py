"""The console is started by its command; tests/e2e/test_command_line.py has the one that `imagelabels run` starts."""

import os
import re
import subprocess
import sys
from pathlib import Path

import urllib3

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
