"""What is imported already gets the code, and the constants, that it has in another text of its module."""

import gc
import inspect
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

Pair = tuple[CodeType, CodeType]
MODULE = "<module>"
CONSTANT = (bool, int, float, str, bytes, tuple, list, dict, set, frozenset, re.Pattern)


class NotHereError(Exception):
    """The texts differ in what only an import does: a class, a decorator, a default."""


def patch(file: str, plain: str, text: str) -> None:
    """Replace the functions, or else the constants, of a module in which the text differs from the plain one."""
    old, new = _compiled(file, plain), _compiled(file, text)
    changed = dict(_changed(old, new))
    if not changed or _without_functions(old) != _without_functions(new):
        _replace_constants(file, new)
        return
    # What tests/conftest.py leaves out of the search for garbage is not among the objects.
    gc.unfreeze()
    found = [one for one in gc.get_objects() if isinstance(one, FunctionType) and _is_of(one.__code__, file, changed)]
    gc.freeze()
    if not found:
        raise NotHereError
    for function in found:
        try:
            function.__code__ = changed[function.__code__]
        except ValueError:
            # It needs other variables of the function around it.
            raise NotHereError from None


def _replace_constants(file: str, code: CodeType) -> None:
    """Set the constants that differ in a module, and in each module that has imported them."""
    module = next((one for one in sys.modules.values() if _is_from(one, file)), None)
    if module is None:
        raise NotHereError
    fresh = vars(ModuleType(module.__name__)) | {"__file__": module.__file__, "__package__": module.__package__}
    exec(code, fresh)  # noqa: S102  # the file of the mutant
    different = {
        name: (getattr(module, name), value)
        for name, value in fresh.items()
        if isinstance(value, CONSTANT)
        and not name.startswith("__")
        and repr(getattr(module, name, None)) != repr(value)
    }
    if not different:
        raise NotHereError
    for name, (before, after) in different.items():
        for one in list(sys.modules.values()):
            if _has(one, name, before):
                setattr(one, name, after)


def _is_from(module: ModuleType, file: str) -> bool:
    found: Any = vars(module).get("__file__")
    return isinstance(found, str) and found == str(Path(file).resolve())


def _has(module: ModuleType, name: str, value: object) -> bool:
    return isinstance(module, ModuleType) and vars(module).get(name) is value


def _compiled(file: str, text: str) -> CodeType:
    return compile(text, file, "exec", dont_inherit=True)


def _is_of(code: CodeType, file: str, changed: dict[CodeType, CodeType]) -> bool:
    return code.co_filename.endswith(f"/{file}") and code in changed


def _changed(old: CodeType, new: CodeType) -> Iterator[Pair]:
    if old == new:
        return
    if old.co_flags & inspect.CO_OPTIMIZED:
        yield old, new
    elif old.co_name != MODULE and _without_functions(old) != _without_functions(new):
        raise NotHereError
    for one, other in zip(_inside(old), _inside(new), strict=False):
        yield from _changed(one, other)


def _inside(code: CodeType) -> list[CodeType]:
    return [constant for constant in code.co_consts if isinstance(constant, CodeType)]


def _without_functions(code: CodeType) -> tuple[bytes, tuple[str, ...], str]:
    constants = [constant for constant in code.co_consts if not isinstance(constant, CodeType)]
    return code.co_code, code.co_names, repr(constants)
