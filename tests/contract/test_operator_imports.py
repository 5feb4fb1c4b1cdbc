"""Imports of the command line run one way: commands import concepts, and only `run` needs the local engine."""

import ast

import pytest

from tests.contract.conftest import ROOT

PACKAGE = ROOT / "imagelabels"
COMMANDS, LOCAL = "imagelabels.commands", "imagelabels.local"
MAY_IMPORT_COMMANDS = ("cli.py", "commands/")
NEUTRAL = ("stack/", "search/", "terminal/", "reprocess/", "operations/", "detection/", "upload/")


def imports(source: str) -> set[str]:
    """Return the modules that a module imports, with the names that it takes from them."""
    nodes = list(ast.walk(ast.parse(source)))
    plain = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    return plain | {
        f"{node.module}.{alias.name}" for node in nodes if isinstance(node, ast.ImportFrom) for alias in node.names
    }


def forbidden(module: str, source: str) -> set[str]:
    """Return what a module, named by its path in the package, imports although it may not."""
    outer = () if module.startswith(MAY_IMPORT_COMMANDS) else (COMMANDS,)
    if module.startswith(NEUTRAL):
        outer = (*outer, LOCAL)
    return {name for name in imports(source) if name.startswith(outer)} if outer else set()


def test_no_concept_imports_commands_and_the_stack_does_not_import_the_local_engine() -> None:
    modules = {str(path.relative_to(PACKAGE)): path.read_text() for path in PACKAGE.rglob("*.py")}
    assert {"cli.py", "commands/watch.py", "stack/connection.py"} <= set(modules)
    found = {module: forbidden(module, source) for module, source in modules.items()}
    assert {module: names for module, names in found.items() if names} == {}


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("stack/connection.py", "from imagelabels.local import lock"),
        ("operations/doctor/checks.py", "import imagelabels.local.engine"),
        ("local/session.py", "from imagelabels.commands.watch import watch"),
    ],
)
def test_a_forbidden_import_is_noticed(module: str, source: str) -> None:
    assert len(forbidden(module, source)) == 1
