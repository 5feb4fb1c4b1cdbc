"""The mutants of a Python file: a comparison turned, a number changed, a statement dropped, and others of the kind.

Only the changed piece of text is replaced, so comments and the rest of the file stay as they are.
"""

import ast
import copy
from collections.abc import Iterator
from itertools import pairwise

from tools.mutants import Mutant

COMPARISONS = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
ARITHMETIC = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv, ast.Div: ast.Mult, ast.FloorDiv: ast.Mult}
CALLS = {"sorted": "list", "min": "max", "max": "min", "any": "all", "all": "any"}
DROPPED = (ast.Expr, ast.AugAssign, ast.Raise, ast.Return)
SIMPLE = (ast.Expr, ast.Assign, ast.AugAssign)
GENERIC = {"Callable", "Iterator", "Literal", "dict", "frozenset", "list", "set", "tuple"}
# What a log line says, and the keys that it gets, are for reading; that keys are taken away again is not.
LEVELS = {"debug", "info", "warning", "error", "exception", "append_keys"}
# Without an effect on anything else, so that the order does not matter: builtins, methods of texts and collections
# that only read, and what makes an object or a client, or reads the environment.
PURE = {
    *("auto", "client", "from_environ", "is_set"),
    *(
        "all",
        "any",
        "bool",
        "bytes",
        "dict",
        "enumerate",
        "float",
        "frozenset",
        "int",
        "isinstance",
        "len",
        "list",
        "map",
    ),
    *("max", "min", "range", "replace", "round", "set", "sorted", "str", "sum", "tuple", "type", "zip"),
    *("decode", "encode", "endswith", "format", "get", "items", "join", "keys", "lower", "partition", "removeprefix"),
    *("removesuffix", "rpartition", "rsplit", "split", "startswith", "strip", "upper", "values", "dumps", "loads"),
}
# What Python does anyway, and the linter wants to read.
DEFAULTS = {"strict=False"}
MODULE = "module"
Change = tuple[ast.AST, ast.AST, str]


def mutants(file: str, text: str) -> Iterator[Mutant]:
    """Yield the mutants of a file's text; `file` is its path in the checkout."""
    lines = text.splitlines(keepends=True)
    tree = ast.parse(text)
    for scope, node in _nodes(tree, MODULE):
        for old, new, what in _changes(node):
            changed = _replaced(lines, old, ast.unparse(new))
            yield Mutant(file, _line(old), f"{file} {scope}: {what}", changed)


def _nodes(node: ast.AST, scope: str) -> Iterator[tuple[str, ast.AST]]:
    """Yield each node with the name of its function or constant, without what only people or a type checker read."""
    for child in ast.iter_child_nodes(node):
        if not (_is_for_types(child, node) or _is_log(child)):
            named = _name(child, scope)
            yield named, child
            yield from _nodes(child, named)


def _name(node: ast.AST, scope: str) -> str:
    match node:
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            return name
        case ast.Assign(targets=[target]) | ast.AnnAssign(target=target) if scope == MODULE:
            return ast.unparse(target)
    return scope


def _is_for_types(node: ast.AST, parent: ast.AST) -> bool:
    if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
        return True
    if node in {getattr(parent, "returns", None), getattr(parent, "annotation", None)}:
        return True
    # `frozen` and `kw_only` forbid what the type checker forbids too.
    if isinstance(node, ast.Call) and ast.unparse(node.func) == "dataclass":
        return True
    return isinstance(parent, ast.Subscript) and node is parent.slice and ast.unparse(parent.value) in GENERIC


def _is_log(node: ast.AST) -> bool:
    match node:
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Call(func=ast.Name("logger")), attr=level))):
            return level in LEVELS
    return False


def _changes(node: ast.AST) -> Iterator[Change]:
    yield from _expressions(node)
    yield from _collections(node)
    for body in (getattr(node, "body", []), getattr(node, "orelse", []), getattr(node, "finalbody", [])):
        if isinstance(body, list):
            yield from _statements(body)


def _expressions(node: ast.AST) -> Iterator[Change]:
    match node:
        case ast.Compare(ops=[operator], comparators=[_]) if type(operator) in COMPARISONS:
            yield _change(node, ops=[COMPARISONS[type(operator)]()])
        case ast.BoolOp(op=operator):
            yield _change(node, op=ast.Or() if isinstance(operator, ast.And) else ast.And())
        case ast.BinOp(op=operator) if type(operator) in ARITHMETIC:
            yield _change(node, op=ARITHMETIC[type(operator)]())
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield node, operand, f"{ast.unparse(node)} -> {ast.unparse(operand)}"
        case ast.IfExp(body=first, orelse=second):
            yield _change(node, body=second, orelse=first)
        case ast.If(test=test):
            yield test, ast.UnaryOp(ast.Not(), test), f"if {ast.unparse(test)} -> if not"
        case ast.Call(func=ast.Name(id=name)) if name in CALLS:
            yield _change(node, func=ast.Name(CALLS[name]))
        case ast.Constant(value=bool() | int() | float()):
            yield from _numbers(node)


def _numbers(node: ast.Constant) -> Iterator[Change]:
    value = node.value
    if isinstance(value, bool):
        yield _change(node, value=not value)
    elif isinstance(value, int | float):
        yield _change(node, value=value + 1)
        if value > 1:
            yield _change(node, value=value * 100)


def _collections(node: ast.AST) -> Iterator[Change]:
    """Yield a collection with an item less, and a call with a keyword argument less."""
    if isinstance(node, ast.Set | ast.List | ast.Tuple) and len(node.elts) > 1 and not _is_target(node):
        for item in node.elts:
            left = [other for other in node.elts if other is not item]
            yield node, type(node)(elts=left), f"without {ast.unparse(item)} in {_short(node)}"
    if isinstance(node, ast.Call):
        for keyword in node.keywords:
            if ast.unparse(keyword) in DEFAULTS:
                continue
            left_over = copy.copy(node)
            left_over.keywords = [other for other in node.keywords if other is not keyword]
            yield node, left_over, f"without {ast.unparse(keyword)} in {_short(node)}"


def _is_target(node: ast.Set | ast.List | ast.Tuple) -> bool:
    return not isinstance(getattr(node, "ctx", ast.Load()), ast.Load)


def _statements(body: list[ast.stmt]) -> Iterator[Change]:
    for statement in body:
        if isinstance(statement, DROPPED) and not _is_text(statement) and not _is_log(statement):
            yield statement, ast.Pass(), f"without `{_short(statement)}`"
    for first, second in pairwise(body):
        if isinstance(first, SIMPLE) and isinstance(second, SIMPLE) and not _are_independent(first, second):
            both = ast.Module([second, first], [])
            yield ast.Module([first, second], []), both, f"`{_short(second)}` before `{_short(first)}`"


def _are_independent(first: ast.stmt, second: ast.stmt) -> bool:
    """Whether two statements can change places: neither sets what the other reads, and one at most has effects."""
    if any(_is_text(one) or _is_log(one) for one in (first, second)):
        return True
    (sets, reads), (later_sets, later_reads) = _names(first), _names(second)
    if sets & (later_sets | later_reads) or reads & later_sets:
        return False
    return not (_has_effects(first) and _has_effects(second))


def _names(statement: ast.stmt) -> tuple[set[str], set[str]]:
    """Return the names that a statement sets, and those that it reads; a change inside an object sets its name."""
    names = [node for node in ast.walk(statement) if isinstance(node, ast.Name)]
    inside = [node for node in ast.walk(statement) if isinstance(node, ast.Attribute | ast.Subscript)]
    roots = {_root(node) for node in inside if isinstance(node.ctx, ast.Store)}
    changed = {node.id for node in names if isinstance(node.ctx, ast.Store)} | roots
    if isinstance(statement, ast.Expr):
        changed |= {node.id for node in names}
    return changed, {node.id for node in names}


def _root(node: ast.expr) -> str:
    while isinstance(node, ast.Attribute | ast.Subscript):
        node = node.value
    return ast.unparse(node)


def _has_effects(statement: ast.stmt) -> bool:
    for node in ast.walk(statement):
        if isinstance(node, ast.Await | ast.Yield | ast.YieldFrom):
            return True
        if isinstance(node, ast.Call) and not _is_pure(node.func):
            return True
    return False


def _is_pure(function: ast.expr) -> bool:
    name = getattr(function, "attr", getattr(function, "id", ""))
    return name in PURE or name[:1].isupper()


def _is_text(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _change(node: ast.AST, **fields: object) -> Change:
    new = copy.copy(node)
    for name, value in fields.items():
        setattr(new, name, value)
    return node, new, f"{_short(node)} -> {_short(new)}"


def _short(node: ast.AST) -> str:
    return " ".join(ast.unparse(node).split())[:80]


def _ends(node: ast.AST) -> tuple[ast.AST, ast.AST]:
    return (node.body[0], node.body[-1]) if isinstance(node, ast.Module) else (node, node)


def _line(node: ast.AST) -> int:
    return int(_ends(node)[0].lineno)  # type: ignore[attr-defined]  # expressions and statements have it


def _replaced(lines: list[str], old: ast.AST, new: str) -> str:
    """Return the text with one node replaced; ast counts columns in bytes."""
    first, last = _ends(old)
    begin, end = lines[first.lineno - 1].encode(), lines[last.end_lineno - 1].encode()  # type: ignore[attr-defined]  # as above
    before, after = begin[: first.col_offset].decode(), end[last.end_col_offset :].decode()  # type: ignore[attr-defined]  # as above
    indented = new.replace("\n", "\n" + " " * first.col_offset)  # type: ignore[attr-defined]  # as above
    if not isinstance(old, ast.stmt | ast.Module):
        indented = f"({' '.join(new.split(chr(10)))})"
    return "".join([*lines[: first.lineno - 1], before + indented + after, *lines[last.end_lineno :]])  # type: ignore[attr-defined]  # as above
