// The plan as the page sees it: tables unfolded where they are looked at,
// counts of every file, and what passes the filters.

const plan = JSON.parse(document.getElementById("plan").textContent);
const planKey = document.querySelector("meta[name=repot-plan]").content;
const NO_PACKAGE = "(no package)";
const string = (place) => (place < 0 ? null : plan.strings[place]);
const number = (value) => value.toLocaleString("en");
const counted = (count, noun, plural = `${noun}s`) => `${number(count)} ${count === 1 ? noun : plural}`;

const OUTCOMES = {
  certain: { name: "rewritten", order: 3 },
  review: { name: "to review", order: 1 },
  offered: { name: "offered, not made", order: 2 },
  decision: { name: "awaits a decision", order: 0 },
  skipped: { name: "stays", order: 4 },
};
const CLASSES = ["imports", "strings", "config", "docs", "prose"];
const CHANGES = { edit: "M", create: "A", delete: "D", move: "R", stay: "–" };
const CHANGE_NAMES = { edit: "edited", create: "new", delete: "deleted", move: "moved", stay: "not changed" };

/** One piece of evidence, by its place. */
function evidenceAt(place) {
  const row = plan.evidence[place];
  return {
    place,
    class: string(row[0]),
    path: string(row[1]),
    line: row[2],
    package: string(row[3]),
    subject: string(row[4]),
    rule: string(row[5]),
    candidates: row[6].map(candidateAt),
    winner: row[7],
    outcome: string(row[8]),
    detail: string(row[9]),
    warnings: row[10].map(string),
  };
}

/** One candidate, by its place. */
function candidateAt(place) {
  const row = plan.candidates[place];
  return {
    module: string(row[0]),
    path: string(row[1]),
    package: string(row[2]),
    how: string(row[3]),
    suffix: row[4],
    reach: string(row[5]),
    obstacle: string(row[6]),
  };
}

/** One file of one class of one step, with its counts. */
function entryOf(raw, index) {
  const entry = {
    index,
    raw,
    phase: raw.s[0],
    step: raw.s[1],
    class: raw.c,
    change: raw.x,
    path: string(raw.p),
    from: string(raw.m),
    hunks: raw.h,
    added: raw.a,
    removed: raw.d,
    packages: new Set(),
    counts: { certain: 0, review: 0, offered: 0, decision: 0, skipped: 0 },
    warnings: 0,
  };
  for (const [place] of raw.e) {
    const row = plan.evidence[place];
    entry.counts[string(row[8])] += 1;
    entry.warnings += row[10].length;
    entry.packages.add(string(row[3]) ?? NO_PACKAGE);
  }
  if (entry.packages.size === 0) entry.packages.add(NO_PACKAGE);
  entry.id = `${entry.phase}.${entry.step}/${entry.class}/${entry.path}`;
  return entry;
}

const entries = plan.entries.map(entryOf);
const entryById = new Map(entries.map((entry) => [entry.id, entry]));

const entriesByPath = new Map();
for (const entry of entries) {
  for (const path of [entry.path, entry.from]) {
    if (path !== null) entriesByPath.set(path, [...(entriesByPath.get(path) ?? []), entry]);
  }
}

/** How many lines a hunk shows. */
const rowCount = (hunk) => (hunk.rows ??= hunk.t.split("\n").length);

/** The evidence beside one hunk, or (for -1) that of the file as a whole. */
const beside = (entry, hunk) => entry.raw.e.filter((item) => item[1] === hunk);

// What was seen already, kept by the browser where it keeps anything.
const seen = new Set(remembered(`repot-seen-${planKey}`, []));

function remembered(key, otherwise) {
  try {
    return JSON.parse(localStorage.getItem(key)) ?? otherwise;
  } catch {
    return otherwise;
  }
}

function remember(key, value) {
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // A browser that keeps nothing for files shows the page all the same.
  }
}

/** What is asked for; the part of it that the address holds. */
const DEFAULT_SHOW = entries.some((entry) => entry.change !== "stay") ? "changed" : "all";
const asked = { view: "summary", step: "", classes: new Set(), package: "", show: DEFAULT_SHOW, query: "", kind: "" };

const SHOWS = {
  changed: ["Files that change", (entry) => entry.change !== "stay"],
  all: ["All, with those that only wait", () => true],
  review: ["To review", (entry) => entry.counts.review > 0],
  decision: ["Needs decision", (entry) => entry.counts.decision > 0],
  warnings: ["With warnings", (entry) => entry.warnings > 0],
  offered: ["Offered", (entry) => entry.counts.offered > 0],
  skipped: ["Stays", (entry) => entry.counts.skipped > 0],
  unseen: ["Not viewed", (entry) => !seen.has(entry.id)],
};

const isInStep = (entry) => !asked.step || `${entry.phase}.${entry.step}`.startsWith(asked.step);

/** Whether an entry passes the filters, those named in `without` left aside. */
function passes(entry, without = "") {
  return (
    (without === "step" || isInStep(entry)) &&
    (without === "classes" || asked.classes.size === 0 || asked.classes.has(entry.class)) &&
    (without === "package" || !asked.package || entry.packages.has(asked.package)) &&
    (without === "show" || SHOWS[asked.show][1](entry))
  );
}

/** The entries that pass filters and search; each learns which hunks match. */
function visibleEntries() {
  const query = asked.query.toLowerCase();
  return entries.filter((entry) => {
    entry.matching = null;
    if (!passes(entry)) return false;
    if (!query) return true;
    entry.matching = new Set();
    entry.hunks.forEach((hunk, at) => {
      hunk.lower ??= hunk.t.toLowerCase();
      if (hunk.lower.includes(query)) entry.matching.add(at);
    });
    const names = `${entry.path}\n${entry.from ?? ""}`.toLowerCase();
    return entry.matching.size > 0 || names.includes(query);
  });
}
