"""The trees that pages are made of, and what `repot` says of each."""

from __future__ import annotations

import json
import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import generate

DEMO = Path(__file__).resolve().parents[2] / "demo"
ORDERS = "src/packages/commerce/orders/orders"
IMPORT = "from monorepo.orders.cart import Cart\n"
# A name that is markup, and a folder that ends a script.
NAMES = ("<img src=x onerror=alert(1)>.py", "<", "a\"b'&amp;.py", "{{plan}}.py", "line\nbreak.py", "\u202ekcab.py")
SCRIPT = "</script><script>alert(1)</script>"
CONTENT = (f'{IMPORT}TEXT = "{SCRIPT}<!--<script>"\n# <img src=x onerror=alert(1)> \u2028 \u202e back \x0c end\n').encode()


# A second phase of two steps: a package and a symbol move, and references of several classes follow.
PHASE = """
[[phase]]
name = "names"
title = "One name for payments"

[[phase.step]]
codemod = "move-code"
moves = ["harbour_pay -> payments"]
only = ["imports", "strings", "config", "docs", "prose"]

[[phase.step]]
codemod = "move-code"
moves = ["kernel.money -> kernel.amounts"]
only = ["imports", "strings", "config", "docs", "prose"]
"""


@dataclass
class Page:
    """A page and the plan that it shows, as JSON."""

    name: str
    file: Path
    plan: dict[str, Any]


def pages(repot: Path, folder: Path, files: int) -> dict[str, Page]:
    """The pages of all trees, made below `folder`."""
    demo, hostile, phases, large = (folder / name for name in ("demo", "hostile", "phases", "large"))
    for tree in (demo, hostile, phases):
        shutil.copytree(DEMO, tree)
    write_hostile(hostile)
    (phases / "docs").mkdir(exist_ok=True)
    (phases / "docs/payments.md").write_text("See `harbour_pay.gateway`.\n")
    (phases / ORDERS / "names.py").write_text('GATEWAY = "harbour_pay.gateway"  # see harbour_pay.gateway\n')
    for tree in (demo, hostile, phases):
        run(repot, tree, "init", "--quiet", "--legacy-root", "monorepo", "--legacy-root", "legacy_shop")
    with (phases / "repot.toml").open("a") as roadmap:
        roadmap.write(PHASE)
    # Some files import only what is defined nowhere, and do not change.
    generate.LEGACY_SHARE = 1.0
    generate.generate(large, files * 6 // 5 + 300, 50, 1)
    made = {tree.name: page(repot, tree) for tree in (demo, hostile, phases, large)}
    return made | {"failed": failed(made["demo"])}


def failed(page: Page) -> Page:
    """The same page, had a check and a command found something: no tree is needed for that."""
    head, mark, rest = page.file.read_text().partition('<script type="application/json" id="plan">')
    shown, end, tail = rest.partition("</script>")
    plan = json.loads(shown)
    phase = plan["phases"][0]
    plan["verified"] = phase["verified"] = False
    phase["checks"][0] |= {"passed": False, "failed": 2, "failures": [["src/a.py", 3, "`x` <b>is</b> bad"], [None, None, "y"]]}
    before = {"status": 0, "milliseconds": 1234, "output": "1 passed"}
    after = {"status": 1, "milliseconds": 2345, "output": "1 passed, 1 failed <script>alert(1)"}
    phase["trials"] = [{"command": "pytest -q", "passed": False, "before": before, "after": after, "broken": ["tests/test_a.py::test_one"]}]
    file = page.file.with_name("failed.html")
    file.write_text(head + mark + json.dumps(plan).replace("<", "\\u003c") + end + tail)
    return Page("failed", file, page.plan)


def write_hostile(tree: Path) -> None:
    """Adds files whose names and contents try to be more than text."""
    for name in NAMES:
        path = tree / ORDERS / name
        path = path / "script><script>alert(1)<" / "script>.py" if name == "<" else path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(CONTENT)
    (tree / ORDERS / "bytes.py").write_bytes(b"# \xff\xfe\x00\n".replace(b"\x00", b"\x01") + IMPORT.encode())


def page(repot: Path, tree: Path) -> Page:
    """The page of a tree, and its plan."""
    file = tree.parent / f"{tree.name}.html"
    start = time.monotonic()
    plan = json.loads(run(repot, tree, "plan", "--quiet", "--output-format", "json", "--html", str(file)))
    taken = time.monotonic() - start
    changed = sum(phase["summary"]["files"] for phase in plan["phases"])
    print(f"-- {tree.name}: {changed} files, {file.stat().st_size / 1e6:.1f} MB, "
          f"planned and shown in {taken:.1f} s", flush=True)
    return Page(tree.name, file, plan)


def run(repot: Path, tree: Path, *arguments: str) -> bytes:
    """What a command prints; it must end well."""
    done = subprocess.run([repot, "-C", tree, *arguments], capture_output=True, check=False)
    if done.returncode:
        raise SystemExit(f"repot {' '.join(arguments)} exits {done.returncode}: {done.stderr.decode()}")
    return done.stdout
