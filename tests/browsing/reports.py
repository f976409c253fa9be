"""The page of `repot report`: how it is made, what a reader does with it, and what must come of it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

from browsing import journeys, trees
from browsing.chromium import Browser
from browsing.contrast import poor
from browsing.journeys import check, guarded, same
from browsing.trees import Page

Journey = Callable[[Browser, Page], None]
# Each commit adds so many imports of a legacy root to a package; the messages claim what they like.
COMMITS = (
    (9, "first"), (8, "Fixed 1 monorepo imports"), (8, "nothing of note"), (7, "All monorepo imports eliminated"),
    (5, "monorepo imports: 7 → 5"), (6, "<img src=x onerror=alert(1)> \u202e one more"), (4, "0 monorepo imports"),
)
MONDAY, WEEK = 1_751_889_600, 7 * 86_400
BEYOND_LEGACY = "from kernel.money import Money\n"


def git(tree: Path, time: int, *arguments: str) -> None:
    """Runs git at a time, with settings of nobody's."""
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull,
                   "GIT_AUTHOR_DATE": f"@{time} +0000", "GIT_COMMITTER_DATE": f"@{time} +0000"}
    command = ["git", "-C", tree, "-c", "user.name=T", "-c", "user.email=t@example.org", *arguments]
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)


def page(repot: Path, folder: Path) -> Page:
    """The page of a tree with seven weeks of history, and the report as JSON."""
    tree = folder / "history"
    shutil.copytree(trees.DEMO, tree)
    trees.run(repot, tree, "init", "--quiet", "--legacy-root", "monorepo", "--legacy-root", "legacy_shop")
    git(tree, 0, "init", "-q", "-b", "main")
    for week, (legacy, message) in enumerate(COMMITS):
        lines = "".join(f"from monorepo.gone{at} import name{at}\n" for at in range(legacy))
        (tree / trees.ORDERS / "history.py").write_text(BEYOND_LEGACY * (week % 3) + lines)
        git(tree, 0, "add", "-A")
        git(tree, MONDAY + week * WEEK, "commit", "-qm", message)
    file = folder / "report.html"
    trees.run(repot, tree, "report", "--quiet", "--since", "2025-07-01", "--output-format", "html", "-o", str(file))
    report = json.loads(trees.run(repot, tree, "report", "--quiet", "--since", "2025-07-01", "--output-format", "json"))
    return Page("report", file, report)


def texts(browser: Browser, selector: str) -> list[str]:
    """The texts of elements."""
    return browser.run(f"[...document.querySelectorAll({json.dumps(selector)})].map(node => node.textContent.trim())")


def figures(browser: Browser, page: Page) -> None:
    """The page says what the JSON says."""
    report = page.plan
    same(texts(browser, "#metrics h3"), [metric["metric"] for metric in report["metrics"]], "the metrics")
    now = [metric["now"] for metric in report["metrics"]]
    same([float(text.split()[0]) for text in texts(browser, "#metrics figcaption b")], now, "the figures")
    gates = [gate["metric"] for phase in report["phases"] for gate in phase["gates"]]
    same(texts(browser, ".gates tbody th"), gates, "the gates")
    same(len(texts(browser, ".claims tbody tr")), len(report["claims"]), "the claims")
    check(len(report["claims"]) == 4, f"the claims of the messages: {report['claims']}")
    same(len(texts(browser, "#regressions li")), len(report["regressions"]), "the regressions")
    check("<img src=x onerror=alert(1)> ⟨U+202E⟩ one more" in " ".join(texts(browser, "#regressions li")), "a subject is not text")
    heat = {text for text in texts(browser, ".heat tbody th")}
    check(heat <= {card["name"] for card in report["packages"]} and heat, f"the packages of the heat map: {heat}")
    same(len(texts(browser, ".graph")), 2, "the graphs before and now")


def charts(browser: Browser, page: Page) -> None:
    """Each chart has its points where they belong, and a title for each."""
    points = len(page.plan["points"])
    drawn = browser.run("""[...document.querySelectorAll('.chart')].map(chart => {
      const box = chart.getBoundingClientRect();
      const dots = [...chart.querySelectorAll('.dot')].map(dot => dot.getBoundingClientRect());
      return [dots.length, dots.every(dot => dot.left >= box.left && dot.right <= box.right && dot.top >= box.top && dot.bottom <= box.bottom),
              dots.every((dot, at) => !at || dot.left > dots[at - 1].left)]; })""")
    same(drawn, [[points, True, True]] * len(drawn), "the points of the charts")
    check(drawn, "there is no chart")
    legacy = next(at for at, metric in enumerate(page.plan["metrics"]) if metric["metric"] == "legacy-imports")
    heights = browser.run(f"[...document.querySelectorAll('.chart')[{legacy}].querySelectorAll('.dot')].map(dot => dot.getBoundingClientRect().top)")
    values = [point["figures"]["legacy-imports"] for point in page.plan["points"]]
    order = sorted(range(points), key=lambda at: (-values[at], at))
    same(sorted(range(points), key=lambda at: (round(heights[at], 1), at)), order, "the heights of the points")
    seen = browser.run("[...new Set([...document.querySelectorAll('.chart *, .graph *')].flatMap(node => { const style = getComputedStyle(node);"
                       " return [style.fill, style.stroke]; }))].filter(color => /^rgb\\([1-7], 0, 0\\)$/.test(color))")
    same(seen, [], "colours that nobody should see")


def themes(browser: Browser, _: Page) -> None:
    """Light and dark as the system has it or as the reader wants; text stands out in both."""
    paper = "getComputedStyle(document.body).backgroundColor"
    found = {}
    for scheme in ("light", "dark"):
        browser.emulate(prefers_color_scheme=scheme)
        found[scheme] = browser.run(paper)
        same(poor(browser), [], f"text without contrast, {scheme}")
    check(found["light"] != found["dark"], "light and dark look the same")
    for theme in ("light", "dark"):
        browser.click("#theme")
        same(browser.run(paper), found[theme], f"the {theme} theme")
    browser.click("#theme")
    browser.emulate(prefers_color_scheme="light")
    same(browser.run(paper), found["light"], "the theme of the system")


def layout(browser: Browser, _: Page) -> None:
    """Nothing is wider than the window, on a large screen and on a small one."""
    for width in (1440, 700, 380):
        browser.call("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=False)
        browser.settle()
        check(browser.run("document.documentElement.scrollWidth <= innerWidth"), f"the page is wider than {width} pixels")


def paper(browser: Browser, _: Page) -> None:
    """The page can be printed."""
    check(len(browser.print()) > 20_000, "the printed page is empty")


def inert(browser: Browser, _: Page) -> None:
    """Nothing of a message or a name becomes markup."""
    same(browser.run("document.querySelectorAll('img, iframe, object, script[src], link').length"), 0, "foreign elements")
    same(browser.run("document.scripts.length"), 1, "the scripts of the page")


def all_of(program: str, page: Page, shots: Path | None) -> list[str]:
    """Every journey on the page, each in a page that was just opened; what failed."""
    failures = []
    every: tuple[Journey, ...] = (figures, charts, themes, layout, paper, inert, guarded)
    for journey in every:
        with Browser(program) as browser:
            failures += [f"report, {journey.__name__}: {failure}" for failure in journeys.one(browser, page, journey)]
    for scheme in ("light", "dark") if shots else ():
        with Browser(program) as browser:
            picture(browser, page.file, shots / f"report-{scheme}.png", scheme)
    return failures


def picture(browser: Browser, file: Path, shot: Path, scheme: str) -> None:
    """What all of a page looks like, for a person to look at."""
    browser.emulate(prefers_color_scheme=scheme)
    browser.open(file)
    height: Any = browser.run("document.documentElement.scrollHeight")
    browser.call("Emulation.setDeviceMetricsOverride", width=1280, height=min(height, 6000), deviceScaleFactor=1, mobile=False)
    browser.shot(shot)
