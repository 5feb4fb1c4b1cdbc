"""Importing a handler has no effect, and the errors are names that Step Functions can match."""

import ast
import subprocess
import sys
from pathlib import Path

from imagelabels_shared import errors
from tests.contract.conftest import ROOT, STEPS

FUNCTIONS = ROOT / "functions"
# Packages may read the environment while they are imported themselves; our code may not make them.
GUARD = """
import importlib, os, socket, sys

def refuse(what):
    frame = sys._getframe(2)
    while frame and not frame.f_code.co_filename.startswith("<frozen importlib"):
        if frame.f_code.co_filename.startswith(sys.argv[1]):
            raise PermissionError(what)
        frame = frame.f_back

class Guarded(type(os.environ)):
    def __getitem__(self, name):
        refuse(f"read {name}")
        return super().__getitem__(name)

class Socket(socket.socket):
    def __init__(self, *arguments, **options):
        refuse("opened a socket")
        super().__init__(*arguments, **options)

sys.path.insert(0, sys.argv[1])
os.environ.__class__ = Guarded
socket.socket = Socket
for module in sys.argv[2:]:
    try:
        importlib.import_module(module)
    except PermissionError as error:
        print(module, error)
"""


def guarded_imports(root: Path, *modules: str) -> list[str]:
    """Import modules in a process of their own; return what they did besides."""
    command = [sys.executable, "-c", GUARD, str(root), *modules]
    done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603  # our own program
    return done.stdout.splitlines()


def test_importing_a_handler_reads_no_environment_and_opens_no_socket() -> None:
    """An import works anywhere; an invocation needs settings and clients."""
    assert guarded_imports(FUNCTIONS, *(f"{step}.handler" for step in STEPS)) == []


def test_a_handler_that_does_is_found(tmp_path: Path) -> None:
    careless = {
        "index": "import os; os.environ['TABLE_NAME']",
        "get": "import os; os.environ.get('TABLE_NAME')",
        "getenv": "import os; os.getenv('TABLE_NAME')",
        "client": "import boto3; boto3.client('s3')",
        "logger": "import aws_lambda_powertools; aws_lambda_powertools.Logger()",
        "connect": "import socket; socket.create_connection(('127.0.0.1', 9))",
    }
    for name, source in careless.items():
        (tmp_path / f"careless_{name}.py").write_text(source)
    complaints = guarded_imports(tmp_path, *(f"careless_{name}" for name in careless))
    assert [complaint.split()[0] for complaint in complaints] == [f"careless_{name}" for name in careless]


def test_every_error_is_raised_somewhere() -> None:
    """A name that is never raised is a branch that is never taken."""
    code = "\n".join(path.read_text() for path in FUNCTIONS.rglob("*.py") if path.name != "errors.py")
    called = {
        node.func.id
        for node in ast.walk(ast.parse(code))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    assert {name for name in vars(errors) if name.endswith("Error")} - called == set()


def test_every_error_is_a_flat_leaf_that_says_when_it_is_raised() -> None:
    """Step Functions compares names, not families."""
    for name, error in vars(errors).items():
        if name.endswith("Error"):
            assert error.__bases__ == (Exception,)
            assert error.__doc__
