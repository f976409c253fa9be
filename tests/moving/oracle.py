"""The syntax tree that a file must have after a move, as far as it is determined.

A `NodeTransformer` writes what every import and every use of one stands for in
place of how it is spelled. Done to the file before the move, with the new names,
and to the file after it, as it stands, it gives equal trees: aliases, splits and
relative spellings are free, and nothing else is. What is added to that is what
the trees do not show: statements that nothing moved under stay as they were.
"""

from __future__ import annotations

import ast
import re
from collections import Counter, defaultdict
from collections.abc import Iterator

from moving.names import STAYS, Modules, Renames, SourceFile, Statement, Target


class Imported(ast.stmt):
    """Stands for an import statement: the modules and names that it loads."""

    _fields = ("targets",)


class Resolved(ast.expr):
    """Stands for a dotted name that begins with an imported one."""

    _fields = ("target",)


class Resolution(ast.NodeTransformer):
    """Writes what is imported in place of how that is spelled."""

    def __init__(self, file: SourceFile, modules: Modules, renames: Renames = STAYS) -> None:
        self.file = file
        self.modules = modules
        self.renames = renames
        self.bindings: dict[tuple[int, str], set[Target]] = defaultdict(set)
        for node, alias, owner in file.scopes.imports:
            if alias.name != "*":
                bound = alias.asname or alias.name.partition(".")[0]
                self.bindings[owner, bound].add(modules.imported(file, node, alias))
        # What dotted names lead to, with the lines that spell them.
        self.used: dict[Target, set[int]] = defaultdict(set)

    def visit_Import(self, node: ast.Import) -> ast.AST:
        return ast.copy_location(Imported(self.loaded(node)), node)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> ast.AST:
        return ast.copy_location(Imported(self.loaded(node)), node)

    def loaded(self, node: Statement) -> list[str]:
        """What a statement loads, under the new names."""
        return [str(self.renames.target(target)) for target in targets(self.file, self.modules, node)]

    def visit_Name(self, node: ast.Name) -> ast.AST:
        return self._resolved(node, node, [])

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        names: list[str] = []
        root: ast.AST = node
        while isinstance(root, ast.Attribute):
            names.insert(0, root.attr)
            root = root.value
        if isinstance(root, ast.Name):
            return self._resolved(node, root, names)
        return self.generic_visit(node)

    def _resolved(self, node: ast.expr, root: ast.Name, names: list[str]) -> ast.expr:
        """A dotted name from what it reaches on; itself when nothing that is imported begins it."""
        found = self.bindings.get((self.file.scopes.owners[root], root.id), set())
        if not found or isinstance(root.ctx, ast.Store):
            return node
        ends = {self._end(target, names) for target in found}
        if len({count for _, count in ends}) > 1:
            # Alternatives, as after `try: import`, that differ in what they hold.
            ends = {(target, 0) for target in found}
        for target, count in ends:
            self.used[target].add(node.lineno)
        reached = " or ".join(sorted(str(self.renames.target(target)) for target, _ in ends))
        result: ast.expr = ast.copy_location(Resolved(reached), node)
        for name in names[count:]:
            result = ast.copy_location(ast.Attribute(result, name, ast.Load()), node)
        return result

    def _end(self, target: Target, names: list[str]) -> tuple[Target, int]:
        """The module or name that a dotted name reaches, and how many of its parts that takes."""
        for count, name in enumerate(names):
            if target.name:
                return target, count
            if (inner := self.modules.member(target.module, name)) is None:
                is_ours = self.modules.is_module(target.module)
                return (Target(target.module, name), count + 1) if is_ours else (target, count)
            target = inner
        return target, len(names)


def targets(file: SourceFile, modules: Modules, node: Statement) -> list[Target]:
    """What a statement loads."""
    if isinstance(node, ast.Import):
        return [Target(alias.name) for alias in node.names]
    module = file.absolute(node)
    return [modules.fetched(file, module, alias.name) for alias in node.names]


class Verdict:
    """What is wrong with one file after a move."""

    def __init__(
        self, before: SourceFile, after: SourceFile, trees: tuple[Modules, Modules], renames: Renames
    ) -> None:
        # The transformers change the trees that they visit; `before` is judged again in other moves.
        self.before, self.after = before.again(), after.again() if after is before else after
        self.trees = trees
        self.renames = renames
        self.old = Resolution(self.before, trees[0], renames)
        self.new = Resolution(self.after, trees[1])

    def complaints(self) -> Iterator[str]:
        """Sentences, each about one line."""
        yield from self._unasked()
        yield from self._unbound()
        expected, got = self.old.visit(self.before.tree), self.new.visit(self.after.tree)
        reached = {self.renames.target(target) for target in self.old.used}
        allowed = {str(target) for target in reached} | {target.module for target in reached}
        comparison = Comparison(self.renames, allowed, self.trees[0])
        if (difference := comparison.nodes(expected, got)) is not None:
            yield difference
        yield from self._touched(comparison)

    def _is_affected(self, node: Statement) -> bool:
        before = [self.renames.target(target) for target in targets(self.before, self.trees[0], node)]
        return before != targets(self.after, self.trees[1], node)

    def _names_moved(self, node: Statement) -> bool:
        """Whether a statement imports a module that moved by its old name.

        Where the package re-exports the module, the statement would do once the package is loaded;
        but it may run before that, and may follow.
        """
        if isinstance(node, ast.Import):
            return False
        module = self.before.absolute(node)
        names = [f"{module}.{alias.name}" for alias in node.names]
        return any(self.trees[0].is_module(name) and self.renames.module(name) != name for name in names)

    def _unasked(self) -> Iterator[str]:
        """Statements that would do as they stand, and are gone."""
        left = Counter(ast.dump(node) for node in self.after.statements)
        for node in self.before.statements:
            text = ast.dump(node)
            if left[text]:
                left[text] -= 1
            elif not (self._is_affected(node) or self._names_moved(node)):
                yield f"line {node.lineno}: `{ast.unparse(node)}` would do and was changed"

    def _unbound(self) -> Iterator[str]:
        """Names that the module bound by an import and does not bind any more."""
        bound = self.trees[1].bound(self.after.module)
        for node, alias, owner in self.before.scopes.imports:
            if owner or alias.name == "*" or (isinstance(node, ast.Import) and not alias.asname):
                continue
            target = self.trees[0].imported(self.before, node, alias)
            last = str(self.renames.target(target)).replace(":", ".").rpartition(".")[2]
            name = alias.asname or alias.name
            if name not in bound and (alias.asname or last == name):
                yield f"line {node.lineno}: `{name}` is not bound any more"

    def _touched(self, comparison: Comparison) -> Iterator[str]:
        """Lines that name nothing that moves, and are gone."""
        lines = self.before.source.splitlines()
        gone = Counter(lines) - Counter(self.after.source.splitlines())
        asked = set(comparison.lines)
        for target, numbers in self.old.used.items():
            if self.renames.target(target) != target:
                asked |= numbers
        for node in statements_with_lines(self.before.tree):
            asked |= set(range(node.lineno, node.end_lineno + 1))
        words = {old.rpartition(".")[2].encode() for old in self.renames.modules}
        words |= {name.encode() for _, name in self.renames.symbols}
        gone -= Counter(lines[number - 1] for number in asked)
        for number, line in enumerate(lines, 1):
            if gone[line] and number not in asked and not any(word in line for word in words):
                yield f"line {number}: `{line.decode('utf-8', 'replace').strip()}` was changed"


def statements_with_lines(tree: ast.AST) -> list[ast.stmt]:
    """The statements that stand for imports."""
    return [node for node in ast.walk(tree) if isinstance(node, Imported)]


class Comparison:
    """Compares two resolved trees; strings may follow the move."""

    def __init__(self, renames: Renames, allowed: set[str], modules: Modules) -> None:
        self.renames = renames
        # What imports may be added for: uses that reached it through another module.
        self.allowed = allowed
        self.modules = modules
        # The lines of strings that followed.
        self.lines: set[int] = set()

    def nodes(self, before: object, after: object, line: int = 0) -> str | None:
        """The first difference, as a sentence."""
        if isinstance(before, ast.Constant) and isinstance(after, ast.Constant):
            return self._constants(before, after)
        if isinstance(before, ast.AST) and isinstance(after, ast.AST):
            line = getattr(before, "lineno", line)
            if type(before) is not type(after):
                return f"line {line}: {shown(before)} became {shown(after)}"
            if names_all(before) and names_all(after):
                return None
            pairs = ((getattr(before, name, None), getattr(after, name, None)) for name in before._fields)
            return next((found for pair in pairs if (found := self.nodes(*pair, line))), None)
        if isinstance(before, list) and isinstance(after, list):
            return self._lists(before, after, line)
        if type(before) is type(after) and before == after:
            return None
        return f"line {line}: expected `{before}`, got `{after}`"

    def _lists(self, before: list, after: list, line: int) -> str | None:
        old, new = runs(before), runs(after)
        for (old_targets, one), (new_targets, other) in zip(old, new, strict=False):
            missing = old_targets - new_targets
            extra = {target for target in new_targets - old_targets if not self._may_be_added(target)}
            if missing or extra:
                line = getattr(one, "lineno", line)
                return f"before line {line}: expected {sorted(missing)}, got {sorted(extra)}"
            if (difference := self.nodes(one, other, line)) is not None:
                return difference
        if len(old) != len(new):
            return f"below line {line}: {len(old)} statements became {len(new)}"
        return None

    def _may_be_added(self, target: str) -> bool:
        """Whether an import of `target` keeps something loaded that the old one loaded."""
        module, _, name = target.partition(":")
        below = any(old.startswith(f"{module}.") for old in self.renames.modules)
        return target in self.allowed or (below and not name)

    def _constants(self, before: ast.Constant, after: ast.Constant) -> str | None:
        if type(before.value) is type(after.value) and before.value == after.value:
            return None
        line = before.lineno
        if isinstance(before.value, str) and isinstance(after.value, str):
            self.lines |= set(range(line, (before.end_lineno or line) + 1))
            if spelled_alike(before.value, after.value, self.renames):
                return None
        return f"line {line}: {before.value!r} became {after.value!r}"


def spelled_alike(before: str, after: str, renames: Renames) -> bool:
    """Whether a string became another by old names, dotted or as paths, that became new ones."""
    pairs = dict(renames.modules)
    pairs |= {f"{old}.{name}": ".".join(renames.symbols[old, name]) for old, name in renames.symbols}
    forms: dict[str, set[str]] = defaultdict(set)
    for old, new in pairs.items():
        forms[old].add(new)
        forms[old.replace(".", "/")].add(new.replace(".", "/"))
        forms[old.rpartition(".")[2]].add(new.rpartition(".")[2])
    words = "|".join(map(re.escape, sorted(forms, key=len, reverse=True)))
    pieces = re.split(rf"(?<!\w)({words})(?!\w)", before)
    pattern = "".join(
        f"(?:{'|'.join(map(re.escape, [piece, *forms[piece]]))})" if place % 2 else re.escape(piece)
        for place, piece in enumerate(pieces)
    )
    return re.fullmatch(pattern, after) is not None


def runs(nodes: list) -> list[tuple[set[str], object]]:
    """A list's elements, each with what the import statements right before it load."""
    found: list[tuple[set[str], object]] = []
    waiting: set[str] = set()
    for node in nodes:
        if isinstance(node, Imported):
            waiting |= set(node.targets)
        else:
            found.append((waiting, node))
            waiting = set()
    return [*found, (waiting, None)] if waiting else found


def names_all(node: ast.AST) -> bool:
    """Whether a statement is about `__all__`, in which a moved module may not stay."""
    match node:
        case ast.Assign(targets=[ast.Name(id="__all__")]) | ast.AugAssign(target=ast.Name(id="__all__")):
            return True
        case ast.AnnAssign(target=ast.Name(id="__all__")):
            return True
    return False


def shown(node: ast.AST) -> str:
    """A node, short."""
    if isinstance(node, Imported | Resolved):
        return f"⟨{getattr(node, 'target', None) or ', '.join(node.targets)}⟩"
    text = ast.dump(node)
    return text if len(text) < 60 else f"{text[:57]}..."
