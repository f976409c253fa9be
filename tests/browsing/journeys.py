"""What a reader does with a page, and what must come of it."""

from __future__ import annotations

import json
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from browsing.chromium import Browser, BrowserError
from browsing.contrast import poor
from browsing.trees import Page

Journey = Callable[[Browser, Page], None]
TOP = "document.getElementById('main').scrollTop"
SHOWN = "[...document.querySelectorAll('#view-changes > .file')]"
CURRENT = "document.querySelector('.hunk.current')"
CONTROL, SLOW = 2, 5.0


def check(holds: object, what: str) -> None:
    """Fails unless something holds."""
    if not holds:
        raise AssertionError(what)


def same(found: object, expected: object, what: str) -> None:
    """Fails unless two values are equal."""
    check(found == expected, f"{what}: {found!r}, not {expected!r}")


def numbers(browser: Browser, selector: str) -> list[int]:
    """The numbers in elements, without their separators."""
    texts = browser.run(f"[...document.querySelectorAll({json.dumps(selector)})].map(node => node.textContent)")
    return [int(text.replace(",", "")) for text in texts]


def figure(phase: dict[str, Any], key: str) -> int:
    """A figure of a phase's summary."""
    value = phase["summary"][key]
    return sum(value.values()) if isinstance(value, dict) else value


def total(page: Page, key: str) -> int:
    """A figure of the summary, over all phases."""
    return sum(figure(phase, key) for phase in page.plan["phases"])


def summary(browser: Browser, page: Page) -> None:
    """The first view says what the JSON says."""
    keys = ("files", "rewritten", "to_review", "awaiting", "offered", "skipped")
    expected = [figure(phase, key) for phase in page.plan["phases"] for key in keys]
    same(numbers(browser, ".tile b"), expected, "the figures of the summary")
    same(browser.run("document.getElementById('verdict').textContent"), "Verified", "the verdict")
    decisions = sum(len(phase["decisions"]) for phase in page.plan["phases"])
    checks = sum(len(phase["checks"]) for phase in page.plan["phases"])
    same(numbers(browser, "#views .count"), [total(page, "files"), decisions, checks], "the figures of the views")
    same(browser.run("document.querySelectorAll('.box .checks li').length"), checks, "the checks")


def changes(browser: Browser, page: Page) -> None:
    """Every changed file is there, with its diff as `git diff` has it."""
    browser.press("2")
    files = {file["new_path"]: file for phase in page.plan["phases"] for step in phase["steps"] for file in step["files"]}
    same(browser.run(f"{SHOWN}.length"), len(files), "the files of the list")
    first = browser.run(f"(() => {{ const node = {SHOWN}[0]; return [node.querySelector('.file-name').textContent,"
                        " [...node.querySelectorAll('.diff tr')].map(row => row.querySelector('.code').textContent)]; })()")
    diff = files[first[0]]["diff"].split("\n")
    lines = [line[1:] for line in diff[diff.index(next(line for line in diff if line.startswith("@@"))):]
             if line[:1] in " -+" and line]
    same(first[1], lines, "the lines of the first file")
    color = "getComputedStyle(document.querySelector('{0}')).color"
    check(browser.run(color.format("td.code .k")) != browser.run(color.format("td.code")), "code has no colours")
    check(browser.run("document.querySelector('.code.old .x')?.textContent"), "no change within a line is marked")
    evidence = browser.run(f"{SHOWN}[0].querySelectorAll('.hunk > .evidence .ev').length")
    check(evidence, "no evidence stands beside the first hunk")
    beside = browser.run("(() => { const hunk = document.querySelector('.hunk:has(.evidence)'); return hunk.querySelector("
                         "'.diff').getBoundingClientRect().right <= hunk.querySelector('.evidence').getBoundingClientRect().left + 1; })()")
    check(beside, "the evidence is not beside the diff")


def keyboard(browser: Browser, page: Page) -> None:
    """Hunks and files are gone through by key, and the address follows."""
    browser.press("2")
    browser.press("j")
    first = browser.run(f"{CURRENT}.id")
    browser.press("j")
    check(browser.run(f"{CURRENT}.id") != first, "`j` stays")
    browser.press("k")
    same(browser.run(f"{CURRENT}.id"), first, "`k` goes back")
    browser.press("n")
    browser.press("n")
    third = browser.run(f"[...{SHOWN}].indexOf({CURRENT}.closest('.file'))")
    same(third, 2, "`n` goes to the next file")
    top = browser.run(f"{CURRENT}.getBoundingClientRect().top - document.getElementById('main').getBoundingClientRect().top")
    check(0 <= top < 120, f"the hunk is not at the top but at {top}")
    address = browser.run("location.hash")
    check("file=" in address, f"the address does not say where: {address}")
    browser.press("p")
    check(browser.run("location.hash") != address, "`p` stays")
    browser.open(page.file, address)
    same(browser.run(f"[...{SHOWN}].indexOf({CURRENT}?.closest('.file'))"), 2, "a link leads elsewhere")
    browser.press("?")
    check(browser.run("document.getElementById('help').open"), "`?` shows no keys")
    browser.press("Escape")
    check(not browser.run("document.getElementById('help').open"), "Escape leaves the keys open")
    browser.press("d", CONTROL)
    check(browser.run("location.hash") == address, "a key with Control belongs to the browser")
    browser.press("v")
    check(browser.run("document.querySelectorAll('.viewed input:checked').length") == 1, "`v` marks nothing")
    browser.press("3")
    check(browser.run("!document.getElementById('view-decisions').hidden"), "`3` does not show the decisions")


def display(browser: Browser, _: Page) -> None:
    """Unified or side by side, with evidence or without, light or dark."""
    browser.press("2")
    browser.press("j")
    here = browser.run(f"{CURRENT}.id")
    same(browser.run("document.querySelectorAll('.diff.split').length"), 0, "tables side by side at first")
    browser.press("u")
    check(browser.run("document.querySelectorAll('.diff.split').length"), "`u` does not split")
    check(browser.run("[...document.querySelectorAll('.diff.split tr')].some(row => row.querySelector('.code.old')"
                      " && row.querySelector('.code.new'))"), "no line stands opposite what became of it")
    same(browser.run(f"{CURRENT}?.id"), here, "the place after `u`")
    browser.press("u")
    browser.press("e")
    same(browser.run("document.querySelectorAll('.evidence').length"), 0, "evidence after `e`")
    browser.press("e")
    check(browser.run("document.querySelectorAll('.evidence').length"), "no evidence after `e` twice")
    paper = "getComputedStyle(document.body).backgroundColor"
    light = browser.run(paper)
    browser.emulate(prefers_color_scheme="dark")
    dark = browser.run(paper)
    check(dark != light, "the page does not follow the system into the dark")
    browser.press("t")
    same(browser.run(paper), light, "the light theme in a dark system")
    browser.press("t")
    browser.emulate(prefers_color_scheme="light")
    same(browser.run(paper), dark, "the dark theme in a light system")
    browser.press("t")
    same(browser.run(paper), light, "the theme of the system")


def contrast(browser: Browser, _: Page) -> None:
    """Text stands out from what it stands on, in the light and in the dark."""
    for scheme in ("light", "dark"):
        browser.emulate(prefers_color_scheme=scheme)
        for view in "1234":
            browser.press(view)
            same(poor(browser), [], f"text without contrast in view {view}, {scheme}")
    browser.emulate(prefers_color_scheme="light")


def tree(browser: Browser, page: Page) -> None:
    """Folders count their files, fold, and lead to them."""
    browser.press("2")
    rows = "[...document.querySelectorAll('.tree-row')]"
    count = browser.run(f"{rows}.filter(row => row.getAttribute('aria-level') === '1').map(row =>"
                        " row.querySelector('.count:last-child').textContent)")
    same(sum(int(text.replace(",", "")) for text in count), total(page, "files"), "the files of the top folders")
    height = "document.querySelector('.tree-rows').offsetHeight"
    before = browser.run(height)
    browser.click(".tree-row[aria-expanded]")
    check(browser.run(height) < before, "a folder does not fold")
    browser.click(".tree-row[aria-expanded=false]")
    same(browser.run(height), before, "the tree after folding and unfolding")
    browser.press("f")
    for key in ("ArrowDown", "ArrowDown", "ArrowLeft", "ArrowLeft", "ArrowRight"):
        browser.press(key)
    same(browser.run("document.querySelector('.tree-row.active').id"),
         browser.run("document.getElementById('tree').getAttribute('aria-activedescendant')"), "the row that the arrows lead to")
    browser.run("document.activeElement.blur()")
    browser.click(".tree-row:not([aria-expanded])")
    path = browser.run("document.querySelector('.tree-row.at').title")
    same(browser.run("document.querySelector('.current').closest('.file').querySelector('.file-name').textContent"), path,
         "the file that the tree leads to")


def filters(browser: Browser, page: Page) -> None:
    """Each filter leaves what it says, and all of them can be cleared."""
    choose = ("(() => {{ const list = document.getElementById('{0}'); const option = [...list.options].find(one =>"
              " one.value === '{1}'); list.value = option.value; list.dispatchEvent(new Event('change'));"
              " return Number(option.textContent.match(/\\(([\\d,]+)\\)/)[1].replace(',', '')); }})()")
    evidence = [item for phase in page.plan["phases"] for step in phase["steps"] for item in step["evidence"]]
    waiting = {(item["class"], item["path"]) for item in evidence if item["outcome"]["kind"] == "decision"}
    browser.press("2")
    promised = browser.run(choose.format("show", "decision"))
    browser.settle()
    same([browser.run(f"{SHOWN}.length"), promised], [len(waiting)] * 2, "the files that need a decision")
    browser.run(choose.format("show", "all"))
    browser.settle()
    package = next(item["package"] for item in evidence if item["package"])
    files = {(item["class"], item["path"]) for item in evidence if item["package"] == package}
    promised = browser.run(choose.format("package", package))
    browser.settle()
    same([browser.run(f"{SHOWN}.length"), promised], [len(files)] * 2, f"the files of {package}")
    check("package=" in browser.run("location.hash"), "the address forgets the filter")
    browser.click("#filters > .link")
    same(browser.run(f"{SHOWN}.length"), total(page, "files"), "the files without filters")
    browser.click(".step.level-0")
    same(browser.run(f"{SHOWN}.length"), figure(page.plan["phases"][0], "files"), "the files of the phase")
    browser.click("#filters > .link")


def search(browser: Browser, page: Page) -> None:
    """What is searched for is found in lines and paths, and marked."""
    word = next(item["subject"] for phase in page.plan["phases"] for step in phase["steps"] for item in step["evidence"]
                if item["outcome"]["kind"] == "rewritten").split(":")[0]
    diffs = [file["diff"] for phase in page.plan["phases"] for step in phase["steps"] for file in step["files"]]
    found = [diff for diff in diffs if diff and any(word in line for line in diff.split("\n")[4:])]
    browser.press("/")
    browser.type(word.upper())
    browser.press("Enter")
    browser.settle()
    same(browser.run(f"{SHOWN}.length"), len(found), f"the files with {word}")
    check(browser.run("CSS.highlights.get('found').size"), "what was found is not marked")
    check(word in browser.run(f"{CURRENT}.textContent"), "Enter does not lead to what was found")
    browser.press("/")
    browser.type("no such thing anywhere")
    browser.until("document.querySelector('.nothing')")
    browser.press("Escape")
    same(browser.run(f"{SHOWN}.length"), total(page, "files"), "the files after Escape")


def decisions(browser: Browser, page: Page) -> None:
    """Every choice is listed with its candidates and the lines that settle it."""
    browser.press("3")
    expected = [decision for phase in page.plan["phases"] for decision in phase["decisions"]]
    same(browser.run("document.querySelectorAll('article.decision').length"), len(expected), "the decisions")
    same(browser.run("document.querySelector('article.decision h3 code').textContent"), expected[0]["subject"], "the first choice")
    check("[[decide]]" in browser.run("document.querySelector('article.decision pre').textContent"), "no lines settle it")
    same(browser.run("document.querySelectorAll('article.decision .candidate').length > 0"), True, "candidates are listed")
    site = expected[0]["sites"][0]
    same(browser.run("document.querySelector('.sites a').textContent"), f"{site['path']}:{site['line']}", "the first place")
    browser.click(".sites a")
    check(browser.run("!document.getElementById('view-changes').hidden"), "a place does not lead to the changes")
    same(browser.run("document.querySelector('.current').closest('.file').querySelector('.file-name').textContent"), site["path"],
         "the file of the first place")


def inert(browser: Browser, page: Page) -> None:
    """Nothing in a plan becomes markup, and nothing reaches a network."""
    browser.press("2")
    for _ in range(40):
        browser.press("n")
    same(browser.run("document.querySelectorAll('img, iframe, object, script[src], link').length"), 0, "foreign elements")
    same(browser.run("document.scripts.length"), 2, "the scripts of the page")
    files = [file for phase in page.plan["phases"] for step in phase["steps"] for file in step["files"]]
    hostile = [file["new_path"] for file in files if any(mark in file["new_path"] for mark in "<&{\n\u202e")]
    check(len(hostile) == 6, f"the hostile names were not planned: {hostile}")
    names = browser.run(f"{SHOWN}.map(node => node.getAttribute('aria-label').replace('edited: ', ''))")
    shown = [path.replace("\n", "␊").replace("\u202e", "⟨U+202E⟩") for path in hostile]
    check(set(shown) <= set(names), f"not every hostile name is shown as it is: {shown}, {names}")
    browser.press("/")
    browser.type("bytes.py")
    browser.press("Enter")
    text = browser.run(f"{SHOWN}[0].textContent")
    check("\ufffd\ufffd␁" in text, f"bytes that are no text are not replaced: {text}")
    browser.press("/")
    browser.type("onerror")
    browser.press("Enter")
    text = browser.run(f"{SHOWN}[0].textContent")
    check("<img src=x onerror=alert(1)> ⟨U+2028⟩ ⟨U+202E⟩ back ␌ end" in text, f"what hides is not spelled out: {text}")
    check("</script><script>alert(1)</script><!--<script>" in text, "text that looks like markup is missing")


def guarded(browser: Browser, _: Page) -> None:
    """The policy of the page stops what a hole in it would let in."""
    refused = "new Promise(done => {{ try {{ {0} }} catch (error) {{ done(true) }} }})"
    check(browser.run(refused.format("document.body.innerHTML = '<b>x</b>'; done(false)")), "markup can be assigned")
    check(browser.run(refused.format("fetch('http://127.0.0.1:9/').then(() => done(false), () => done(true))")), "a request is sent")
    ran = ("(async () => { const script = document.createElement('script'); try { script.textContent = 'window.ran = 1'; }"
           " catch (error) {} document.body.append(script); return window.ran === 1; })()")
    check(not browser.run(ran), "a script that is not the page's runs")
    browser.errors.clear()
    browser.requests.clear()


def large(browser: Browser, page: Page) -> None:
    """Thousands of files are gone through without waiting."""
    taken = {"open": browser.open(page.file)}
    taken["changes"] = timed(browser, "byId => document.querySelector('#views button:nth-child(2)').click()", "document.querySelector('.diff')")
    nodes = browser.run("document.querySelectorAll('*').length")
    check(nodes < 60_000, f"the page makes {nodes} elements at once")
    for part in (0.25, 0.5, 0.99, 0.1):
        scroll = f"byId => {{ const main = document.getElementById('main'); main.scrollTop = main.scrollHeight * {part}; }}"
        seen = ("(() => { const box = document.getElementById('main').getBoundingClientRect(); const node = document.elementFromPoint("
                "box.left + 300, box.top + 300)?.closest('.file'); return !node || node.childElementCount > 1; })()")
        taken[f"scroll {part:.0%}"] = timed(browser, scroll, seen)
    taken["search"] = timed(browser, "byId => { const box = document.getElementById('search'); box.value = 'MONOREPO.AI';"
                            " box.dispatchEvent(new Event('input')); }", "CSS.highlights.get('found')?.size > 0")
    taken["clear"] = timed(browser, "byId => { const box = document.getElementById('search'); box.value = '';"
                           " box.dispatchEvent(new Event('input')); }", f"{SHOWN}.length === {total(page, 'files')}")
    browser.press("j")
    taken["split"] = timed(browser, "byId => document.querySelector('#tools button').click()", "document.querySelector('.diff.split')")
    taken["fold all"] = timed(browser, "byId => document.getElementById('tree-fold').click()",
                              "document.querySelectorAll('.tree-row').length < 20")
    longest = browser.run("new Promise(done => { const main = document.getElementById('main'); main.scrollTop = 0; let last = performance.now();"
                          " let worst = 0; let left = 120; const step = () => { const now = performance.now(); worst = Math.max(worst, now - last);"
                          " last = now; main.scrollTop += 700; left-- ? requestAnimationFrame(step) : done(worst); }; requestAnimationFrame(step); })")
    print("   " + ", ".join(f"{name} {seconds:.2f} s" for name, seconds in taken.items()) + f", worst frame {longest:.0f} ms,"
          f" {nodes} elements", flush=True)
    slow = {name: seconds for name, seconds in taken.items() if seconds > SLOW}
    check(not slow, f"takes longer than {SLOW} s: {slow}")
    left = browser.run("document.querySelectorAll('.diff').length")
    check(left < 60, f"{left} diffs are kept after a long way")
    check(longest < 1000, f"scrolling stops for {longest:.0f} ms")


def timed(browser: Browser, action: str, holds: str) -> float:
    """How long it takes until what is done shows."""
    browser.run(f"({action})()")
    taken = browser.until(holds)
    browser.settle()
    return taken


def failure(browser: Browser, _: Page) -> None:
    """A plan that failed says so first, and shows what failed and how."""
    same(browser.run("document.getElementById('verdict').textContent"), "Failed", "the verdict")
    check("cannot be applied" in browser.run("document.querySelector('.banner').textContent"), "the banner does not say it")
    check("repot apply" not in browser.run("document.querySelector('.banner').textContent"), "the banner says it can be applied")
    same(browser.run("document.querySelectorAll('.box .checks .sign.bad').length"), 2, "what failed, in the summary")
    browser.press("4")
    same(browser.run("[...document.querySelectorAll('.check.failed .said li')].map(node => node.textContent)"),
         ["src/a.py:3 x <b>is</b> bad", "y"], "the failures of the check")
    same(browser.run("document.querySelector('.broken').textContent"), "tests/test_a.py::test_one", "what the command found")
    runs = browser.run("[...document.querySelectorAll('.check details')].map(node => node.textContent)")
    same(runs, ["Before: exit status 0, 1.2 s1 passed", "After: exit status 1, 2.3 s1 passed, 1 failed <script>alert(1)"], "the runs")


def phases(browser: Browser, page: Page) -> None:
    """Phases, steps, classes and moves: each is told from the others."""
    files = [(at, index, file) for at, phase in enumerate(page.plan["phases"]) for index, step in enumerate(phase["steps"])
             for file in step["files"]]
    browser.press("2")
    same(browser.run(f"{SHOWN}.length"), len(files), "the files of all phases")
    steps = [(at, index) for at, phase in enumerate(page.plan["phases"]) for index in range(len(phase["steps"]))]
    changing = {(at, index) for at, index, _ in files}
    check(len(steps) > len(page.plan["phases"]) > 1, f"the plan has only the steps {steps}")
    same(browser.run("document.querySelectorAll('.step-head').length"), len(changing), "the headings of the steps")
    shown = [place for at in range(len(page.plan["phases"])) for place in ((at, None), *(step for step in steps if step[0] == at))]
    same(browser.run("document.querySelectorAll('.step').length"), len(shown), "the phases and steps at the left")
    for number, (phase, step) in enumerate(shown):
        browser.run(f"document.querySelectorAll('.step')[{number}].click()")
        browser.settle()
        expected = sum(at == phase and (step is None or index == step) for at, index, _ in files)
        same(browser.run(f"{SHOWN}.length"), expected, f"the files of phase {phase}, step {step}")
    browser.click("#filters > .link")
    classes = {file["class"] for _, _, file in files}
    check(len(classes) > 2, f"the plan has only {classes}")
    for name in classes:
        browser.run(f"[...document.querySelectorAll('#filters .chip')].find(chip => chip.textContent.startsWith('{name}')).click()")
        browser.settle()
        expected = sum(file["class"] == name for _, _, file in files)
        same(browser.run(f"{SHOWN}.length"), expected, f"the files of the class {name}")
        browser.click("#filters > .link")
    moved = [file for _, _, file in files if file["change"] == "move"]
    check(moved, "nothing moves")
    browser.press("/")
    browser.type(moved[0]["old_path"])
    browser.press("Enter")
    check(f"{moved[0]['old_path']} → {moved[0]['new_path']}" in browser.run(f"{SHOWN}[0].querySelector('.file-name').textContent"),
          "a file that moves is not found by where it was")


def paper(browser: Browser, _: Page) -> None:
    """Printed, the page shows the changes that are asked for."""
    browser.press("2")
    check(len(browser.print()) > 20_000, "the printed page is empty")
    check(browser.run(f"{SHOWN}.every(node => node.childElementCount > 1)"), "not every file is printed")


JOURNEYS: dict[str, tuple[Journey, ...]] = {
    "demo": (summary, changes, keyboard, display, contrast, tree, filters, search, decisions, paper, guarded),
    "hostile": (summary, inert, guarded),
    "phases": (phases, display, contrast),
    "failed": (failure, contrast),
    "large": (summary, changes, keyboard, filters, search, large),
}


def all_of(program: str, pages: dict[str, Page], shots: Path | None) -> list[str]:
    """Every journey on its pages, each in a page that was just opened; what failed."""
    failures = []
    for name, journeys in JOURNEYS.items():
        page = pages[name]
        for journey in journeys:
            with Browser(program) as browser:
                failures += [f"{name}, {journey.__name__}: {failure}" for failure in one(browser, page, journey)]
        if shots:
            pictures(program, page, shots)
    return failures


def one(browser: Browser, page: Page, journey: Journey) -> list[str]:
    """What fails in one journey: a claim, the console, or a request."""
    failures = []
    browser.emulate(prefers_color_scheme="light")
    try:
        browser.open(page.file)
        journey(browser, page)
    except (AssertionError, BrowserError) as failure:
        failures.append(str(failure))
    except Exception:  # What the page does not have is a failure of the page.
        failures.append(traceback.format_exc(limit=3))
    failures += browser.errors
    own = page.file.resolve().as_uri()
    failures += [f"asks the network for {url}" for url in browser.requests if url.split("#")[0] not in (own, "about:blank")]
    print(f"   {'✗' if failures else '✓'} {page.name}: {journey.__doc__}", flush=True)
    return failures


def pictures(program: str, page: Page, folder: Path) -> None:
    """What a page looks like, for a person to look at."""
    views: list[tuple[str, str, dict[str, Any]]] = [
        ("summary", "", {}), ("changes", "2j", {}), ("split", "2ju", {}), ("dark", "2j", {"prefers_color_scheme": "dark"}),
        ("decisions", "3", {}), ("summary-dark", "1", {"prefers_color_scheme": "dark"}), ("checks", "4", {}), ("keys", "?", {}),
    ]
    for name, keys, features in views:
        with Browser(program) as browser:
            browser.emulate(**(features or {"prefers_color_scheme": "light"}))
            browser.open(page.file)
            for key in keys:
                browser.press(key)
            browser.shot(folder / f"{page.name}-{name}.png")
