"""A tree to move things in: packages of the standard library, and pip.

Standard library names are not a tree's own, so each copy gets an `x` in front of
its name, in its files and in every import that names one of them: by the
positions that `ast` gives, so that nothing else of the text changes.
"""

from __future__ import annotations

import ast
import importlib.util
import sys
import sysconfig
import warnings
import zipfile
from pathlib import Path, PurePosixPath

from moving.names import SourceFile

SMALL = ("email", "json", "logging", "xml", "wsgiref", "concurrent", "tomllib", "html", "multiprocessing")
LARGE = (
    *SMALL, "asyncio", "collections", "ctypes", "curses", "dbm", "distutils", "encodings", "http", "idlelib",
    "importlib", "lib2to3", "re", "sqlite3", "test", "tkinter", "unittest", "urllib",
    "venv", "xmlrpc", "zoneinfo",
)  # fmt: skip


def write_corpus(root: Path, names: tuple[str, ...], with_pip: bool) -> None:
    """Writes the packages below `root`, each under its new name."""
    library = Path(sysconfig.get_path("stdlib"))
    there = [name for name in names if (library / name / "__init__.py").is_file()]
    number = 0
    for name in there:
        for path in sorted((library / name).rglob("*.py")):
            relative = PurePosixPath(path.relative_to(library).as_posix())
            source = renamed(path.read_bytes(), relative, set(there))
            if source is not None and "site-packages" not in relative.parts:
                write(root / f"x{relative}", varied(source, number))
                number += 1
    if with_pip:
        write_pip(root)


def write_pip(root: Path) -> None:
    """Writes pip: the installed one, or the one that `ensurepip` carries."""
    spec = importlib.util.find_spec("pip")
    if spec is not None and spec.origin:
        folder = Path(spec.origin).parent
        files = {f"pip/{path.relative_to(folder).as_posix()}": path.read_bytes() for path in folder.rglob("*.py")}
    else:
        wheels = Path(sysconfig.get_path("stdlib"), "ensurepip", "_bundled").glob("pip-*.whl")
        with zipfile.ZipFile(next(wheels)) as wheel:
            files = {name: wheel.read(name) for name in wheel.namelist() if name.startswith("pip/")}
    for name, source in sorted(files.items()):
        if name.endswith(".py"):
            write(root / name, source)


def write(path: Path, source: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(source)


def varied(source: bytes, number: int) -> bytes:
    """Every other file in another dress: the bytes that a move must leave alone."""
    is_plain = b"\r" not in source and not source.startswith(b"\xef\xbb\xbf")
    match number % 10:
        case 1 if is_plain:
            return source.replace(b"\n", b"\r\n")
        case 3 if is_plain and source.isascii():
            return b"\xef\xbb\xbf" + source
        case 5:
            return source.rstrip(b"\r\n")
        case 7 if source.isascii() and not source.startswith(b"#"):
            return b"# -*- coding: latin-1 -*-\n# caf\xe9\n" + source
        case 9 if is_plain:
            return source.replace(b"\n\n\n", b"\n\x0c\n\n")
    return source


def renamed(source: bytes, path: PurePosixPath, names: set[str]) -> bytes | None:
    """A file whose absolute imports name the copies; `None` when it cannot be done by positions."""
    try:
        file = SourceFile(source, ".".join(path.with_suffix("").parts), path.name == "__init__.py")
        places = sorted(places_of_roots(file, names), reverse=True)
    except (SyntaxError, ValueError, RecursionError):
        return None
    lines = source.splitlines(keepends=True)
    for line, column, name in places:
        text = lines[line - 1]
        if not text.startswith(name.encode(), column):
            return None
        lines[line - 1] = text[:column] + b"x" + text[column:]
    changed = b"".join(lines)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            compile(changed, str(path), "exec", dont_inherit=True)
        except (SyntaxError, ValueError):
            return None
    return changed


def places_of_roots(file: SourceFile, names: set[str]) -> set[tuple[int, int, str]]:
    """Where a file names one of the packages: lines from 1, columns in bytes from 0."""
    lines = file.source.splitlines()
    places = set()
    roots = set()
    for node, alias, owner in file.scopes.imports:
        module = node.module if isinstance(node, ast.ImportFrom) and not node.level else alias.name
        root = (module or "").partition(".")[0]
        if root not in names or (isinstance(node, ast.ImportFrom) and node.level):
            continue
        if isinstance(node, ast.Import):
            places.add((alias.lineno, alias.col_offset, root))
            roots |= set() if alias.asname else {(owner, root)}
        else:
            column = lines[node.lineno - 1].index(root.encode(), node.col_offset + 4)
            places.add((node.lineno, column, root))
    for name, owner in file.scopes.owners.items():
        if (owner, name.id) in roots:
            places.add((name.lineno, name.col_offset, name.id))
    return places


if sys.version_info < (3, 11):
    sys.exit("Python 3.11 or later is needed")
