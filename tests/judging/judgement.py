"""What must not happen between two trees, and the figures of both.

Each method of `Judgement` gives the entries of one section, sorted by path.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import partial

from judging.compare import Comparison, names_used, parse
from judging.facts import Import
from judging.layout import Domains, ancestors, distribution, glob_pattern, parent
from judging.tree import Tree, Verdict

Place = tuple[str, str, str]


class Judgement:
    """Both trees, and everything that must not have happened between them."""

    def __init__(self, before: Tree, after: Tree) -> None:
        self.before = before
        self.after = after
        self.changed = sorted(
            path for path, source in after.sources.items() if before.sources.get(path) != source
        )

    def compile(self) -> list[str]:
        """Files that compiled before and do not after; new files must compile."""
        found = []
        for path in self.changed:
            known = self.before.facts.get(path)
            error = self.after.facts[path].error
            if error and not (known and known.error):
                found.append(f"{path}: {error}")
            elif error and known and known.parses and not self.after.facts[path].parses:
                found.append(f"{path}: does not even parse any more: {error}")
        return found

    def imports(self) -> list[str]:
        """New imports that resolve to nothing."""
        found = []
        for path, imported in self.new_imports():
            verdict = self.after.resolve(path, imported)
            if verdict.is_dangling or self._is_unheard_of(imported, verdict):
                found.append(f"{path}:{imported.line}: {imported} ({verdict.status})")
        return found

    def _is_unheard_of(self, imported: Import, verdict: Verdict) -> bool:
        """Whether a new import names something outside the tree that nobody declares."""
        top = imported.module.partition(".")[0]
        known = top in sys.stdlib_module_names or distribution(top) in self.after.declared
        return verdict.status == "external" and not known

    def new_imports(self) -> Iterator[tuple[str, Import]]:
        """Every import after that its file did not have before."""
        for path in self.changed:
            known = self.before.facts.get(path)
            left = Counter(imported.key for imported in known.imports) if known else Counter()
            for imported in self.after.facts[path].imports:
                if left[imported.key] > 0:
                    left[imported.key] -= 1
                else:
                    yield path, imported

    def dangling(self) -> list[str]:
        """First-party imports that resolve to nothing only after the migration."""
        left = Counter((path, i.key) for path, i, _ in dangling_imports(self.before))
        found = []
        for path, imported, status in dangling_imports(self.after):
            if left[path, imported.key] > 0:
                left[path, imported.key] -= 1
            else:
                found.append(f"{path}:{imported.line}: {imported} ({status})")
        return found

    def bindings(self) -> list[str]:
        """Files whose imports bind other names, or in another place, than before."""
        found = []
        for path in self.changed:
            if path not in self.before.facts:
                continue
            if self.before.facts[path].parses != self.after.facts[path].parses:
                continue  # `compile` has it, and the scopes of a broken file are unknown
            old, new = (tree.facts[path].imports for tree in (self.before, self.after))
            lost, gained = places(old) - places(new), places(new) - places(old)
            lost, gained = without_explained(lost, gained, old, new, self.before.legacy)
            found += [f"{path}: lost {described(place)}" for place in sorted(lost)]
            found += [f"{path}: gained {described(place)}" for place in sorted(gained)]
        return found

    def code(self) -> list[str]:
        """Files in which something else than imports and legacy dotted names changed."""
        found = []
        for path in self.changed:
            if path not in self.before.facts or not self.before.facts[path].parses:
                continue
            if not self.after.facts[path].parses:
                continue
            bound, bound_before = (
                {imported.bound for imported in tree.facts[path].imports}
                for tree in (self.after, self.before)
            )
            leads = partial(self.after.leads_somewhere, path)
            old, new = (parse(tree.sources[path]) for tree in (self.before, self.after))
            comparison = Comparison(self.before.legacy, bound, leads)
            if (line := comparison.first_difference(old, new)) is not None:
                found.append(f"{path}:{line}: the code differs")
            for name, line in names_used(new, (bound_before - bound) & self.before.legacy):
                found.append(f"{path}:{line}: {name} is used, and no import binds it any more")
        gone = sorted(set(self.before.sources) - set(self.after.sources))
        added = {self.after.sources[path] for path in set(self.after.sources) - set(self.before.sources)}
        moved = {path for path in gone if self.before.sources[path] in added}
        return found + [f"{path}: the file is gone" for path in gone if path not in moved]

    def boundaries(self, domains: Domains) -> list[str]:
        """Forbidden imports that were not there before."""
        left = Counter(violation[:4] for violation in violations(self.before, domains))
        found = []
        for path, source, target, key, line in violations(self.after, domains):
            if left[path, source, target, key] > 0:
                left[path, source, target, key] -= 1
            else:
                found.append(f"{path}:{line}: {source} may not import {target}: {key}")
        return found

    def counts(self, domains: Domains) -> dict[str, dict[str, int]]:
        """The figures of both trees and of the rewrite."""
        new = [imported for _, imported in self.new_imports()]
        rewritten = {
            "changed files": len(self.changed),
            "new names": len(new),
            "new names, relative": sum(imported.level > 0 for imported in new),
            "new names, absolute": sum(imported.level == 0 for imported in new),
        }
        before, after = figures(self.before, domains), figures(self.after, domains)
        return {"before": before, "after": after, "rewritten": rewritten}


def places(imports: Iterable[Import]) -> set[Place]:
    """The names that imports bind, with scope and condition."""
    return {(i.scope, i.guard, i.bound or f"* of {i.module.rpartition('.')[2]}") for i in imports}


def described(place: Place) -> str:
    """A bound name and where it is bound."""
    scope, guard, name = place
    where = f" in {scope.rstrip('.')}" if scope else ""
    return f"{name}{where}{f' under {guard[1:]}' if guard else ''}"


def without_explained(
    lost: set[Place],
    gained: set[Place],
    old: Iterable[Import],
    new: Iterable[Import],
    legacy: frozenset[str],
) -> tuple[set[Place], set[Place]]:
    """Takes out what the rewrite of an `import legacy.x` explains.

    Such a statement binds the legacy root; what replaces it binds another root or an
    alias, at most one name for each statement that went away, in the same place.
    """
    room = Counter((i.scope, i.guard) for i in old if i.is_plain and i.bound in legacy)
    room -= Counter((i.scope, i.guard) for i in new if i.is_plain and i.bound in legacy)
    lost = {place for place in lost if place[2] not in legacy}
    unexplained = set()
    for place in sorted(gained):
        if room[place[:2]] > 0:
            room[place[:2]] -= 1
        else:
            unexplained.add(place)
    return lost, unexplained


def dangling_imports(tree: Tree) -> Iterator[tuple[str, Import, str]]:
    """Every import of a tree that is first-party, or legacy, and resolves to nothing."""
    for path, facts in sorted(tree.facts.items()):
        for imported in facts.imports:
            verdict = tree.resolve(path, imported)
            if verdict.is_dangling:
                yield path, imported, verdict.status


def violations(tree: Tree, domains: Domains) -> Iterator[tuple[str, str, str, str, int]]:
    """Every import that leads to a domain which the importer's domain may not import."""
    globs = [(glob_pattern(g), name) for name, rule in domains.items() for g in rule["members"]]
    cache: dict[str, str | None] = {}

    def domain_of(path: str) -> str | None:
        folder = path if path in tree.folders else parent(path)
        if folder not in cache:
            above = [folder, *ancestors([folder])]
            cache[folder] = next((n for f in above for glob, n in globs if glob.fullmatch(f)), None)
        return cache[folder]

    for path, facts in sorted(tree.facts.items()):
        source = domain_of(path)
        if source is None:
            continue
        allowed = {source, None, *domains[source].get("may_import", [])}
        for imported in facts.imports:
            reached = [domain_of(target) for target in tree.resolve(path, imported).targets]
            if reached and not any(domain in allowed for domain in reached):
                yield path, source, str(reached[0]), str(imported), imported.line


def figures(tree: Tree, domains: Domains) -> dict[str, int]:
    """What one tree holds."""
    legacy = [
        (path, imported, facts.parses)
        for path, facts in tree.facts.items()
        for imported in facts.imports
        if not imported.level and imported.module.partition(".")[0] in tree.legacy
    ]
    dangling = list(dangling_imports(tree))
    by_status = Counter(status for _, _, status in dangling)
    return {
        "files": len(tree.facts),
        "files that do not compile": sum(f.error is not None for f in tree.facts.values()),
        "legacy statements": len({(path, i.statement) for path, i, _ in legacy}),
        "legacy names": len(legacy),
        "legacy files": len({path for path, _, _ in legacy}),
        "legacy statements in files that do not parse": len(
            {(path, i.statement) for path, i, parses in legacy if not parses}
        ),
        "dangling statements": len({(path, i.statement) for path, i, _ in dangling}),
        "dangling names": len(dangling),
        **{f"dangling names, {status}": by_status[status] for status in sorted(by_status)},
        "dangling names, relative": sum(i.level > 0 for _, i, _ in dangling),
        "boundary violations": sum(1 for _ in violations(tree, domains)),
    }
