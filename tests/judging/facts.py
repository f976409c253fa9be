"""What CPython says about one file: whether it compiles, what it imports and binds.

Knows no other file and no path; where an import leads is the business of `tree`.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Import:
    """One imported name: `import module [as asname]` has no `name`, a star has `*`."""

    level: int
    module: str
    name: str
    asname: str
    scope: str
    guard: str
    line: int
    statement: int

    @property
    def key(self) -> tuple[int, str, str, str, bool]:
        """What makes it the same import in another version of the file."""
        return (self.level, self.module, self.name, self.asname, "()" in self.scope)

    @property
    def bound(self) -> str:
        """The name that it binds; empty for a star."""
        if self.name == "*":
            return ""
        return self.asname or self.name or self.module.partition(".")[0]

    @property
    def is_plain(self) -> bool:
        """Whether it is an `import x.y`."""
        return not self.name

    def __str__(self) -> str:
        alias = f" as {self.asname}" if self.asname else ""
        if self.is_plain:
            return f"import {self.module}{alias}"
        return f"from {'.' * self.level}{self.module} import {self.name}{alias}"


@dataclass(frozen=True, slots=True)
class Facts:
    """What one file's bytes say, whatever the file is called."""

    error: str | None
    parses: bool
    imports: tuple[Import, ...]
    defined: frozenset[str]
    exported: frozenset[str] | None
    has_getattr: bool


def read_facts(source: bytes) -> Facts:
    """Reads a file; one that does not parse is read line by line."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            tree = ast.parse(source)
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            return facts_of_broken(source, f"{type(error).__name__}: {error}")
        try:
            compile(source, "<judged>", "exec", dont_inherit=True)
            problem = None
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            problem = f"{type(error).__name__}: {error}"
    return facts_of_tree(tree, problem)


def facts_of_tree(tree: ast.Module, problem: str | None) -> Facts:
    """The imports of all scopes, and the other names bound at the top level."""
    imports: list[Import] = []
    defined: set[str] = set()
    exported: set[str] | None = None
    for node, scope, guard in statements(tree.body, "", ""):
        if isinstance(node, ast.Import | ast.ImportFrom):
            imports += imports_of(node, scope, guard)
        elif isinstance(node, ast.Global):
            defined |= set(node.names)
        elif not scope:
            defined |= names_bound_by(node)
            if (listed := listed_in_all(node)) is not None:
                exported = (exported or set()) | listed
    return Facts(
        problem,
        True,
        tuple(imports),
        frozenset(defined),
        None if exported is None else frozenset(exported),
        "__getattr__" in defined,
    )


def facts_of_broken(source: bytes, problem: str) -> Facts:
    """What single statements at the start of a line say about a file that does not parse."""
    text = source.decode("utf-8", "replace").replace("\r\n", "\n")
    imports: list[Import] = []
    for match in re.finditer(r"^[ \t]*((?:from|import)\b(?:[^\n(]*\([^)]*\)|[^\n]*))", text, re.M):
        line = text.count("\n", 0, match.start()) + 1
        try:
            body = ast.parse(match[1]).body
        except (SyntaxError, ValueError):
            continue
        scope = "?()" if match[0][0] in " \t" else ""
        for node in body:
            if isinstance(node, ast.Import | ast.ImportFrom):
                imports += imports_of(node, scope, "", line)
    names = re.findall(r"^(?:(?:async )?def|class)\s+(\w+)|^(\w+)\s*(?::[^=\n]+)?=", text, re.M)
    defined = frozenset(name for pair in names for name in pair if name)
    return Facts(problem, False, tuple(imports), defined, None, "__getattr__" in defined)


def imports_of(node: ast.Import | ast.ImportFrom, scope: str, guard: str, line: int = 0) -> Iterator[Import]:
    """One value for each name of a statement."""
    line = line or node.lineno
    for alias in node.names:
        asname = alias.asname or ""
        place = (scope, guard, line, line * 1000 + node.col_offset)
        if isinstance(node, ast.Import):
            yield Import(0, alias.name, "", asname, *place)
        else:
            yield Import(node.level, node.module or "", alias.name, asname, *place)


def statements(body: list[ast.stmt], scope: str, guard: str) -> Iterator[tuple[ast.stmt, str, str]]:
    """Every statement with the functions and classes, and the conditions, around it."""
    for node in body:
        yield node, scope, guard
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                yield from statements(node.body, f"{scope}{node.name}().", guard)
            case ast.ClassDef():
                yield from statements(node.body, f"{scope}{node.name}.", guard)
            case ast.If():
                inner = "type-checking" if mentions_type_checking(node.test) else "if"
                yield from statements(node.body, scope, f"{guard}/{inner}")
                yield from statements(node.orelse, scope, f"{guard}/else")
            case ast.Try() | ast.TryStar():
                yield from statements(node.body, scope, f"{guard}/try")
                for handler in node.handlers:
                    yield from statements(handler.body, scope, f"{guard}/except")
                yield from statements(node.orelse, scope, f"{guard}/else")
                yield from statements(node.finalbody, scope, guard)
            case ast.For() | ast.AsyncFor() | ast.While():
                yield from statements(node.body + node.orelse, scope, f"{guard}/loop")
            case ast.With() | ast.AsyncWith():
                yield from statements(node.body, scope, f"{guard}/with")
            case ast.Match():
                for case in node.cases:
                    yield from statements(case.body, scope, f"{guard}/case")


def mentions_type_checking(test: ast.expr) -> bool:
    """Whether a condition is about `TYPE_CHECKING`."""
    return any(getattr(node, "id", getattr(node, "attr", "")) == "TYPE_CHECKING" for node in ast.walk(test))


def names_bound_by(node: ast.stmt) -> set[str]:
    """The names that a statement other than an import binds in its own scope."""
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            return {node.name}
        case ast.Assign():
            targets: list[ast.expr] = node.targets
        case ast.AnnAssign() | ast.AugAssign() | ast.For() | ast.AsyncFor():
            targets = [node.target]
        case ast.With() | ast.AsyncWith():
            targets = [item.optional_vars for item in node.items if item.optional_vars]
        case ast.Expr():
            targets = [part.target for part in ast.walk(node) if isinstance(part, ast.NamedExpr)]
        case _:
            return set()
    names = (part for target in targets for part in ast.walk(target))
    return {part.id for part in names if isinstance(part, ast.Name)}


def listed_in_all(node: ast.stmt) -> set[str] | None:
    """The strings that a statement puts into `__all__`, if it is about `__all__`."""
    match node:
        case ast.Assign(targets=[ast.Name(id="__all__")], value=value):
            pass
        case ast.AnnAssign(target=ast.Name(id="__all__"), value=ast.expr() as value):
            pass
        case ast.AugAssign(target=ast.Name(id="__all__"), value=value):
            pass
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id="__all__")), args=args)):
            value = ast.Tuple(args, ast.Load())
        case _:
            return None
    constants = (part.value for part in ast.walk(value) if isinstance(part, ast.Constant))
    return {constant for constant in constants if isinstance(constant, str)}
