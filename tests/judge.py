"""Judges a migration from outside: the tree before, the tree after, and CPython.

Nothing here is shared with Repot: files are read by `ast` and `compile`, and
imports are looked up in the file system. The judge does not know what a good
migration looks like; it knows what must not happen:

  compile     a file that compiled before does not compile after
  imports     an import statement that was not there before resolves to nothing
  dangling    a first-party import resolves to nothing that did not before
  bindings    a file lost or gained a name that its imports bind
  code        something else than imports and legacy dotted names changed
  boundaries  a package imports a domain that it may not (with --domains)

The exit status is 1 when one of these has entries, 2 for wrong arguments, else 0.
What is not judged: whether the new target is the right one of several that exist,
and undefined names (`ruff check --select F821,F811` does that).
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from judging.facts import Facts, read_facts
from judging.judgement import Judgement
from judging.tree import Settings, Tree

SECTIONS = ("compile", "imports", "dangling", "bindings", "code", "boundaries")


def read_trees(options: argparse.Namespace) -> tuple[Tree, Tree]:
    """Reads both trees; equal bytes are analysed once."""
    settings = Settings(
        legacy_roots=options.legacy_root or ["monorepo"],
        members=options.members or ["src/packages/*/*"],
        exclude=options.exclude,
        roots=options.root,
    )
    trees = Tree(options.before, settings), Tree(options.after, settings)
    digests = [
        {path: hashlib.blake2b(source).digest() for path, source in tree.sources.items()} for tree in trees
    ]
    unique = {
        digest: tree.sources[path]
        for tree, known in zip(trees, digests, strict=True)
        for path, digest in known.items()
    }
    facts = dict(zip(unique, analysed(list(unique.values())), strict=True))
    for tree, known in zip(trees, digests, strict=True):
        tree.facts = {path: facts[digest] for path, digest in known.items()}
    return trees


def analysed(sources: list[bytes]) -> list[Facts]:
    """The facts of many files, on all cores when it pays."""
    if len(sources) < 200:
        return [read_facts(source) for source in sources]
    with ProcessPoolExecutor() as pool:
        return list(pool.map(read_facts, sources, chunksize=32))


def arguments() -> argparse.ArgumentParser:
    """The command line, read from the module's documentation."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("before", type=Path, help="the tree before the migration")
    parser.add_argument("after", type=Path, help="the tree after the migration")
    for option, name, text in (
        ("--legacy-root", "NAME", "top-level names that must disappear (default: monorepo)"),
        ("--members", "GLOB", "package folders (default: src/packages/*/*)"),
        ("--exclude", "GLOB", "files neither judged nor targets, such as 'src/archive/**'"),
        ("--root", "FOLDER", "further folders from which absolute imports may start"),
    ):
        parser.add_argument(option, nargs="+", action="extend", default=[], metavar=name, help=text)
    parser.add_argument(
        "--domains",
        type=Path,
        metavar="FILE",
        help='JSON: {"ai": {"members": ["src/packages/ai/*"], "may_import": ["shared"]}}',
    )
    parser.add_argument(
        "--limit",
        type=int,
        default=20,
        metavar="N",
        help="entries shown of each section (default: 20; JSON has all)",
    )
    parser.add_argument("--json", action="store_true", help="print the whole judgement as JSON")
    return parser


def judged(options: argparse.Namespace) -> tuple[dict[str, list[str]], dict[str, dict[str, int]]]:
    """The entries of every section, and the counts."""
    domains = json.loads(options.domains.read_text("utf-8")) if options.domains else {}
    judgement = Judgement(*read_trees(options))
    entries = {name: getattr(judgement, name)() for name in SECTIONS[:-1]}
    entries["boundaries"] = judgement.boundaries(domains)
    return entries, judgement.counts(domains)


def print_text(entries: dict[str, list[str]], counts: dict[str, dict[str, int]], limit: int) -> None:
    """The judgement for people."""
    labels = dict.fromkeys([*counts["before"], *counts["after"]])
    print(f"{'':46}{'before':>10}{'after':>10}")
    for label in labels:
        print(f"{label:46}{counts['before'].get(label, 0):10}{counts['after'].get(label, 0):10}")
    for label, count in counts["rewritten"].items():
        print(f"{label:46}{'':10}{count:10}")
    for name, found in entries.items():
        print(f"\n{name}: {len(found) or 'nothing'}")
        for entry in found[:limit]:
            print(f"  {entry}")
        if len(found) > limit:
            print(f"  ... and {len(found) - limit} more")


def main() -> int:
    """Reads the arguments, judges, prints."""
    parser = arguments()
    options = parser.parse_args()
    for folder in (options.before, options.after):
        if not folder.is_dir():
            parser.error(f"{folder} is not a folder")
    sys.setrecursionlimit(20_000)
    entries, counts = judged(options)
    if options.json:
        print(json.dumps({"entries": entries, "counts": counts}, indent=2))
    else:
        print_text(entries, counts, options.limit)
    return 1 if any(entries.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
