"""Folders, globs, and what a `pyproject.toml` says about import roots and dependencies.

Values in, values out: the files are read by `tree`.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

Project = dict[str, Any]
Domains = dict[str, dict[str, list[str]]]


@dataclass(frozen=True, slots=True)
class Package:
    """A folder that a member glob matches or that has a `pyproject.toml`."""

    folder: str
    roots: tuple[str, ...]
    aliases: dict[str, str] = field(default_factory=dict, hash=False)


def parent(path: str) -> str:
    """The folder of a relative path; the root is the empty string."""
    return path.rpartition("/")[0]


def split(dotted: str) -> list[str]:
    """The parts of a dotted name; none for an empty one."""
    return dotted.split(".") if dotted else []


def ancestors(paths: Iterable[str]) -> Iterator[str]:
    """Every folder above the paths, without the root."""
    for path in paths:
        while path := parent(path):
            yield path


def glob_pattern(glob: str) -> re.Pattern[str]:
    """A glob over relative paths: `*` within a folder, `**` across folders."""
    parts = re.split(r"(\*\*/|\*\*|\*|\?)", glob.strip("/"))
    meaning = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    return re.compile("".join(meaning.get(part, re.escape(part)) for part in parts))


def distribution(requirement: str) -> str:
    """The name in a requirement, spelt as an import name would be."""
    match = re.match(r"\s*([A-Za-z0-9][\w.-]*)", requirement)
    return re.sub(r"[-_.]+", "_", match[1]).lower() if match else ""


def name_of(project: Project) -> str:
    """The distribution name that a `pyproject.toml` declares."""
    poetry = project.get("tool", {}).get("poetry", {})
    return str(project.get("project", {}).get("name", poetry.get("name", "")))


def declared_in(project: Project) -> Iterator[str]:
    """The distributions that a `pyproject.toml` depends on."""
    table = project.get("project", {})
    groups = [table.get("dependencies", []), *table.get("optional-dependencies", {}).values()]
    groups += project.get("dependency-groups", {}).values()
    for group in groups:
        yield from (distribution(entry) for entry in group if isinstance(entry, str))
    poetry = project.get("tool", {}).get("poetry", {})
    yield from (distribution(name) for name in poetry.get("dependencies", {}))
    for group in poetry.get("group", {}).values():
        yield from (distribution(name) for name in group.get("dependencies", {}))


def configured_roots(project: Project, folder: str) -> tuple[list[str], dict[str, str]]:
    """The import roots that the build configuration names, and renamed packages."""
    tool = project.get("tool", {})
    wheel = tool.get("hatch", {}).get("build", {}).get("targets", {}).get("wheel", {})
    relative = [parent(str(path).strip("/")) for path in wheel.get("packages", [])]
    for entry in tool.get("poetry", {}).get("packages", []):
        relative.append(str(entry.get("from", "")) if isinstance(entry, dict) else "")
    setuptools = tool.get("setuptools", {})
    packages = setuptools.get("packages", {})
    if isinstance(packages, dict):
        relative += packages.get("find", {}).get("where", [])
    folders = setuptools.get("package-dir", {})
    relative += [path for name, path in folders.items() if not name]
    aliases = {name: join(folder, path) for name, path in folders.items() if name and "." not in name}
    module_root = tool.get("uv", {}).get("build-backend", {}).get("module-root")
    relative += [module_root] if isinstance(module_root, str) else []
    return [join(folder, path) for path in relative], aliases


def join(folder: str, path: str) -> str:
    """A path below a folder, without dots."""
    joined = os.path.normpath(f"{folder}/{path}" if folder else path or ".").replace(os.sep, "/")
    return "" if joined == "." else joined
