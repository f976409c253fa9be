"""Compares the syntax trees of two versions of one file.

Knows nothing of the tree around the file; whether a string leads somewhere is asked
of a function that the caller gives.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Callable, Iterator
from typing import Any


class Comparison:
    """Compares two syntax trees; imports, and dotted names of a legacy root, may differ.

    A dotted name must then start with a name that an import binds and that no
    parameter or local variable hides; a string must lead somewhere.
    """

    def __init__(
        self, legacy: frozenset[str], bound_after: set[str], leads_somewhere: Callable[[str], bool]
    ) -> None:
        self.legacy = legacy
        self.bound_after = bound_after
        self.leads_somewhere = leads_somewhere
        self.hidden: list[set[str]] = []
        roots = "|".join(map(re.escape, sorted(legacy))) or r"(?!)"
        self.reference = re.compile(rf"(?<![\w.@-])(?:{roots})(?:[.:]\w+)+")

    def first_difference(self, before: object, after: object) -> int | None:
        """The line (in the file before) at which the trees differ, 0 if unknown."""
        if isinstance(before, ast.AST) and isinstance(after, ast.AST):
            return self._nodes(before, after)
        if isinstance(before, list) and isinstance(after, list):
            return self._lists(without_imports(before), without_imports(after))
        return None if type(before) is type(after) and before == after else 0

    def _nodes(self, before: ast.AST, after: ast.AST) -> int | None:
        if self._is_retargeted(before, after):
            return None
        line = getattr(before, "lineno", 0)
        if type(before) is not type(after):
            return line
        for name in before._fields:
            self.hidden.append(local_names(after) if name in SCOPED_FIELDS else set())
            difference = self.first_difference(getattr(before, name, None), getattr(after, name, None))
            self.hidden.pop()
            if difference is not None:
                return difference or line
        return None

    def _lists(self, before: list[Any], after: list[Any]) -> int | None:
        for one, other in zip(before, after, strict=False):
            if (difference := self.first_difference(one, other)) is not None:
                return difference
        if len(before) == len(after):
            return None
        longer = before if len(before) > len(after) else after
        return getattr(longer[min(len(before), len(after))], "lineno", 0)

    def _is_retargeted(self, before: ast.AST, after: ast.AST) -> bool:
        match before, after:
            case ast.Constant(value=str() as old), ast.Constant(value=str() as new):
                pieces = self.reference.split(old)
                pattern = r"([\w.:]+)".join(map(re.escape, pieces))
                match_ = re.fullmatch(pattern, new) if len(pieces) > 1 and old != new else None
                return match_ is not None and all(map(self.leads_somewhere, match_.groups()))
            case ast.Attribute(), ast.Attribute() | ast.Name():
                root = root_of(after)
                is_free = root in self.bound_after and not any(root in names for names in self.hidden)
                return root_of(before) in self.legacy and is_free
        return False


SCOPED_FIELDS = {"body", "elt", "key", "value", "generators"}


def local_names(node: ast.AST) -> set[str]:
    """The parameters and variables of a function, lambda or comprehension; imports do not count."""
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.Lambda():
            found = {part.arg for part in ast.walk(node.args) if isinstance(part, ast.arg)}
            parts = node.body if isinstance(node.body, list) else [node.body]
        case ast.ListComp() | ast.SetComp() | ast.GeneratorExp() | ast.DictComp():
            found, parts = set(), [generator.target for generator in node.generators]
        case _:
            return set()
    waiting: list[ast.AST] = list(parts)
    while waiting:
        part = waiting.pop()
        if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store):
            found.add(part.id)
        if isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.add(part.name)
        elif not isinstance(part, ast.Lambda):
            waiting += ast.iter_child_nodes(part)
    return found


def without_imports(nodes: list[Any]) -> list[Any]:
    """A list of statements without imports, and without the `pass` that may replace one."""
    return [node for node in nodes if not isinstance(node, ast.Import | ast.ImportFrom | ast.Pass)]


def root_of(node: ast.AST) -> str:
    """The name at the left of a dotted name."""
    while isinstance(node, ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def parse(source: bytes) -> ast.Module:
    """The syntax tree of a file that is known to parse."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(source)


def names_used(tree: ast.Module, names: frozenset[str] | set[str]) -> Iterator[tuple[str, int]]:
    """Where a tree mentions one of the names."""
    if names:
        for node in ast.walk(tree):
            if isinstance(node, ast.Name) and node.id in names:
                yield node.id, node.lineno
