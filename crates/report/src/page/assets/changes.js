// The files: as a tree at the left, and one after the other with their hunks.

let visible = [];
/** What the keyboard goes through: the visible hunks, and files without any. */
let stops = [];
let current = -1;
const main = byId("main");

/** How tall a file will be, as well as it can be told before it is made. */
function heightOf(entry) {
  if (isFolded(entry)) return 38;
  const cards = (hunk) => entry.raw.e.filter((item) => item[1] === hunk).length;
  const below = !display.evidence ? 0 : cards(-1) * 70;
  const hunk = (one, at) => {
    const rows = Math.min(rowCount(one), MOST_AT_ONCE) * ROW + 28;
    return display.evidence ? Math.max(rows, cards(at) * 80) : rows;
  };
  return 54 + below + 22 * entry.raw.r.length + entry.hunks.map(hunk).reduce((sum, height) => sum + height, 0);
}

const folded = new Map();
const isFolded = (entry) => folded.get(entry.id) ?? seen.has(entry.id);

function nodeOf(entry) {
  if (entry.node) return entry.node;
  entry.node = element("article", { class: "file", id: `file-${entry.index}`, "aria-label": `${CHANGE_NAMES[entry.change]}: ${entry.path}` });
  return lazy(entry.node, heightOf(entry), () => fileContent(entry));
}

/** Makes the file anew where it is shown. */
function refresh(entry) {
  if (!entry.node) return;
  entry.node.isFilled = false;
  entry.node.style.minHeight = `${heightOf(entry)}px`;
  if (entry.node.isConnected) fill(entry.node);
}

function fold(entry, isFoldedNow) {
  folded.set(entry.id, isFoldedNow);
  refresh(entry);
}

function setSeen(entry, isSeen) {
  isSeen ? seen.add(entry.id) : seen.delete(entry.id);
  remember(`repot-seen-${planKey}`, [...seen]);
  fold(entry, isSeen);
  renderCount();
}

function fileHead(entry) {
  const { counts } = entry;
  const tag = (count, text, tone) => count > 0 && element("span", { class: `tag ${tone}` }, `${number(count)} ${text}`);
  const isOpen = !isFolded(entry);
  const name = entry.path.lastIndexOf("/") + 1;
  const check = element("input", { type: "checkbox", onchange: (event) => setSeen(entry, event.target.checked) });
  check.checked = seen.has(entry.id);
  return element("header", { class: "file-head" },
    button(isOpen ? "▾" : "▸", { class: "plain fold", "aria-expanded": String(isOpen), "aria-label": `Fold ${entry.path}`, onclick: () => fold(entry, isOpen) }),
    element("span", { class: `change ${entry.change}`, title: CHANGE_NAMES[entry.change] }, CHANGES[entry.change]),
    element("h3", { class: "file-name" }, entry.from !== null && [element("span", { class: "faint" }, broken(entry.from)), " → "],
      element("span", { class: "folder" }, broken(entry.path.slice(0, name))), element("b", null, entry.path.slice(name))),
    element("span", { class: "tag" }, entry.class),
    tag(counts.decision, "to decide", "caution"),
    tag(counts.review, "to review", "caution"),
    entry.change === "stay" ? element("span", { class: "faint" }, "not changed") :
      element("span", { class: "sizes" }, element("span", { class: "good" }, `+${number(entry.added)}`), " ", element("span", { class: "bad" }, `−${number(entry.removed)}`)),
    button("Copy path", { class: "link quiet", onclick: () => copy(entry.path) }),
    element("label", { class: "viewed", title: "Viewed (v)" }, check, "Viewed"));
}

function hunkNode(entry, hunk, at) {
  const label = `Hunk ${at + 1} of ${entry.hunks.length}`;
  const head = element("div", { class: "hunk-head" }, element("span", null, hunk.r), element("span", { class: "faint" }, hunk.f));
  return element("section", { class: "hunk", id: `hunk-${entry.index}-${at}`, "aria-label": label, tabindex: "-1" },
    element("div", { class: "hunk-diff" }, head, ...diffTable(hunk)),
    display.evidence && evidenceList(beside(entry, at), `Evidence for hunk ${at + 1}`));
}

function fileContent(entry) {
  if (isFolded(entry)) return [fileHead(entry)];
  const rest = beside(entry, -1);
  const elsewhere = rest.length > 0 && display.evidence &&
    element("section", { class: "elsewhere" }, entry.hunks.length > 0 && element("div", { class: "faint" }, "Elsewhere in this file"), evidenceList(rest, "Evidence elsewhere in this file"));
  return [
    fileHead(entry),
    ...entry.raw.r.map((remark) => element("p", { class: "remark" }, remark)),
    entry.change === "move" && !entry.hunks.length ? element("p", { class: "remark" }, "Moved without a change.") : null,
    ...entry.hunks.map((hunk, at) => hunkNode(entry, hunk, at)),
    elsewhere,
  ];
}

function stepHeading(entry) {
  const phase = plan.phases[entry.phase];
  const step = phase.steps[entry.step];
  const place = plan.phases.length > 1 ? `${phase.title || phase.name} · ` : "";
  return element("h2", { class: "step-head" }, `${place}step ${entry.step + 1} of ${phase.steps.length}: ${step.codemod}`);
}

/** Shows what passes the filters, in the tree and in the list. */
function renderChanges() {
  visible = visibleEntries();
  CSS.highlights?.get("found")?.clear();
  stops = [];
  const nodes = [];
  let last = "";
  for (const entry of visible) {
    const step = `${entry.phase}.${entry.step}`;
    if (step !== last) nodes.push(stepHeading(entry));
    last = step;
    nodes.push(nodeOf(entry));
    const hunks = entry.hunks.map((hunk, at) => at).filter((at) => !entry.matching?.size || entry.matching.has(at));
    for (const at of hunks.length ? hunks : [-1]) stops.push([entry, at]);
  }
  if (!visible.length) {
    nodes.push(element("div", { class: "nothing" }, element("p", null, plan.entries.length ? "No file passes these filters." : "This plan changes nothing."),
      plan.entries.length > 0 && button("Clear the filters", { class: "primary", onclick: clearFilters })));
  }
  byId("view-changes").replaceChildren(...nodes);
  if (asked.query) visible.filter((entry) => entry.node.isFilled).forEach((entry) => markFound(entry.node));
  current = -1;
  tree.build();
  renderCount();
}

function renderCount() {
  const files = new Set(visible.map((entry) => entry.path)).size;
  const viewed = visible.filter((entry) => seen.has(entry.id)).length;
  byId("tree-count").textContent = number(files) + (viewed ? ` · ${number(viewed)} viewed` : "");
  const matches = visible.reduce((sum, entry) => sum + (entry.matching?.size ?? 0), 0);
  byId("search").title = asked.query ? `${counted(files, "file")}, ${counted(matches, "hunk")}` : "";
}

/** Brings a stop to the top of the view. */
function go(at, isQuiet = false) {
  if (!stops.length) return;
  current = Math.max(0, Math.min(stops.length - 1, at));
  const [entry, hunk] = stops[current];
  if (hunk >= 0 && folded.get(entry.id) !== false && isFolded(entry) && !seen.has(entry.id)) fold(entry, false);
  reveal(entry, hunk);
  if (!isQuiet) byId("tree").querySelector(".at")?.scrollIntoView({ block: "nearest" });
  keepAddress();
}

function reveal(entry, hunk, line = 0) {
  fill(entry.node);
  const target = () => {
    const node = (hunk >= 0 && byId(`hunk-${entry.index}-${hunk}`)) || entry.node;
    return (line && node.querySelector(`tr[data-old="${line}"]`)) || node;
  };
  document.querySelectorAll(".current").forEach((node) => node.classList.remove("current"));
  target().closest(".hunk, .file").classList.add("current");
  target().closest(".hunk, .file").focus?.({ preventScroll: true });
  const scroll = () => target().scrollIntoView({ block: line ? "center" : "start" });
  scroll();
  // What lies above may turn out taller than it was thought to be.
  requestAnimationFrame(() => requestAnimationFrame(scroll));
  tree.mark(entry.path);
}

const stopOf = (entry, hunk) => stops.findIndex(([one, at]) => one === entry && (hunk < 0 || at === hunk));

/** The stop that is looked at: the one gone to, or the one at the top. */
function stopHere() {
  if (current >= 0) return current;
  const box = main.getBoundingClientRect();
  const node = document.elementFromPoint(box.left + 80, box.top + 60)?.closest?.(".file");
  const entry = visible.find((one) => one.node === node);
  return entry ? stopOf(entry, -1) : -1;
}

function goFile(direction) {
  const here = stopHere();
  const entry = stops[here]?.[0];
  let at = here;
  while (stops[at] && stops[at][0] === entry) at += direction;
  if (direction < 0 && stops[at]) at = stopOf(stops[at][0], -1);
  go(at);
}

/** Opens a file at a line of the file before the change. */
function openPlace(path, line) {
  const all = entriesByPath.get(path) ?? [];
  const at = (entry) => entry.raw.e.find((item) => item[1] >= 0 && plan.evidence[item[0]][2] === line);
  const entry = all.find((one) => line && at(one)) ?? all[0];
  if (!entry) return;
  if (!visibleEntries().includes(entry)) resetFilters();
  openView("changes");
  const hit = line ? at(entry) : null;
  current = stopOf(entry, hit ? hit[1] : -1);
  if (isFolded(entry)) fold(entry, false);
  reveal(entry, hit ? hit[1] : -1, hit ? hit[2] : 0);
  keepAddress();
}

// The tree: folders with counts, of which only what is seen is made.
const TREE_ROW = 24;
const tree = {
  rows: [],
  closed: new Set(),
  active: 0,
  path: "",

  build() {
    const root = { name: "", path: "", folders: new Map(), files: new Map(), hunks: 0, waits: 0, count: 0 };
    for (const entry of visible) this.place(root, entry);
    this.root = root;
    this.flatten();
  },

  place(root, entry) {
    const parts = entry.path.split("/");
    const name = parts.pop();
    let folder = root;
    const chain = [root];
    for (const part of parts) {
      if (!folder.folders.has(part)) {
        const path = folder.path ? `${folder.path}/${part}` : part;
        folder.folders.set(part, { name: part, path, folders: new Map(), files: new Map(), hunks: 0, waits: 0, count: 0 });
      }
      folder = folder.folders.get(part);
      chain.push(folder);
    }
    const isNew = !folder.files.has(name);
    const file = folder.files.get(name) ?? { name, path: entry.path, entries: [], hunks: 0, waits: 0 };
    folder.files.set(name, file);
    file.entries.push(entry);
    for (const one of [...chain, file]) {
      one.hunks += entry.hunks.length;
      one.waits += entry.counts.decision + entry.counts.review;
    }
    if (isNew) for (const one of chain) one.count += 1;
  },

  flatten() {
    this.rows = [];
    this.walk(this.root, 1);
    this.active = Math.max(0, this.rows.findIndex((row) => row.node.path === this.path && row.isFile));
    byId("tree").replaceChildren(element("div", { class: "tree-rows", role: "presentation" }));
    byId("tree").firstChild.style.height = `${this.rows.length * TREE_ROW}px`;
    byId("tree-fold").textContent = this.closed.size ? "Unfold all" : "Fold all";
    this.draw();
  },

  walk(folder, level) {
    const byName = (a, b) => (a[0] < b[0] ? -1 : 1);
    for (let [, one] of [...folder.folders].sort(byName)) {
      const names = [one.name];
      // A folder with nothing but one folder is shown with it.
      while (one.folders.size === 1 && one.files.size === 0) {
        [[, one]] = one.folders;
        names.push(one.name);
      }
      this.rows.push({ node: one, name: names.join("/"), level, isFile: false });
      if (!this.closed.has(one.path)) this.walk(one, level + 1);
    }
    for (const [name, file] of [...folder.files].sort(byName)) this.rows.push({ node: file, name, level, isFile: true });
  },

  draw() {
    const view = byId("tree");
    const first = Math.max(0, Math.floor(view.scrollTop / TREE_ROW) - 20);
    const last = Math.min(this.rows.length, Math.ceil((view.scrollTop + view.clientHeight) / TREE_ROW) + 20);
    const rows = [];
    for (let at = first; at < last; at += 1) rows.push(this.row(this.rows[at], at));
    view.firstChild.replaceChildren(...rows);
    view.setAttribute("aria-activedescendant", this.rows.length ? `tree-${this.active}` : "");
  },

  row({ node, name, level, isFile }, at) {
    const isOpen = !this.closed.has(node.path);
    const isSeen = isFile && node.entries.every((entry) => seen.has(entry.id));
    const change = isFile ? (node.entries.find((entry) => entry.change !== "edit" && entry.change !== "stay") ?? node.entries.find((entry) => entry.change === "edit") ?? node.entries[0]).change : "";
    const label = isFile ? `${name}, ${CHANGE_NAMES[change]}, ${counted(node.hunks, "hunk")}${node.waits ? `, ${number(node.waits)} for a person` : ""}` : `${name}, ${counted(node.count, "file")}${node.waits ? `, ${number(node.waits)} for a person` : ""}`;
    const one = element("div", {
      class: `tree-row${at === this.active ? " active" : ""}${isFile && node.path === this.path ? " at" : ""}${isSeen ? " seen" : ""}`,
      role: "treeitem", id: `tree-${at}`, "aria-level": String(level), "aria-label": label, title: node.path,
      "aria-expanded": isFile ? null : String(isOpen), "aria-selected": String(isFile && node.path === this.path),
      onclick: () => this.open(at),
    },
      isFile ? element("span", { class: `change ${change}` }, CHANGES[change]) : element("span", { class: "twist" }, isOpen ? "▾" : "▸"),
      element("span", { class: "tree-name" }, name),
      node.waits > 0 && element("span", { class: "count caution", title: "To decide or to review" }, number(node.waits)),
      element("span", { class: "count", title: isFile ? "Hunks" : "Files" }, number(isFile ? node.hunks : node.count)));
    one.style.top = `${at * TREE_ROW}px`;
    one.style.paddingLeft = `${6 + (level - 1) * 12}px`;
    return one;
  },

  open(at) {
    const row = this.rows[at];
    if (!row) return;
    this.active = at;
    if (!row.isFile) return this.toggle(row.node.path, at);
    openView("changes", "", true);
    go(stopOf(row.node.entries[0], -1), true);
  },

  toggle(path, at) {
    this.closed.has(path) ? this.closed.delete(path) : this.closed.add(path);
    this.flatten();
    this.active = at;
    this.draw();
  },

  foldAll() {
    const all = [];
    const collect = (folder) => folder.folders.forEach((one) => (all.push(one.path), collect(one)));
    collect(this.root);
    this.closed = this.closed.size ? new Set() : new Set(all);
    this.flatten();
  },

  /** Shows which file is looked at. */
  mark(path) {
    if (this.path === path) return;
    this.path = path;
    const at = this.rows.findIndex((row) => row.isFile && row.node.path === path);
    if (at >= 0) {
      this.active = at;
      const view = byId("tree");
      const top = at * TREE_ROW;
      if (top < view.scrollTop || top + TREE_ROW > view.scrollTop + view.clientHeight) view.scrollTop = top - view.clientHeight / 2;
    }
    this.draw();
  },

  key(event) {
    const row = this.rows[this.active];
    const isOpen = row && !row.isFile && !this.closed.has(row.node.path);
    const parent = () => this.rows.findLastIndex((one, at) => at < this.active && one.level < row.level);
    const moves = {
      ArrowDown: () => this.active + 1,
      ArrowUp: () => this.active - 1,
      Home: () => 0,
      End: () => this.rows.length - 1,
      ArrowRight: () => (row.isFile || isOpen ? this.active + 1 : (this.toggle(row.node.path, this.active), this.active)),
      ArrowLeft: () => (isOpen ? (this.toggle(row.node.path, this.active), this.active) : parent()),
    };
    if (event.key === "Enter" || event.key === " ") this.open(this.active);
    else if (row && moves[event.key]) this.active = Math.max(0, Math.min(this.rows.length - 1, moves[event.key]()));
    else return;
    event.preventDefault();
    event.stopPropagation();
    const view = byId("tree");
    const top = this.active * TREE_ROW;
    if (top < view.scrollTop) view.scrollTop = top;
    if (top + TREE_ROW > view.scrollTop + view.clientHeight) view.scrollTop = top + TREE_ROW - view.clientHeight;
    this.draw();
  },
};
