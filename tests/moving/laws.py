"""Moves things in a tree with `repot move`, and says which laws do not hold.

For every file: the syntax tree is the one that the oracle expects, the file
compiles, and nothing is left behind. For the tree: undo gives the same bytes,
and so does the move back; two moves that have nothing to do with each other
commute.
"""

from __future__ import annotations

import shutil
import subprocess
import warnings
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from moving.names import Modules, Renames, SourceFile
from moving.oracle import Resolution, Verdict, targets


@dataclass(frozen=True)
class Move:
    """One move of a module, and what it is an example of."""

    kind: str
    old: str
    new: str

    @property
    def renames(self) -> Renames:
        return Renames({self.old: self.new}, {})

    def __str__(self) -> str:
        return f"{self.old} -> {self.new}"


@dataclass
class Outcome:
    """What came of one move."""

    move: Move
    judged: int = 0
    changed: int = 0
    # Files that were damaged to see whether the oracle notices.
    doubted: int = 0
    complaints: list[str] = field(default_factory=list)


class Bench:
    """A tree on which moves are made one after the other, each taken back."""

    def __init__(self, root: Path, repot: Path) -> None:
        self.root = root
        self.repot = repot
        self.before = Modules(root)
        self.bytes = bytes_below(root)
        self.mentions = {path: mentioned(file, self.before) for path, file in self.before.files.items()}

    def run(self, *words: str) -> str | None:
        """Runs one command; what it says when it fails."""
        command = [str(self.repot), *words, "--yes", "-C", str(self.root)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode == 0:
            return None
        said = done.stderr.strip()[-400:] + failures(done.stdout)
        return f"`{' '.join(words)}` exits {done.returncode}: {said}"

    def judge(self, move: Move, deep: bool) -> Outcome:
        """Makes one move, has every file judged, and takes it back."""
        outcome = Outcome(move)
        if (problem := self.run("move", move.old, move.new)) is not None:
            outcome.complaints.append(problem)
            self.restore()
            return outcome
        after = Modules(self.root, self.before)
        outcome.complaints += [f"{path} does not compile: {why}" for path, why in after.broken.items()]
        for complaint in self.compared(move, after, outcome):
            outcome.complaints.append(complaint)
        if deep:
            outcome.complaints += self.there_and_back(move)
        outcome.complaints += self.taken_back()
        return outcome

    def compared(self, move: Move, after: Modules, outcome: Outcome) -> Iterator[str]:
        """What is wrong with single files."""
        places = {}
        for path, file in self.before.files.items():
            places[path] = new_place(path, file.module, move.renames)
        for path, place in places.items():
            old, new = self.before.files[path], after.files.get(place)
            outcome.judged += 1
            if new is None:
                if place not in after.broken:
                    yield f"{path} is not at {place}"
            elif new is not old or is_affected(self.mentions[path], move.renames):
                outcome.changed += new.source != old.source
                verdict = Verdict(old, new, (self.before, after), move.renames)
                yield from (f"{path}: {complaint}" for complaint in verdict.complaints())
                if not outcome.doubted and (damaged := put_back(old, new)):
                    outcome.doubted += 1
                    if not any(Verdict(old, damaged, (self.before, after), move.renames).complaints()):
                        yield f"{path}: the oracle does not see that an import is as it was"
                yield from (f"{path}: {complaint}" for complaint in dress(old.source, new.source))
        for path in after.files.keys() - set(places.values()):
            if path.name != "__init__.py" or after.files[path].tree.body:
                yield f"{path} was made of nothing"

    def there_and_back(self, move: Move) -> list[str]:
        """Whether moving back gives the same bytes."""
        if (problem := self.run("move", move.new, move.old)) is not None:
            return [problem]
        different = differing(self.bytes, bytes_below(self.root))
        problems = [f"there and back: {path} differs" for path in different]
        if (problem := self.run("undo")) is not None:
            problems.append(problem)
        return problems

    def commute(self, one: Move, other: Move) -> Outcome:
        """Whether the order of two moves is of no consequence."""
        outcome = Outcome(Move("commute", f"{one}", f"{other}"))
        results = []
        for moves in ((one, other), (other, one)):
            problems = [self.run("move", move.old, move.new) for move in moves]
            outcome.complaints += filter(None, problems)
            results.append(bytes_below(self.root))
            for problem in problems:
                if problem is None and (failed := self.run("undo")) is not None:
                    outcome.complaints.append(failed)
            self.restore()
        outcome.complaints += [f"the order matters: {path}" for path in differing(*results)]
        return outcome

    def taken_back(self) -> list[str]:
        """Undoes the move and says what is not as it was."""
        if (problem := self.run("undo")) is not None:
            self.restore()
            return [problem]
        left = [f"undo: {path} differs" for path in differing(self.bytes, bytes_below(self.root))]
        if left:
            self.restore()
        return left

    def restore(self) -> None:
        """Writes the tree anew."""
        now = bytes_below(self.root)
        for path in now.keys() - self.bytes.keys():
            (self.root / path).unlink()
        for path, content in self.bytes.items():
            if now.get(path) != content:
                (self.root / path).parent.mkdir(parents=True, exist_ok=True)
                (self.root / path).write_bytes(content)
        shutil.rmtree(self.root / ".repot", ignore_errors=True)


def failures(text: str) -> str:
    """What a plan that fails its verification says of it."""
    lines = text.splitlines()
    marks = [number for number, line in enumerate(lines) if "✗" in line]
    return "".join(f"\n    {line.strip()}" for number in marks for line in lines[number : number + 4])


def mentioned(file: SourceFile, modules: Modules) -> set[str]:
    """The modules that a file names in import statements, and those that the names it binds stand for."""
    loaded = {target for node in file.statements for target in targets(file, modules, node)}
    return {target.module for target in loaded.union(*Resolution(file, modules).bindings.values())}


def is_affected(mentions: set[str], renames: Renames) -> bool:
    """Whether a file may have to change: it names what moves, what lies below it, or a package above it."""
    return any(
        f"{one}.".startswith(f"{old}.") or f"{old}.".startswith(f"{one}.")
        for one in mentions
        for old in renames.modules
    )


def put_back(old: SourceFile, new: SourceFile) -> SourceFile | None:
    """A file after a move with the first import that was rewritten as it was before."""
    before, after = old.source.splitlines(keepends=True), new.source.splitlines(keepends=True)
    if len(before) != len(after):
        return None
    for node in old.statements:
        at = node.lineno - 1
        if before[at] != after[at]:
            after[at] = before[at]
            try:
                return SourceFile(b"".join(after), new.module, new.is_package)
            except (SyntaxError, ValueError):
                return None
    return None


def new_place(path: PurePosixPath, module: str, renames: Renames) -> PurePosixPath:
    """Where a file lies after a move."""
    new = PurePosixPath(*renames.module(module).split("."))
    if renames.module(module) == module:
        return path
    return new / "__init__.py" if path.name == "__init__.py" else new.with_suffix(".py")


def dress(before: bytes, after: bytes) -> Iterator[str]:
    """What a move must leave alone, whatever it writes."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            compile(after, "<moved>", "exec", dont_inherit=True)
        except (SyntaxError, ValueError) as error:
            yield f"does not compile: {error}"
    if before.startswith(b"\xef\xbb\xbf") != after.startswith(b"\xef\xbb\xbf"):
        yield "the byte order mark is gone or new"
    if b"\r\n" in before and b"\n" not in before.replace(b"\r\n", b"") and b"\n" in after.replace(b"\r\n", b""):
        yield "a line ends in another way than all others"
    if b"\r" not in before and b"\r" in after:
        yield "a line ends in a carriage return"
    if before.endswith(b"\n") != after.endswith(b"\n"):
        yield "the end of the file is another"
    if before.count(b"\x0c") != after.count(b"\x0c"):
        yield "a form feed is gone or new"


def bytes_below(root: Path) -> dict[str, bytes]:
    """Every file, but those that Python and Repot make for themselves."""
    files = {}
    for path in root.rglob("*"):
        relative = path.relative_to(root)
        if path.is_file() and not {".repot", "__pycache__"} & set(relative.parts):
            files[relative.as_posix()] = path.read_bytes()
    return files


def differing(one: dict[str, bytes], other: dict[str, bytes]) -> list[str]:
    """The paths that are not the same in both."""
    return sorted(path for path in one.keys() | other.keys() if one.get(path) != other.get(path))


def moves_in(modules: Modules) -> list[Move]:
    """Moves to make: the same tree, the same moves. What much is imported comes first."""
    counts: Counter[str] = Counter()
    for file in modules.files.values():
        for node in file.statements:
            for target in targets(file, modules, node):
                counts[target.module] += 1
    found = []
    for top in sorted(name for name in modules.folders if "." not in name):
        inside = sorted(name for name in modules.by_name if name.startswith(f"{top}."))
        inside = [name for name in inside if not name.endswith("__main__")]
        ordered = sorted(inside, key=lambda name: (-counts[name], name))
        found += moves_of(top, ordered, modules)
    return found


def moves_of(top: str, ordered: list[str], modules: Modules) -> Iterator[Move]:
    """The moves in one top-level package; `ordered` are the modules in it."""
    plain = [name for name in ordered if name not in modules.folders]
    nested = [name for name in plain if name.count(".") > 1]
    packages = [name for name in ordered if name in modules.folders]
    if plain:
        yield Move("rename a module", plain[0], f"{plain[0]}_moved")
        first, second = plain[min(1, len(plain) - 1)], plain[min(2, len(plain) - 1)]
        last = first.rpartition(".")[2]
        yield Move("move a module deeper", first, f"{top}.inner.deep.{last}")
        yield Move("move it to another root", second, f"fresh_{top}.{second.rpartition('.')[2]}")
        yield Move("make a module a package", first, f"{first}.{last}")
        yield Move("move a module to the top", plain[-1], f"fresh_{plain[-1].rpartition('.')[2]}")
    if nested:
        yield Move("move a module up", nested[0], f"{top}.up_{nested[0].rpartition('.')[2]}")
    if packages:
        yield Move("rename a package", packages[0], f"{packages[0]}_moved")
        yield Move("move a package deeper", packages[-1], f"{top}.inner.{packages[-1].rpartition('.')[2]}")
    yield Move("rename the root", top, f"{top}er")
    yield Move("the new name begins with the old", top, f"{top}.core_part")
