"""A function that is imported already gets the code that it has in another text of its module."""

import gc
import inspect
from collections.abc import Iterator
from types import CodeType, FunctionType

Pair = tuple[CodeType, CodeType]


class NotInFunctionsError(Exception):
    """The texts differ in what only an import executes: a constant, a class, a decorator, a default."""


def patch(file: str, plain: str, text: str) -> None:
    """Replace the code of the functions of a module in which the text differs from the plain one."""
    changed = dict(_changed(_compiled(file, plain), _compiled(file, text)))
    # What tests/conftest.py leaves out of the search for garbage is not among the objects.
    gc.unfreeze()
    found = [one for one in gc.get_objects() if isinstance(one, FunctionType) and _is_of(one.__code__, file, changed)]
    gc.freeze()
    if not found:
        raise NotInFunctionsError
    for function in found:
        try:
            function.__code__ = changed[function.__code__]
        except ValueError:
            # It needs other variables of the function around it.
            raise NotInFunctionsError from None


def _compiled(file: str, text: str) -> CodeType:
    return compile(text, file, "exec", dont_inherit=True)


def _is_of(code: CodeType, file: str, changed: dict[CodeType, CodeType]) -> bool:
    return code.co_filename.endswith(f"/{file}") and code in changed


def _changed(old: CodeType, new: CodeType) -> Iterator[Pair]:
    if old == new:
        return
    if old.co_flags & inspect.CO_OPTIMIZED:
        yield old, new
    elif _without_functions(old) != _without_functions(new):
        raise NotInFunctionsError
    for one, other in zip(_inside(old), _inside(new), strict=False):
        yield from _changed(one, other)


def _inside(code: CodeType) -> list[CodeType]:
    return [constant for constant in code.co_consts if isinstance(constant, CodeType)]


def _without_functions(code: CodeType) -> tuple[bytes, tuple[str, ...], str]:
    constants = [constant for constant in code.co_consts if not isinstance(constant, CodeType)]
    return code.co_code, code.co_names, repr(constants)
