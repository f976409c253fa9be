// A hunk as a table, unified or side by side, and the evidence beside it.

const ROW = 20;
const MOST_AT_ONCE = 400;
const display = {
  split: remembered("repot-split", false),
  evidence: remembered("repot-evidence", true),
  theme: remembered("repot-theme", "auto"),
};

/** The rows of a hunk with their numbers. */
function rowsOf(hunk) {
  const tokens = hunk.k.split(",");
  const marks = hunk.m.split(",");
  let [before] = hunk.o;
  let [after] = hunk.n;
  return hunk.t.split("\n").map((line, at) => {
    const row = { sign: line[0], text: line.slice(1), tokens: tokens[at] ?? "", marks: marks[at] ?? "" };
    if (row.sign === " " || row.sign === "-") row.old = before++;
    if (row.sign === " " || row.sign === "+") row.new = after++;
    return row;
  });
}

/** The stretches of a row that look alike: start, end, kind, whether marked. */
function stretches(row) {
  const cuts = new Set([0, row.text.length]);
  const kinds = [];
  let at = 0;
  for (const [, kind, length] of row.tokens.matchAll(/([a-z])(\d+)/g)) {
    kinds.push([at, at + Number(length), kind]);
    cuts.add(at);
    at += Number(length);
    cuts.add(at);
  }
  const marks = row.marks ? row.marks.split("/").map((mark) => mark.split("-").map(Number)) : [];
  marks.flat().forEach((cut) => cuts.add(cut));
  const sorted = [...cuts].filter((cut) => cut <= row.text.length).sort((a, b) => a - b);
  return sorted.slice(1).map((end, index) => {
    const start = sorted[index];
    const kind = kinds.find(([from, to]) => from <= start && start < to)?.[2] ?? "p";
    return { start, end, kind, isMarked: marks.some(([from, to]) => from <= start && start < to) };
  });
}

function codeCell(row) {
  if (!row) return element("td", { class: "code none" });
  const side = { "-": "old", "+": "new", "\\": "remark" }[row.sign] ?? "";
  const cell = element("td", { class: `code ${side}` });
  for (const { start, end, kind, isMarked } of stretches(row)) {
    const text = row.text.slice(start, end);
    if (kind === "p" && !isMarked) cell.append(text);
    else cell.append(element("span", { class: `${kind === "p" ? "" : kind}${isMarked ? " x" : ""}` }, text));
  }
  return cell;
}

const numberCell = (value, side) => element("td", { class: `n ${side}` }, value === undefined ? "" : String(value));
const sideOf = (row) => ({ "-": "old", "+": "new" })[row?.sign] ?? "";

function unifiedRow(row) {
  const side = sideOf(row);
  return element("tr", { "data-old": row.old }, numberCell(row.old, side), numberCell(row.new, side), codeCell(row));
}

/** Rows in pairs: what stands on both sides, or what became of what. */
function pairs(rows) {
  const paired = [];
  let [gone, come] = [[], []];
  const flush = () => {
    for (let at = 0; at < Math.max(gone.length, come.length); at += 1) paired.push([gone[at], come[at]]);
    [gone, come] = [[], []];
  };
  let last = " ";
  for (const row of rows) {
    const sign = row.sign === "\\" ? last : row.sign;
    if (sign === " ") {
      flush();
      paired.push([row, row]);
    } else (sign === "-" ? gone : come).push(row);
    last = sign;
  }
  flush();
  return paired;
}

function splitRow([left, right]) {
  const old = numberCell(left?.old, left ? sideOf(left) : "none");
  const now = numberCell(right?.new, right ? sideOf(right) : "none");
  return element("tr", { "data-old": left?.old }, old, codeCell(left), now, codeCell(right));
}

/** The table of a hunk; the rest of a long one comes when it is asked for. */
function diffTable(hunk) {
  const rows = display.split ? pairs(rowsOf(hunk)) : rowsOf(hunk);
  const make = display.split ? splitRow : unifiedRow;
  const body = element("tbody", null, rows.slice(0, MOST_AT_ONCE).map(make));
  const columns = (display.split ? ["n", "", "n", ""] : ["n", "n", ""]).map((name) => element("col", { class: name }));
  const table = element("table", { class: display.split ? "diff split" : "diff" }, element("colgroup", null, columns), body);
  if (rows.length <= MOST_AT_ONCE) return [table];
  const more = button(`Show ${counted(rows.length - MOST_AT_ONCE, "more line")}`, { class: "more" });
  more.addEventListener("click", () => {
    body.append(...rows.slice(MOST_AT_ONCE).map(make));
    more.remove();
  });
  return [table, more];
}

function candidateRow(candidate, at, item) {
  const won = at === item.winner;
  const about = [candidate.how, `suffix ${candidate.suffix}`, candidate.reach, candidate.package].filter(Boolean);
  return element(
    "li",
    { class: won ? "candidate won" : "candidate" },
    element("code", null, broken(candidate.module)),
    won && element("span", { class: "tag good" }, "chosen"),
    element("div", { class: "faint" }, about.join(" · ")),
    element("div", { class: "faint path" }, broken(candidate.path)),
    candidate.obstacle && element("div", { class: "caution" }, "cannot be imported: ", ...prose(candidate.obstacle)),
  );
}

function outcomeText(item) {
  if (item.outcome === "decision") return [`${OUTCOMES.decision.name}: `, element("b", null, item.detail)];
  if (item.outcome === "skipped") return ["stays: ", ...prose(item.detail)];
  return ["→ ", element("code", null, broken(item.detail))];
}

/** A piece of evidence: what, what came of it and by which rule; the rest folded. */
function evidenceCard([place, , line]) {
  const item = evidenceAt(place);
  const candidates = item.candidates.map((candidate, at) => candidateRow(candidate, at, item));
  const head = element(
    "summary",
    { title: "Show the candidates" },
    element("span", { class: "ev-line" }, `L${item.line}`),
    element("code", { class: "ev-subject" }, broken(item.subject)),
    item.outcome !== "certain" && item.outcome !== "decision" && item.outcome !== "skipped"
      ? element("span", { class: "tag caution" }, OUTCOMES[item.outcome].name)
      : null,
    element("div", { class: "ev-outcome" }, outcomeText(item)),
    element("div", { class: "ev-rule" }, ...prose(item.rule)),
    item.warnings.map((warning) => element("div", { class: "ev-warning" }, ...prose(warning))),
  );
  return element(
    "details",
    { class: `ev ${item.outcome}`, "data-line": line },
    head,
    element("div", { class: "ev-more" },
      element("div", { class: "faint" }, `${item.class} · ${item.package ?? NO_PACKAGE} · line ${item.line} of the file before`),
      candidates.length
        ? element("ol", null, candidates)
        : element("p", { class: "faint" }, "No module of the workspace comes into question."),
      item.outcome === "decision" &&
        button("Show the decision", { class: "link", onclick: () => openDecision(item.detail, item.subject, item.path) }),
    ),
  );
}

/** The cards of some evidence: what waits for a person first. */
function evidenceList(items, label) {
  if (!items.length) return null;
  const order = (item) => OUTCOMES[string(plan.evidence[item[0]][8])].order;
  const sorted = [...items].sort((a, b) => order(a) - order(b) || a[2] - b[2]);
  return element("div", { class: "evidence", role: "group", "aria-label": label }, sorted.map(evidenceCard));
}
