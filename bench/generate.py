"""Writes a Python monorepo to measure on: the same arguments, the same bytes.

Packages in domains, each with four layers; about 6 KB a file; a fifth of the
files import from `monorepo`, a root that does not exist. Most of these imports
have one target, some lie in a domain that the importer may not use, some are
defined nowhere. A `repot.toml` is written beside them. Standard library only.
"""

from __future__ import annotations

import argparse
import random
import textwrap
from dataclasses import dataclass, field
from pathlib import Path

DOMAINS = {
    "shared": (),
    "data": ("shared",),
    "ai": ("shared", "data"),
    "commerce": ("shared",),
    "platform": ("shared", "data"),
}
LAYERS = ("domain", "application", "infrastructure", "presentation")
NOUNS = """account alert article asset basket batch bill branch budget carrier catalog channel claim client
contract coupon credit cursor customer dataset delivery deposit device document draft event export feature feed
forecast gateway grant history image index invoice item journal label lead ledger license listing location
lookup margin market merchant message metric model notice offer order outlet parcel partner payment period
policy price product profile promotion quota quote ranking rating receipt record refund region report request
reserve retailer review reward route rule sample schedule segment session shipment signal stock store supplier
survey tariff task tax template tenant ticket token trade transfer trend vendor voucher warehouse window""".split()
VERBS = "apply build check close count fetch find join load match merge open pick rank read save sort split".split()
STDLIB = ("import json", "import logging", "import re", "from collections import defaultdict",
          "from collections.abc import Iterable", "from dataclasses import dataclass", "from datetime import datetime",
          "from decimal import Decimal", "from pathlib import Path", "from typing import Any")
LEGACY_SHARE = 0.2


@dataclass
class Module:
    """A module and the class that it defines."""

    domain: str
    package: str
    layer: str
    name: str
    path: Path = field(init=False)

    def __post_init__(self) -> None:
        self.path = Path("src/packages", self.domain, self.package, "src", self.package, self.layer, f"{self.name}.py")

    @property
    def dotted(self) -> str:
        return f"{self.package}.{self.layer}.{self.name}"

    @property
    def class_name(self) -> str:
        return "".join(word.capitalize() for word in self.name.split("_"))


def plan_modules(files: int, packages: int, rng: random.Random) -> list[Module]:
    """The modules of a tree with `files` Python files, `__init__.py` counted."""
    names = [f"{domain}_{noun}" for domain in DOMAINS for noun in NOUNS]
    chosen = [(name.split("_")[0], name) for name in rng.sample(names, packages)]
    inits = packages * (len(LAYERS) + 1)
    modules: dict[str, Module] = {}
    while len(modules) < files - inits:
        domain, package = chosen[len(modules) % packages]
        layer = rng.choice(LAYERS)
        module = Module(domain, package, layer, f"{rng.choice(NOUNS)}_{rng.choice(NOUNS)}_{len(modules) // packages}")
        modules.setdefault(module.dotted, module)
    return list(modules.values())


def legacy_imports(module: Module, modules: list[Module], by_package: dict[str, list[Module]],
                   by_domain: dict[str, list[Module]], rng: random.Random) -> tuple[list[str], list[str]]:
    """Statements that import from the legacy root, and lines that use them."""
    statements, uses = [], []
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        kind = rng.random()
        if kind < 0.45:
            target = rng.choice(by_package[module.package])
        elif kind < 0.8:
            target = rng.choice(by_domain[rng.choice((module.domain, *DOMAINS[module.domain]))])
        else:
            target = rng.choice(modules)
        if target is module:
            continue
        if kind > 0.95:
            statements.append(f"from monorepo.lost.{rng.choice(NOUNS)} import Lost{rng.choice(NOUNS).capitalize()}")
        elif kind > 0.9:
            statements.append(f"import monorepo.{target.dotted}")
            uses.append(f"CHECKED = monorepo.{target.dotted}.{target.class_name}.NAME")
        elif kind > 0.85:
            statements.append(f"from monorepo.{target.dotted} import (\n    DEFAULT_LIMIT,  # as configured\n"
                              f"    {target.class_name},\n)")
        else:
            statements.append(f"from monorepo.{target.dotted} import {target.class_name}")
    return statements, uses


def method(rng: random.Random) -> str:
    """A method of a dozen lines that looks like many others."""
    verb, noun, other = rng.choice(VERBS), rng.choice(NOUNS), rng.choice(NOUNS)
    return textwrap.indent(textwrap.dedent(f'''\
        def {verb}_{noun}_{rng.randrange(1000)}(self, {noun}: str, limit: int = {rng.randrange(2, 500)}) -> list[str]:
            """{verb.capitalize()} the {other} of a {noun}; at most `limit` of them, the newest first."""
            found: list[str] = []
            for number, entry in enumerate(self.entries.get({noun}, [])):
                if number >= limit:
                    break
                if entry.startswith("{other}-") and entry not in found:
                    found.append(entry.removeprefix("{other}-").strip())
            if not found:
                raise LookupError(f"no {other} for {{{noun}}}, looked at {{len(self.entries)}} entries")
            return sorted(found, reverse=True)
    '''), "    ")


def source(module: Module, context: tuple, rng: random.Random) -> str:
    """The text of one module, 1 to 20 KB and 6 on average."""
    modules, by_package, by_domain = context
    imports = sorted(rng.sample(STDLIB, rng.randrange(2, 6)))
    siblings = [other for other in rng.sample(by_package[module.package], 2) if other is not module]
    own = [f"from {other.dotted} import {other.class_name}" for other in siblings]
    is_legacy = rng.random() < LEGACY_SHARE
    legacy, uses = legacy_imports(module, modules, by_package, by_domain, rng) if is_legacy else ([], [])
    head = f'"""The {module.name.replace("_", " ")} of {module.package}, as its {module.layer} layer sees it."""'
    parts = ["\n".join([head, "", "from __future__ import annotations", "", *imports, "", *own, *legacy]), ""]
    parts.append("\n".join([f"DEFAULT_LIMIT = {rng.randrange(2, 500)}", *uses, "", ""]))
    parts.append(f'class {module.class_name}:\n    """Holds the entries by name."""\n\n    NAME = "{module.name}"\n\n'
                 "    def __init__(self, entries: dict[str, list[str]]) -> None:\n        self.entries = entries\n")
    size = min(20_000, max(1_000, int(rng.lognormvariate(8.47, 0.65))))
    while sum(map(len, parts)) < size:
        parts.append(method(rng))
    return "\n".join(parts)


def write(root: Path, path: Path | str, text: str) -> None:
    """Writes one file; line ends are the same on every system."""
    place = root / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(text.encode())


def roadmap() -> str:
    """The tree's `repot.toml`."""
    lines = ["[workspace]", 'members = ["src/packages/*/*"]', 'legacy-roots = ["monorepo"]']
    for domain, imports in DOMAINS.items():
        listed = ", ".join(f'"{name}"' for name in imports)
        lines += ["", f"[domains.{domain}]", f'members = ["src/packages/{domain}/*"]', f"may-import = [{listed}]"]
    lines += ["", "[[phase]]", 'name = "imports"', "", "[[phase.step]]", 'codemod = "retarget-imports"', "",
              "[[phase.gate]]", 'metric = "legacy-imports"', "at-most = 0", ""]
    return "\n".join(lines)


def generate(root: Path, files: int, packages: int, seed: int) -> None:
    """Writes the tree below `root`."""
    rng = random.Random(seed)
    modules = plan_modules(files, packages, rng)
    by_package: dict[str, list[Module]] = {}
    by_domain: dict[str, list[Module]] = {}
    for module in modules:
        by_package.setdefault(module.package, []).append(module)
        by_domain.setdefault(module.domain, []).append(module)
    for module in modules:
        write(root, module.path, source(module, (modules, by_package, by_domain), rng))
    for package, members in sorted(by_package.items()):
        folder = members[0].path.parents[3]
        write(root, folder / "pyproject.toml", f'[project]\nname = "{package.replace("_", "-")}"\nversion = "1.0.0"\n'
              '\n[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n')
        write(root, folder / "src" / package / "__init__.py", f'"""The package {package}."""\n')
        for layer in LAYERS:
            write(root, folder / "src" / package / layer / "__init__.py", "")
    write(root, ".gitignore", "__pycache__/\n.venv/\n")
    write(root, "repot.toml", roadmap())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("root", type=Path, help="a folder that does not exist yet")
    parser.add_argument("--files", type=int, default=5_000, help="Python files (default: 5000)")
    parser.add_argument("--packages", type=int, default=50, help="packages (default: 50)")
    parser.add_argument("--seed", type=int, default=1, help="another seed, another tree (default: 1)")
    options = parser.parse_args()
    if options.root.exists():
        parser.error(f"{options.root} exists already")
    if options.files < options.packages * (len(LAYERS) + 4):
        parser.error("too few files for so many packages")
    generate(options.root, options.files, options.packages, options.seed)


if __name__ == "__main__":
    main()
