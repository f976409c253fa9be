"""What the files of a tree import and which strings they hold, to compare two trees.

Knows nothing of moves.
"""

from __future__ import annotations

import ast
import warnings
from collections import Counter
from pathlib import Path, PurePosixPath

Edge = tuple[str, str, str]


def read(root: Path) -> tuple[Counter[Edge], Counter[Edge], dict[str, list[str]]]:
    """Of all files below `root`: the imports and the strings of Python files, and the lines of the others."""
    imports: Counter[Edge] = Counter()
    strings: Counter[Edge] = Counter()
    lines: dict[str, list[str]] = {}
    for path in sorted(root.rglob("*")):
        relative = PurePosixPath(path.relative_to(root).as_posix())
        if not path.is_file() or {".git", ".repot", "__pycache__"} & set(relative.parts):
            continue
        text = path.read_bytes()
        tree = parsed(text) if relative.suffix == ".py" else None
        if tree is None:
            lines[str(relative)] = text.decode("utf-8", "replace").splitlines()
        else:
            imports.update(imports_of(tree, relative))
            strings.update(strings_of(tree, relative))
    return imports, strings, lines


def parsed(source: bytes) -> ast.Module | None:
    """The syntax tree, if there is one."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return ast.parse(source)
        except (SyntaxError, ValueError):
            return None


def imports_of(tree: ast.Module, path: PurePosixPath) -> list[Edge]:
    """The file, the module in full, and the name that is imported from it, if one is."""
    package = path.parent.parts
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [(str(path), alias.name, "") for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            module = ".".join([*base, *([node.module] if node.module else [])])
            found += [(str(path), module, alias.name) for alias in node.names]
    return found


def strings_of(tree: ast.Module, path: PurePosixPath) -> list[Edge]:
    """The file, what kind of string it is, and the string."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            is_dotted = all(part.isidentifier() for part in node.value.replace(":", ".").split("."))
            found.append((str(path), "dotted" if is_dotted and "." in node.value else "prose", node.value))
    return found
