"""The directions in which imports may run, and who breaks them."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

# Folders whose modules are imported by the folder's name; those of functions/ are imported by the name below it.
PACKAGES = ("functions", "imagelabels", "infra", "tools")
SHARED = "imagelabels_shared"
# Outside the local stack's own folder: the command that runs it.
MAY_IMPORT_LOCAL = {"imagelabels.commands.run"}
COMMANDS = {"commands", "cli"}


class Import(NamedTuple):
    """One module that another one imports; `late` when a function imports it as it runs."""

    importer: str
    imported: str
    late: bool


def imports_of(root: Path, steps: list[str]) -> Iterator[tuple[Path, Import]]:
    """Yield each import of the project's own modules below `root`, with its file."""
    own = {*PACKAGES, *steps, SHARED, "tests"}
    for package in PACKAGES:
        for path in sorted((root / package).rglob("*.py")):
            below = path.relative_to(root / package if package == "functions" else root)
            module = ".".join(below.with_suffix("").parts)
            for found in imports(module.removesuffix(".__init__"), path.read_text()):
                if found.imported.split(".")[0] in own:
                    yield path, found


def imports(module: str, source: str) -> Iterator[Import]:
    """Yield what a module imports: `from a.b import c` imports `a.b.c`, which may be a module or a name in one."""
    tree = ast.parse(source)
    late = {
        id(node)
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        yield from (Import(module, name, id(node) in late) for name in names)


def complaint(found: Import, steps: list[str]) -> str | None:
    """Return why a module may not import another one, None when it may."""
    functions = {*steps, SHARED}
    importer, imported = found.importer.split("."), found.imported.split(".")
    package, other = importer[0], imported[0]
    folder, within = [*importer, ""][1], [*imported, ""][1] if package == other == "imagelabels" else ""
    broken = {
        "only tests import tests": other == "tests",
        "only tools and tests import tools": other == "tools" != package,
        "functions import neither the stack nor the command line": package in functions
        and other in {"imagelabels", "infra"},
        "functions do not import another step": package in functions and other in set(steps) - {package},
        "the stack does not import the command line": package == "infra" and other == "imagelabels",
        "the command line imports the stack only late: the wheel is without it": package == "imagelabels"
        and other == "infra"
        and not found.late,
        "a concept does not import the commands": within in COMMANDS and folder not in COMMANDS,
        "only the local stack, and the command that runs it, import imagelabels.local": within == "local"
        and folder != "local"
        and found.importer not in MAY_IMPORT_LOCAL,
    }
    return next((why for why, is_broken in broken.items() if is_broken), None)
