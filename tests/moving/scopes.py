"""Which scope each name of a file lives in, as CPython's `symtable` says.

Knows one file and nothing of imports: where a name comes from is the business of
`names`.
"""

from __future__ import annotations

import ast
import symtable
import warnings
from collections import defaultdict
from collections.abc import Iterator

COMPREHENSIONS = {
    ast.ListComp: "listcomp",
    ast.SetComp: "setcomp",
    ast.DictComp: "dictcomp",
    ast.GeneratorExp: "genexpr",
}
FUNCTIONS = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


class Scopes:
    """For every name in the code, the scope that it belongs to: an opaque number, 0 for the module."""

    def __init__(self, source: bytes, tree: ast.Module) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            top = symtable.symtable(source, "<moved>", "exec")
        self.tables = [top]
        self.numbers = {top.get_id(): 0}
        self.waiting: dict[int, dict[tuple[str, int], list[symtable.SymbolTable]]] = {}
        # Names that something else than an import binds, by scope.
        self.assigned: set[tuple[int, str]] = set()
        self.imports: list[tuple[ast.Import | ast.ImportFrom, ast.alias, int]] = []
        self.owners: dict[ast.Name, int] = {}
        # The scopes of imports and of names that stand in no `Name` node.
        self._visit(tree, [top])

    def _visit(self, node: ast.AST, stack: list[symtable.SymbolTable]) -> None:
        for name in names_bound_without_node(node):
            self.assigned.add((self._owner(stack, name), name))
        match node:
            case ast.Name():
                owner = self._owner(stack, node.id)
                self.owners[node] = owner
                if isinstance(node.ctx, ast.Store):
                    self.assigned.add((owner, node.id))
            case ast.Import() | ast.ImportFrom():
                for alias in node.names:
                    bound = alias.asname or alias.name.partition(".")[0]
                    self.imports.append((node, alias, self._owner(stack, bound)))
            case _:
                for child, is_inner in children(node):
                    self._visit(child, self._entered(node, stack) if is_inner else stack)

    def _entered(self, node: ast.AST, stack: list[symtable.SymbolTable]) -> list[symtable.SymbolTable]:
        """The stack inside a node that opens a scope; each node's table is taken once."""
        if not hasattr(node, "_inner"):
            name = COMPREHENSIONS.get(type(node)) or getattr(node, "name", "lambda")
            inner = self._take(stack[-1], name, node.lineno)
            if inner is not None and "type" in str(inner.get_type()).lower():
                inside = self._take(inner, name, node.lineno)
                node._inner = [*stack, inner, *([inside] if inside else [])]
            else:
                node._inner = [*stack, inner] if inner else stack
        return node._inner

    def _take(self, table: symtable.SymbolTable, name: str, line: int) -> symtable.SymbolTable | None:
        if table.get_id() not in self.waiting:
            queues: dict[tuple[str, int], list[symtable.SymbolTable]] = defaultdict(list)
            for inner in table.get_children():
                queues[inner.get_name().strip("<>"), inner.get_lineno()].append(inner)
            self.waiting[table.get_id()] = queues
        queue = self.waiting[table.get_id()].get((name, line))
        return queue.pop(0) if queue else None

    def _owner(self, stack: list[symtable.SymbolTable], name: str) -> int:
        """Where a name that stands in the innermost scope of `stack` lives."""
        for depth, table in enumerate(reversed(stack)):
            if table.get_type() == "module":
                return 0
            # A class's names are seen by its own body only.
            if depth and table.get_type() == "class":
                continue
            try:
                symbol = table.lookup(name)
            except KeyError:
                continue
            if symbol.is_global():
                return 0
            if symbol.is_local() and not symbol.is_free():
                return self.numbers.setdefault(table.get_id(), len(self.numbers))
        return 0


def names_bound_without_node(node: ast.AST) -> list[str]:
    """Names that a node binds and that stand in it as text."""
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            return [node.name]
        case ast.arg():
            return [node.arg]
        case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
            return [name]
        case ast.MatchMapping(rest=str(name)):
            return [name]
    return []


def children(node: ast.AST) -> Iterator[tuple[ast.AST, bool]]:
    """The parts of a node, and whether they stand in the scope that it opens."""
    match node:
        case ast.Lambda() | ast.FunctionDef() | ast.AsyncFunctionDef():
            arguments = node.args
            # Defaults and annotations are outside, the parameters inside.
            outside = [*arguments.defaults, *filter(None, arguments.kw_defaults)]
            listed = [part for part in ast.walk(arguments) if isinstance(part, ast.arg)]
            if not isinstance(node, ast.Lambda):
                outside += [part.annotation for part in listed if part.annotation]
                outside += [node.returns] if node.returns else []
                outside += node.decorator_list
            body = node.body if isinstance(node.body, list) else [node.body]
            bare = [ast.arg(part.arg) for part in listed]
            inside = [*getattr(node, "type_params", []), *bare, *body]
        case ast.ClassDef():
            outside = [*node.bases, *node.keywords, *node.decorator_list]
            inside = [*getattr(node, "type_params", []), *node.body]
        case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
            first, *others = node.generators
            outside = [first.iter]
            results = [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
            inside = [first.target, *first.ifs, *others, *results]
        case _:
            outside, inside = list(ast.iter_child_nodes(node)), []
    yield from ((part, False) for part in outside)
    yield from ((part, True) for part in inside)
