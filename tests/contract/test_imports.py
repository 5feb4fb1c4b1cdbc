"""Imports run one way: from the command line and the stack to the functions, and never back."""

import pytest

from tests.contract.conftest import ROOT, STEPS
from tests.contract.imports import Import, complaint, imports, imports_of


def test_imports_run_one_way() -> None:
    checked = {
        f"{path.relative_to(ROOT)} imports {found.imported}": complaint(found, STEPS)
        for path, found in imports_of(ROOT, STEPS)
    }
    assert len(checked) > 200
    assert {who: why for who, why in checked.items() if why} == {}


@pytest.mark.parametrize(
    ("module", "source", "says"),
    [
        ("persist_labels.items", "from detect_labels.summary import summarize", "another step"),
        ("imagelabels_shared.text", "import detect_labels.summary", "another step"),
        ("persist_labels.items", "import infra.stack", "neither the stack"),
        ("imagelabels_shared.text", "from imagelabels import cli", "neither the stack"),
        ("persist_labels.items", "def late():\n    import imagelabels.cli as cli", "neither the stack"),
        ("infra.stack", "from imagelabels.paths import ROOT", "does not import the command line"),
        ("imagelabels.deploy.settings", "from infra.settings import Settings", "only late"),
        ("imagelabels.search.query", "from imagelabels.commands.options import AsJson", "the commands"),
        ("imagelabels.search.query", "from imagelabels.cli import app", "the commands"),
        ("imagelabels.search.query", "def late():\n    from imagelabels import commands", "the commands"),
        ("imagelabels.stack.connection", "from imagelabels.local import lock", "imagelabels.local"),
        ("imagelabels.commands.watch", "import imagelabels.local.engine", "imagelabels.local"),
        ("imagelabels.stack.connection", "from tools.permissions import table", "tools"),
        ("infra.app", "import tools", "tools"),
        ("tools.pictures", "from tests.pictures import picture", "tests"),
    ],
)
def test_an_import_in_the_wrong_direction_is_found(module: str, source: str, says: str) -> None:
    (found,) = imports(module, source)
    assert says in (complaint(found, STEPS) or "")


@pytest.mark.parametrize(
    ("module", "imported"),
    [
        ("persist_labels.items", "imagelabels_shared.text"),
        ("imagelabels.commands.watch", "imagelabels.stack.follow"),
        ("imagelabels.cli", "imagelabels.commands.watch"),
        ("imagelabels.local.server", "imagelabels.local.switches"),
        ("tools.documents", "imagelabels.local.synthesis"),
    ],
)
def test_an_import_in_the_right_direction_is_not(module: str, imported: str) -> None:
    assert complaint(Import(module, imported, late=False), STEPS) is None
