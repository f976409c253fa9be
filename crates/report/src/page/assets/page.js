// The page as a whole: views, filters, keys, the address, light and dark.

const VIEWS = {
  summary: ["Summary", () => null, renderSummary],
  changes: ["Changes", () => new Set(entries.filter((entry) => entry.change !== "stay").map((entry) => entry.path)).size, renderChanges],
  decisions: ["Decisions", () => plan.decisions.length, renderDecisions],
  checks: ["Checks", () => checkCount(), renderChecks],
};
const rendered = new Set();
const tops = new Map();

/** Shows a view, at the element `at` of it where one is named. */
function openView(view, at = "", isQuiet = false) {
  const isOther = asked.view !== view;
  tops.set(asked.view, main.scrollTop);
  asked.view = view;
  for (const name of Object.keys(VIEWS)) byId(`view-${name}`).hidden = name !== view;
  for (const tab of byId("views").children) tab.toggleAttribute("aria-current", tab.dataset.view === view);
  if (!rendered.has(view)) {
    rendered.add(view);
    VIEWS[view][2]();
  }
  const target = at && byId(at);
  if (target) {
    target.focus({ preventScroll: true });
    target.scrollIntoView({ block: "start" });
  } else if (isOther) main.scrollTop = tops.get(view) ?? 0;
  if (!isQuiet) keepAddress();
}

/** A plan that changes files shows those; one that does not, what it waits for. */
function resetFilters() {
  Object.assign(asked, { step: "", classes: new Set(), package: "", show: DEFAULT_SHOW, query: "" });
  byId("search").value = "";
  rendered.delete("changes");
  renderFilters();
}

function clearFilters() {
  resetFilters();
  openChanges({});
}

/** Shows the changes through the filters that `wanted` names. */
function openChanges(wanted) {
  if (Object.keys(wanted).length) resetFilters();
  Object.assign(asked, wanted);
  renderFilters();
  rendered.delete("changes");
  openView("changes");
  main.scrollTop = 0;
}

/** What changes when one filter does. */
function filter(wanted) {
  Object.assign(asked, wanted);
  renderFilters();
  rendered.delete("changes");
  openView("changes");
  main.scrollTop = 0;
}

function openDecision(kind, subject, path) {
  const fits = (decision) => decision.kind === kind && decision.subject === subject && decision.sites.some(([site]) => string(site) === path);
  const at = plan.decisions.findIndex(fits);
  if (at < 0) return;
  if (!decisionMatches(plan.decisions[at])) {
    Object.assign(asked, { kind: "", query: "" });
    byId("search").value = "";
    rendered.clear();
  }
  openView("decisions", `decision-${at}`);
}

function renderViews() {
  const tab = (name) => {
    const [title, count] = VIEWS[name];
    const size = count();
    const waits = name === "decisions" && size > 0;
    const counter = size === null ? null : element("span", { class: `count${waits ? " caution" : ""}` }, number(size));
    return element("button", { type: "button", "data-view": name, onclick: () => openView(name) }, title, counter);
  };
  byId("views").replaceChildren(...Object.keys(VIEWS).map(tab));
  const [tone, word] = verdict();
  byId("verdict").className = `verdict ${tone}`;
  byId("verdict").textContent = word;
}

function renderSteps() {
  const count = (place) => new Set(entries.filter((entry) => entry.change !== "stay" && `${entry.phase}.${entry.step}`.startsWith(place)).map((entry) => entry.path)).size;
  const one = (place, name, level) => {
    const isChosen = asked.step === place;
    return element("button", { type: "button", class: `step level-${level}`, "aria-pressed": String(isChosen), onclick: () => filter({ step: isChosen ? "" : place }) },
      element("span", null, name), element("span", { class: "count" }, number(count(place))));
  };
  const phase = (each, at) => [
    one(`${at}.`, each.title || each.name, 0),
    ...(plan.phases.length > 1 || each.steps.length > 1 ? each.steps.map((step, index) => one(`${at}.${index}`, `${index + 1}. ${step.codemod}`, 1)) : [element("div", { class: "step level-1 faint" }, each.steps.map((step) => step.codemod).join(", "))]),
  ];
  byId("steps").replaceChildren(element("h2", null, plan.phases.length > 1 ? "Phases" : "Phase"), ...plan.phases.flatMap(phase));
}

const tallied = (without, keys) => {
  const counts = new Map();
  for (const entry of entries) if (passes(entry, without)) for (const key of keys(entry)) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
};

function renderFilters() {
  renderSteps();
  const shows = tallied("show", (entry) => Object.keys(SHOWS).filter((name) => SHOWS[name][1](entry)));
  const show = element("select", { id: "show", "aria-label": "Show", onchange: (event) => filter({ show: event.target.value }) },
    Object.entries(SHOWS).map(([name, [title]]) => element("option", { value: name, selected: asked.show === name }, `${title} (${number(shows.get(name) ?? 0)})`)));
  const packages = tallied("package", (entry) => entry.packages);
  const names = [...new Set(entries.flatMap((entry) => [...entry.packages]))].sort();
  const chosen = element("select", { id: "package", "aria-label": "Package", onchange: (event) => filter({ package: event.target.value }) },
    element("option", { value: "" }, `All packages (${number(names.length)})`),
    names.map((name) => element("option", { value: name, selected: asked.package === name }, `${name} (${number(packages.get(name) ?? 0)})`)));
  const classes = tallied("classes", (entry) => [entry.class]);
  const known = CLASSES.filter((name) => entries.some((entry) => entry.class === name));
  const chip = (name) => {
    const isChosen = asked.classes.has(name);
    const toggled = new Set(asked.classes);
    isChosen ? toggled.delete(name) : toggled.add(name);
    return element("button", { type: "button", class: "chip", "aria-pressed": String(isChosen), onclick: () => filter({ classes: toggled }) }, name, element("span", { class: "count" }, number(classes.get(name) ?? 0)));
  };
  const isFiltered = asked.step || asked.classes.size || asked.package || asked.show !== DEFAULT_SHOW || asked.query;
  put(byId("filters"),
    element("div", { class: "selects" }, show, names.length > 1 && chosen),
    known.length > 1 && element("div", { class: "chips", role: "group", "aria-label": "Class" }, known.map(chip)),
    isFiltered && button("Clear the filters", { class: "link", onclick: clearFilters }));
}

// The address: everything that is asked for, so that a place can be linked.
let isReading = false;
function keepAddress() {
  if (isReading) return;
  const address = new URLSearchParams();
  if (asked.view !== "summary") address.set("view", asked.view);
  if (asked.step) address.set("step", asked.step);
  if (asked.classes.size) address.set("class", [...asked.classes].join(","));
  if (asked.package) address.set("package", asked.package);
  if (asked.show !== DEFAULT_SHOW) address.set("show", asked.show);
  if (asked.query) address.set("q", asked.query);
  if (asked.view === "changes" && stops[current]) {
    const [entry, hunk] = stops[current];
    address.set("file", entry.id);
    if (hunk > 0) address.set("hunk", String(hunk + 1));
  }
  history.replaceState(null, "", `#${address}`);
}

function readAddress() {
  isReading = true;
  const address = new URLSearchParams(location.hash.slice(1));
  const view = Object.hasOwn(VIEWS, address.get("view") ?? "") ? address.get("view") : "summary";
  asked.step = address.get("step") ?? "";
  asked.classes = new Set((address.get("class") ?? "").split(",").filter(Boolean));
  asked.package = address.get("package") ?? "";
  asked.show = Object.hasOwn(SHOWS, address.get("show") ?? "") ? address.get("show") : DEFAULT_SHOW;
  asked.query = address.get("q") ?? "";
  byId("search").value = asked.query;
  renderFilters();
  rendered.delete("changes");
  renderChanges();
  rendered.add("changes");
  openView(view);
  const entry = entryById.get(address.get("file"));
  const at = entry ? stopOf(entry, Math.max(0, Number(address.get("hunk") ?? 1) - 1)) : -1;
  isReading = false;
  if (view === "changes" && entry) go(at >= 0 ? at : stopOf(entry, -1));
}

// Light and dark, side by side, with evidence or without.
const THEMES = ["auto", "light", "dark"];
function applyDisplay() {
  document.documentElement.dataset.theme = display.theme;
  document.documentElement.toggleAttribute("data-split", display.split);
  for (const [name, value] of Object.entries(display)) remember(`repot-${name}`, value);
  const tool = (key, text, isPressed, toggle, title) => button(text, { "aria-pressed": isPressed === null ? null : String(isPressed), "aria-keyshortcuts": key, title: `${title} (${key})`, onclick: toggle });
  byId("tools").replaceChildren(
    tool("u", display.split ? "Split" : "Unified", null, toggleSplit, "Unified or side by side"),
    tool("e", "Evidence", display.evidence, toggleEvidence, "Show the evidence"),
    tool("t", `Theme: ${display.theme}`, null, toggleTheme, "Light or dark"),
    tool("?", "?", null, toggleHelp, "Keys"));
}

/** Makes all files anew, and stays where the reader is. */
function remake() {
  applyDisplay();
  const isElsewhere = current >= 0 || main.scrollTop > 0;
  const here = isElsewhere ? stopHere() : -1;
  for (const entry of entries) {
    if (!entry.node) continue;
    entry.node.isFilled = false;
    entry.node.replaceChildren();
    entry.node.style.minHeight = `${heightOf(entry)}px`;
    near.unobserve(entry.node);
    near.observe(entry.node);
  }
  if (asked.view === "changes" && here >= 0) go(here, true);
}

function toggleSplit() {
  display.split = !display.split;
  remake();
}

function toggleEvidence() {
  display.evidence = !display.evidence;
  remake();
}

function toggleTheme() {
  display.theme = THEMES[(THEMES.indexOf(display.theme) + 1) % THEMES.length];
  applyDisplay();
}

const KEYS = [
  ["j / k", "the next or previous hunk"],
  ["n / p", "the next or previous file"],
  ["d / D", "the next or previous file that waits for a person"],
  ["/", "search paths and lines; Enter goes to the first, Esc clears"],
  ["u", "unified or side by side"],
  ["e", "with the evidence or without"],
  ["v", "this file is viewed, or is not"],
  ["x", "fold this file"],
  ["f", "to the tree of files; arrows move, Enter opens"],
  ["1 – 4", "Summary, Changes, Decisions, Checks"],
  ["t", "light, dark, or as the system says"],
  ["?", "these keys"],
];

function toggleHelp() {
  const help = byId("help");
  if (help.open) return help.close();
  help.replaceChildren(
    element("h2", { id: "help-title" }, "Keys"),
    element("dl", null, KEYS.flatMap(([keys, what]) => [element("dt", null, keys.split(" ").map((key) => (key.length === 1 && !"/–".includes(key)) || keys === "/" ? element("kbd", null, key) : ` ${key} `)), element("dd", null, what)])),
    element("form", { method: "dialog" }, element("button", { class: "primary" }, "Close")));
  help.showModal();
}

function goWaiting(direction) {
  const waits = ([entry]) => entry.counts.decision + entry.counts.review > 0;
  const here = stopHere();
  const entry = stops[here]?.[0];
  const ahead = direction > 0 ? stops.slice(Math.max(0, here)) : stops.slice(0, Math.max(0, here)).reverse();
  const next = ahead.find((stop) => stop[0] !== entry && waits(stop));
  if (next) go(stopOf(next[0], -1));
  else say("No more files wait for a person here");
}

const withEntry = (act) => () => {
  const entry = stops[stopHere()]?.[0];
  if (entry) act(entry);
};

const ACTIONS = {
  j: () => go(current < 0 ? Math.max(0, stopHere()) : current + 1),
  k: () => go(stopHere() - 1),
  n: () => (current < 0 && main.scrollTop === 0 ? go(0) : goFile(1)),
  p: () => goFile(-1),
  d: () => goWaiting(1),
  D: () => goWaiting(-1),
  v: withEntry((entry) => (setSeen(entry, !seen.has(entry.id)), goFile(seen.has(entry.id) ? 1 : 0), tree.draw())),
  x: withEntry((entry) => fold(entry, !isFolded(entry))),
};

const ANYWHERE = {
  "/": () => (byId("search").focus(), byId("search").select()),
  "?": toggleHelp,
  u: toggleSplit,
  e: toggleEvidence,
  t: toggleTheme,
  f: () => byId("tree").focus(),
  1: () => openView("summary"),
  2: () => openView("changes"),
  3: () => openView("decisions"),
  4: () => openView("checks"),
};

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || byId("help").open) return;
  if (event.target.closest?.("input, select, textarea")) return;
  const isAction = Object.hasOwn(ACTIONS, event.key);
  const act = isAction ? ACTIONS[event.key] : Object.hasOwn(ANYWHERE, event.key) && ANYWHERE[event.key];
  if (!act) return;
  event.preventDefault();
  if (isAction && asked.view !== "changes") openView("changes");
  act();
}

let searchTimer = 0;
function search() {
  if (asked.view !== "decisions") return filter({ query: byId("search").value });
  asked.query = byId("search").value;
  rendered.delete("changes");
  renderDecisions();
  keepAddress();
}

function onSearch() {
  clearTimeout(searchTimer);
  searchTimer = setTimeout(search, 120);
}

function onSearchKey(event) {
  if (event.key === "Enter") {
    clearTimeout(searchTimer);
    if (asked.query !== byId("search").value) search();
    byId("search").blur();
    if (asked.view === "changes") go(0);
  } else if (event.key === "Escape") {
    byId("search").value = "";
    byId("search").blur();
    search();
  }
}

let scrollFrame = 0;
function onScroll() {
  cancelAnimationFrame(scrollFrame);
  scrollFrame = requestAnimationFrame(() => {
    if (asked.view !== "changes") return;
    const box = main.getBoundingClientRect();
    const node = document.elementFromPoint(box.left + 80, box.top + 60)?.closest?.(".file");
    const entry = node && entries[Number(node.id.slice("file-".length))];
    if (!entry) return;
    if (stops[current]?.[0] !== entry) current = -1;
    tree.mark(entry.path);
  });
}

/** A row is lit while the evidence for its line is looked at. */
function onEvidence(event) {
  const card = event.target.closest?.(".ev");
  document.querySelectorAll("tr.lit").forEach((row) => row.classList.remove("lit"));
  if (card) card.closest(".hunk")?.querySelector(`tr[data-old="${Number(card.dataset.line)}"]`)?.classList.add("lit");
}

// On paper everything that passes the filters is there at once.
window.addEventListener("beforeprint", () => {
  document.body.classList.add("printing");
  visible.forEach((entry) => fill(entry.node));
  document.querySelectorAll("article.decision").forEach(fill);
});
window.addEventListener("afterprint", () => document.body.classList.remove("printing"));

document.addEventListener("keydown", onKey);
window.addEventListener("hashchange", readAddress);
main.addEventListener("scroll", onScroll, { passive: true });
main.addEventListener("mouseover", onEvidence, { passive: true });
main.addEventListener("focusin", onEvidence);
byId("search").addEventListener("input", onSearch);
byId("search").addEventListener("keydown", onSearchKey);
byId("tree").addEventListener("scroll", () => tree.draw(), { passive: true });
byId("tree").addEventListener("keydown", (event) => tree.key(event));
byId("tree-fold").addEventListener("click", () => tree.foldAll());
new ResizeObserver(() => tree.draw()).observe(byId("tree"));

applyDisplay();
renderViews();
readAddress();
document.documentElement.dataset.ready = "true";
