"""One checkout: its Python files, its packages, and where its imports lead.

Imports are looked up in the file system, from every folder that could plausibly be
an import root; nothing is imported or run.
"""

from __future__ import annotations

import os
import re
import sys
import tomllib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from judging.facts import Facts, Import
from judging.layout import (
    Package,
    Project,
    ancestors,
    configured_roots,
    declared_in,
    distribution,
    glob_pattern,
    name_of,
    parent,
    split,
)

SKIPPED_FOLDERS = {".git", ".repot", ".hg", "__pycache__", "node_modules", ".venv", ".tox"}
MODULE_ATTRIBUTES = {"__name__", "__file__", "__doc__", "__path__", "__spec__", "__dict__"}


@dataclass(frozen=True, slots=True)
class Settings:
    """How a tree is to be read; globs and folders are relative to its root."""

    legacy_roots: Sequence[str]
    members: Sequence[str]
    exclude: Sequence[str] = ()
    roots: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Module:
    """What a dotted name leads to: a file, a folder, or something that is not Python source."""

    file: str = ""
    folder: str = ""
    opaque: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """Where an import leads. `targets` are files, or folders without `__init__.py`."""

    status: str
    targets: tuple[str, ...] = ()

    @property
    def is_dangling(self) -> bool:
        """Whether a first-party import leads nowhere."""
        return self.status not in {"ok", "external"}


class Tree:
    """One checkout: its Python files, its packages, and where its imports lead."""

    def __init__(self, root: Path, settings: Settings) -> None:
        self.root = root
        self.legacy = frozenset(settings.legacy_roots)
        self.extra_roots = settings.roots
        self.members = [glob_pattern(glob) for glob in settings.members]
        self.sources: dict[str, bytes] = {}
        self.opaque: set[str] = set()
        self.projects: dict[str, Project] = {}
        self.declared: set[str] = set()
        self.facts: dict[str, Facts] = {}
        self._read([glob_pattern(glob) for glob in settings.exclude])
        self.folders = set(ancestors(self.sources))
        self.packages = self._packages()
        self._owners: dict[str, Package | None] = {}
        self._verdicts: dict[tuple[str, int, str, str], Verdict] = {}
        self._visiting: set[tuple[str, str]] = set()
        self._met_circle = False

    def _read(self, excluded: list[re.Pattern[str]]) -> None:
        for folder, subfolders, names in os.walk(self.root):
            subfolders[:] = sorted(name for name in subfolders if name not in SKIPPED_FOLDERS)
            for name in names:
                path = Path(folder, name)
                relative = path.relative_to(self.root).as_posix()
                if path.is_symlink() or any(glob.fullmatch(relative) for glob in excluded):
                    continue
                self._read_file(path, relative)

    def _read_file(self, path: Path, relative: str) -> None:
        if path.suffix == ".py":
            self.sources[relative] = path.read_bytes()
        elif path.suffix in {".pyi", ".pyx", ".so", ".pyd"}:
            self.opaque.add(relative.partition(".")[0])
        elif path.name == "pyproject.toml":
            try:
                self.projects[parent(relative)] = tomllib.loads(path.read_text("utf-8"))
            except (tomllib.TOMLDecodeError, UnicodeDecodeError):
                self.projects[parent(relative)] = {}
        elif re.fullmatch(r"requirements.*\.txt", path.name):
            lines = path.read_text("utf-8", "replace").splitlines()
            self.declared |= {distribution(line) for line in lines}

    def _packages(self) -> list[Package]:
        matched = {folder for folder in self.folders if any(m.fullmatch(folder) for m in self.members)}
        folders = matched | {folder for folder in self.projects if folder}
        for project in self.projects.values():
            self.declared |= set(declared_in(project))
        own = {distribution(name_of(project)) for project in self.projects.values()}
        self.declared -= own | {""}
        return [self._package(folder) for folder in sorted(folders)]

    def _package(self, folder: str) -> Package:
        roots, aliases = configured_roots(self.projects.get(folder, {}), folder)
        roots += [f"{folder}/src", folder, parent(folder)]
        return Package(folder, tuple(dict.fromkeys(roots)), aliases)

    def owner(self, path: str) -> Package | None:
        """The innermost package that holds a path."""
        if path not in self._owners:
            holding = [p for p in self.packages if path == p.folder or path.startswith(f"{p.folder}/")]
            self._owners[path] = max(holding, key=lambda p: len(p.folder), default=None)
        return self._owners[path]

    @cached_property
    def roots(self) -> list[str]:
        """Every folder from which an absolute import may start."""
        found = ["", *self.extra_roots, *(root for p in self.packages for root in p.roots)]
        return list(dict.fromkeys(found))

    @cached_property
    def names(self) -> set[str]:
        """The names of all folders and modules, wherever they are."""
        stems = {path.rsplit("/", 1)[-1].removesuffix(".py") for path in self.sources}
        return stems | {folder.rsplit("/", 1)[-1] for folder in self.folders}

    @cached_property
    def roots_by_name(self) -> dict[str, list[str]]:
        """From a top-level name to the roots that have it."""
        result: dict[str, list[str]] = defaultdict(list)
        for root in self.roots:
            if root and root not in self.folders:
                continue
            for name in self.children.get(root, ()):
                result[name].append(root)
        return result

    @cached_property
    def children(self) -> dict[str, set[str]]:
        """From a folder to the names below it that an import could use."""
        result: dict[str, set[str]] = defaultdict(set)
        for path in [*self.sources, *self.folders, *self.opaque]:
            if path:
                result[parent(path)].add(path.rsplit("/", 1)[-1].removesuffix(".py"))
        return result

    # ------------------------------------------------ where an import leads

    def step(self, folder: str, name: str) -> Module | None:
        """The module `name` in a folder; a package wins over a module, a module over a folder."""
        path = f"{folder}/{name}" if folder else name
        if f"{path}/__init__.py" in self.sources:
            return Module(f"{path}/__init__.py", path)
        if f"{path}.py" in self.sources:
            return Module(f"{path}.py")
        if path in self.opaque:
            return Module(opaque=True)
        return Module(folder=path) if path in self.folders else None

    def descend(self, start: str, parts: list[str]) -> Module | None:
        """The module that `parts` name from a folder on."""
        first = self.sources.get(f"{start}/__init__.py" if start else "__init__.py")
        module = Module(f"{start}/__init__.py" if start and first is not None else "", start)
        for index, part in enumerate(parts):
            if module.opaque:
                return module
            if index and not module.folder:
                return None
            found = self.step(module.folder, part)
            if found is None:
                return None
            module = found
        return module

    def resolve(self, file: str, imported: Import) -> Verdict:
        """Where an import in `file` leads."""
        place = parent(file) if imported.level or self._is_script(file) else self._owner_folder(file)
        key = (place, imported.level, imported.module, imported.name)
        if key in self._verdicts:
            return self._verdicts[key]
        find = self._relative if imported.level else self._absolute
        verdict = find(file, imported)
        # What was seen from inside a circle of re-exports is not the whole answer.
        if not self._visiting or not self._met_circle:
            self._verdicts[key] = verdict
        if not self._visiting:
            self._met_circle = False
        return verdict

    def leads_somewhere(self, file: str, dotted: str) -> bool:
        """Whether a string such as `a.b.c` or `a.b:c` names a module, or a name in one."""
        parts = re.split("[.:]", dotted)
        for length in range(len(parts), 0, -1):
            modules = [module for module in self._candidates(file, parts[:length]) if module]
            if modules:
                rest = parts[length] if length < len(parts) else ""
                return len(parts) > 1 and any(self._target(m, rest) is not None for m in modules)
        return False

    def _owner_folder(self, file: str) -> str:
        owner = self.owner(file)
        return owner.folder if owner else ""

    def _is_script(self, file: str) -> bool:
        """Whether a file may import its neighbours because its folder is on the path."""
        folder = parent(file)
        loose = self.owner(file) is None or re.search(r"(^|/)(tests?|scripts|examples)(/|$)", folder)
        return bool(loose) and f"{folder}/__init__.py" not in self.sources

    def _relative(self, file: str, imported: Import) -> Verdict:
        anchor = parent(file)
        for _ in range(imported.level - 1):
            if not anchor:
                return Verdict("beyond-top")
            anchor = parent(anchor)
        if not self._is_inside_home(file, anchor):
            return Verdict("beyond-top")
        return self._judge([self.descend(anchor, split(imported.module))], imported)

    def _is_inside_home(self, file: str, anchor: str) -> bool:
        """Whether a folder has a dotted name when `file` is imported as a module."""
        owner = self.owner(file)
        if owner is None:
            return True
        homes = [root for root in owner.roots[:-2] if f"{file}/".startswith(f"{root}/")]
        if f"{owner.folder}/__init__.py" in self.sources or owner.folder not in self.projects:
            homes.append(parent(owner.folder))
        homes = homes or [owner.folder]
        return any(anchor != home and (not home or anchor.startswith(f"{home}/")) for home in homes)

    def _absolute(self, file: str, imported: Import) -> Verdict:
        parts = split(imported.module)
        top = parts[0]
        if top in sys.stdlib_module_names:
            return Verdict("external")
        verdict = self._judge(self._candidates(file, parts), imported)
        if verdict.status == "ok":
            return verdict
        if top in self.legacy:
            return Verdict("legacy")
        known = top in self.names and distribution(top) not in self.declared
        return verdict if known else Verdict("external")

    def _candidates(self, file: str, parts: list[str]) -> list[Module | None]:
        owner = self.owner(file)
        own = list(owner.roots) if owner else []
        if self._is_script(file):
            own.append(parent(file))
        having = self.roots_by_name.get(parts[0], [])
        ordered = [root for root in own if root in having or root == parent(file)]
        ordered += [root for root in having if root not in own]
        found = [self.descend(root, parts) for root in ordered]
        for package in self.packages:
            if parts[0] in package.aliases:
                found.append(self.descend(package.aliases[parts[0]], parts[1:]))
        return found

    def _judge(self, candidates: list[Module | None], imported: Import) -> Verdict:
        """The best that the candidates give; all of those that are fine count."""
        modules = list(dict.fromkeys(module for module in candidates if module))
        if not modules:
            return Verdict("no-module")
        fine = [t for module in modules if (t := self._target(module, imported.name)) is not None]
        return Verdict("ok", tuple(dict.fromkeys(fine))) if fine else Verdict("no-name")

    def _target(self, module: Module, name: str) -> str | None:
        """The file or folder that a name of a module leads to; None when there is no such name."""
        here = module.file or module.folder
        if module.opaque or name in {"", "*"} or (module.file and self._has_name(module.file, name)):
            return here
        if module.folder and (found := self.step(module.folder, name)):
            return found.file or found.folder or here
        return None

    def _has_name(self, file: str, name: str) -> bool:
        """Whether a module has a name that is not itself a dangling import."""
        facts = self.facts[file]
        if name in facts.defined or facts.has_getattr or name in MODULE_ATTRIBUTES:
            return True
        if (file, name) in self._visiting:
            self._met_circle = True
            return False
        self._visiting.add((file, name))
        try:
            return any(self._binds(file, i, name) for i in facts.imports if not i.scope)
        finally:
            self._visiting.remove((file, name))

    def _binds(self, file: str, imported: Import, name: str) -> bool:
        """Whether an import at the top level of a module gives it a name."""
        if imported.name == "*":
            return self._star_gives(file, imported, name)
        return imported.bound == name and not self.resolve(file, imported).is_dangling

    def _star_gives(self, file: str, star: Import, name: str) -> bool:
        verdict = self.resolve(file, star)
        if verdict.status == "external":
            return distribution(star.module.partition(".")[0]) in self.declared
        return any(
            target in self.facts and self._is_public(target, name) and self._has_name(target, name)
            for target in verdict.targets
            if target != file
        )

    def _is_public(self, file: str, name: str) -> bool:
        exported = self.facts[file].exported
        return name in exported if exported is not None else not name.startswith("_")
