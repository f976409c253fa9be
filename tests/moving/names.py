"""The modules of a tree, and what each of their names stands for.

Knows what `import` does and nothing of what a good move looks like.
"""

from __future__ import annotations

import ast
import warnings
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from moving.scopes import Scopes


Statement = ast.Import | ast.ImportFrom


@dataclass(frozen=True, slots=True)
class Target:
    """What an import binds: a module, or a name that a module binds."""

    module: str
    name: str = ""

    def __str__(self) -> str:
        return f"{self.module}:{self.name}" if self.name else self.module


@dataclass(frozen=True, slots=True)
class Renames:
    """What modules, with all below them, and what symbols are called after a move."""

    modules: dict[str, str]
    symbols: dict[tuple[str, str], tuple[str, str]]

    def module(self, dotted: str) -> str:
        """The new name of a module: that of the longest moved name it begins with."""
        prefix = dotted
        while prefix:
            if prefix in self.modules:
                return self.modules[prefix] + dotted[len(prefix) :]
            prefix = prefix.rpartition(".")[0]
        return dotted

    def target(self, target: Target) -> Target:
        """The new name of what an import binds."""
        if (target.module, target.name) in self.symbols:
            return Target(*self.symbols[target.module, target.name])
        return Target(self.module(target.module), target.name)


STAYS = Renames({}, {})


class SourceFile:
    """One file of a tree that parses."""

    def __init__(self, source: bytes, module: str, is_package: bool) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self.tree = ast.parse(source)
        self.source = source
        self.module = module
        self.is_package = is_package
        self.package = module if is_package else module.rpartition(".")[0]
        self.scopes = Scopes(source, self.tree)
        self.statements: list[Statement] = list(dict.fromkeys(node for node, _, _ in self.scopes.imports))

    def again(self) -> SourceFile:
        """The same file read anew, for who changes its tree."""
        return SourceFile(self.source, self.module, self.is_package)

    def absolute(self, node: ast.ImportFrom) -> str:
        """The module that a `from` statement names, in full."""
        if not node.level:
            return node.module or ""
        parts = self.package.split(".") if self.package else []
        kept = parts[: len(parts) - (node.level - 1)] if node.level - 1 <= len(parts) else ["?"]
        return ".".join([*kept, *([node.module] if node.module else [])])


class Modules:
    """The modules below one folder, which is where absolute imports start."""

    def __init__(self, root: Path, known: Modules | None = None) -> None:
        """Reads the tree; what `known` has at the same place in the same bytes is not read again."""
        self.root = root
        self._known = known.files if known else {}
        self.files: dict[PurePosixPath, SourceFile] = {}
        self.broken: dict[PurePosixPath, str] = {}
        self.by_name: dict[str, SourceFile] = {}
        self.folders: set[str] = set()
        for path in sorted(root.rglob("*.py")):
            relative = PurePosixPath(path.relative_to(root).as_posix())
            if not any(part.startswith(".") for part in relative.parts):
                self._read(path, relative)
        self._bound: dict[str, dict[str, Target | None]] = {}

    def _read(self, path: Path, relative: PurePosixPath) -> None:
        is_package = relative.name == "__init__.py"
        dotted = ".".join(relative.parent.parts if is_package else relative.with_suffix("").parts)
        self.folders.update(".".join(relative.parts[:count]) for count in range(1, len(relative.parts)))
        source = path.read_bytes()
        known = self._known.get(relative)
        try:
            file = known if known and known.source == source else SourceFile(source, dotted, is_package)
        except (SyntaxError, ValueError) as error:
            self.broken[relative] = str(error)
            return
        self.files[relative] = file
        self.by_name.setdefault(dotted, file) if not is_package else self.by_name.update({dotted: file})

    def is_module(self, dotted: str) -> bool:
        """Whether a file or folder of the tree is imported by this name."""
        return dotted in self.by_name or dotted in self.folders

    def bound(self, module: str) -> dict[str, Target | None]:
        """The names that a module's own code binds; the value is the module that a name stands for."""
        if module in self._bound:
            return self._bound[module]
        # A circle of star imports ends here.
        bound = self._bound[module] = {}
        if (file := self.by_name.get(module)) is None:
            return bound
        for node, alias, owner in file.scopes.imports:
            if owner:
                continue
            if alias.name == "*":
                for name, target in self.starred(file.absolute(node)).items():
                    bound.setdefault(name, target)
                continue
            target = self.imported(file, node, alias)
            bound[alias.asname or alias.name.partition(".")[0]] = None if target.name else target
        bound |= {name: None for owner, name in file.scopes.assigned if not owner}
        return bound

    def starred(self, module: str) -> dict[str, Target | None]:
        """The names that `from module import *` binds."""
        bound = self.bound(module)
        file = self.by_name.get(module)
        listed = listed_in_all(file.tree) if file else None
        if listed is None:
            return {name: target for name, target in bound.items() if not name.startswith("_")}
        return {name: bound.get(name) for name in listed}

    def imported(
        self, file: SourceFile, node: Statement, alias: ast.alias
    ) -> Target:
        """What one name of a statement binds; the root for a plain `import a.b`."""
        if isinstance(node, ast.Import):
            return Target(alias.name if alias.asname else alias.name.partition(".")[0])
        return self.fetched(file, file.absolute(node), alias.name)

    def fetched(self, file: SourceFile, module: str, name: str) -> Target:
        """What `from module import name` gives in a file."""
        below = Target(f"{module}.{name}")
        if module == file.module and self.is_module(below.module):
            # A package that imports its own module has not bound it yet.
            return below
        found = None if module == file.module else self.member(module, name)
        return found or Target(module, name)

    def member(self, module: str, name: str) -> Target | None:
        """The module of this tree that `module.name` is, if it is one."""
        below = Target(f"{module}.{name}")
        target = self.bound(module).get(name, below)
        return target if target and self.is_module(target.module) else None


def listed_in_all(tree: ast.Module) -> set[str] | None:
    """The strings of `__all__`, as far as they are written out; `None` without `__all__`."""
    listed: set[str] | None = None
    for node in tree.body:
        match node:
            case ast.Assign(targets=[ast.Name(id="__all__")], value=value) | ast.AugAssign(
                target=ast.Name(id="__all__"), value=value
            ):
                texts = (part.value for part in ast.walk(value) if isinstance(part, ast.Constant))
                listed = (listed or set()) | {text for text in texts if isinstance(text, str)}
    return listed
