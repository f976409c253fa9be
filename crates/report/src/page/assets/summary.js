// What a reader sees first: what the plan comes to, what was verified, what
// awaits a person; and the pages of decisions, checks and notes.

const total = (key) => plan.phases.reduce((sum, phase) => sum + phase[key], 0);
const totalFiles = () => plan.phases.reduce((sum, phase) => sum + phase.files.total, 0);
const failedChecks = (phase) => phase.checks.filter((check) => !check.passed).length + phase.trials.filter((trial) => !trial.passed).length;
const checkCount = () => plan.phases.reduce((sum, phase) => sum + phase.checks.length + phase.trials.length, 0);

function verdict() {
  if (!plan.verified) return ["bad", "Failed", "This plan failed its verification and cannot be applied."];
  if (plan.empty) return ["calm", "Nothing to change", "Nothing is to be changed."];
  const checks = checkCount();
  const all = checks === 1 ? "The one check" : `All ${number(checks)} checks`;
  return ["good", "Verified", checks ? `${all} of this plan passed.` : "No check was asked for."];
}

/** `12 edited, 3 moved` */
function kinds(files) {
  const parts = ["edited", "created", "deleted", "moved"].filter((kind) => files[kind]);
  return parts.map((kind) => `${number(files[kind])} ${kind === "created" ? "new" : kind}`).join(", ");
}

function tile(count, text, show, tone) {
  const go = () => openChanges({ show });
  const face = [element("b", null, number(count)), element("span", null, text)];
  if (!count || !show) return element("div", { class: `tile ${count ? tone ?? "" : "none"}` }, face);
  return element("button", { type: "button", class: `tile ${tone ?? ""}`, onclick: go }, face);
}

function tiles(figures, files) {
  return element(
    "div",
    { class: "tiles" },
    tile(files.total, files.total === 1 ? "file changes" : "files change", "changed"),
    tile(figures.rewritten, figures.rewritten === 1 ? "name rewritten" : "names rewritten", "changed"),
    tile(figures.review, "to review", "review", "caution"),
    tile(figures.awaiting, figures.awaiting === 1 ? "awaits a decision" : "await a decision", "decision", "caution"),
    tile(figures.offered, "offered, not made", "offered"),
    tile(figures.skipped, figures.skipped === 1 ? "name stays" : "names stay", "skipped"),
  );
}

const box = (title, ...content) => element("section", { class: "box" }, element("h3", null, title), ...content);

/** A table with a bar behind the first figure of each row. */
function bars(head, rows, most = 12) {
  const largest = Math.max(1, ...rows.map((row) => row.figures[0]));
  const line = (row) =>
    element("tr", null,
      element("th", { scope: "row" },
        row.go ? button(row.name, { class: "link", onclick: row.go }) : element("span", null, ...prose(row.name)),
        element("span", { class: "bar", width: `${(100 * row.figures[0]) / largest}%` })),
      row.figures.map((figure) => element("td", { class: "figure" }, figure ? number(figure) : "·")));
  const body = element("tbody", null, rows.slice(0, most).map(line));
  const heads = head.map((text, at) => element("th", { scope: "col", class: at ? "figure" : null }, text));
  const table = element("table", { class: "bars" }, element("thead", null, element("tr", null, heads)), body);
  if (rows.length <= most) return table;
  const more = button(`Show ${number(rows.length - most)} more`, { class: "link" });
  more.addEventListener("click", () => {
    body.append(...rows.slice(most).map(line));
    more.remove();
  });
  return element("div", null, table, more);
}

function checkLine(check) {
  const sign = element("span", { class: check.passed ? "sign good" : "sign bad", "aria-label": check.passed ? "passed" : "failed" }, check.passed ? "✓" : "✗");
  const failed = check.passed ? null : element("span", { class: "bad" }, ` ${counted(check.failed, "failure")}`);
  return element("li", null, sign, element("span", null, check.law, failed), element("span", { class: "faint" }, check.scope));
}

function trialLine(trial) {
  const sign = element("span", { class: trial.passed ? "sign good" : "sign bad", "aria-label": trial.passed ? "passed" : "failed" }, trial.passed ? "✓" : "✗");
  const result = trial.passed ? "breaks nothing anew" : `${number(trial.broken.length)} broken anew`;
  return element("li", null, sign, element("code", null, trial.command), element("span", { class: trial.passed ? "faint" : "bad" }, result));
}

function said(rows) {
  const line = ([text, times, path, at]) =>
    element("li", null, element("span", { class: "times" }, `${number(times)}×`), element("span", null, ...prose(text), " ", element("span", { class: "faint" }, "first: ", placeLink(path, at))));
  return element("ul", { class: "said" }, rows.slice(0, 5).map(line), rows.length > 5 && element("li", { class: "faint" }, `… and ${number(rows.length - 5)} more`));
}

function noteLine([path, line, message]) {
  return element("li", null, path ? [placeLink(path, line), " "] : null, ...prose(message));
}

function decisionKinds(decisions) {
  const kindsSeen = [...new Set(decisions.map((decision) => decision.kind))];
  return kindsSeen.map((kind) => {
    const same = decisions.filter((decision) => decision.kind === kind);
    const names = same.reduce((sum, decision) => sum + decision.sites.length, 0);
    return { name: `${kind}: ${same[0].about}`, figures: [names, same.length], go: () => openView("decisions", `decision-${plan.decisions.indexOf(same[0])}`) };
  });
}

function phaseSection(phase, at) {
  const single = plan.phases.length === 1;
  const title = phase.title && phase.title !== phase.name ? phase.title : phase.name;
  const steps = phase.steps.map((step) => step.codemod).join(", ");
  const here = plan.decisions.filter((decision) => decision.sites.some(([path]) => entriesByPath.get(string(path))?.some((entry) => entry.phase === at)));
  const boxes = [
    (phase.checks.length > 0 || phase.trials.length > 0) &&
      box("Verified by", element("ul", { class: "checks" }, phase.checks.map(checkLine), phase.trials.map(trialLine)),
        failedChecks(phase) > 0 && button("Show what failed", { class: "link", onclick: () => openView("checks") })),
    phase.awaiting > 0 && box("Awaits a decision", bars(["kind", "places", "choices"], decisionKinds(here))),
    phase.rules.length > 0 && box("Rewritten by rule", bars(["rule", "names"], phase.rules.map(([name, names]) => ({ name, figures: [names] })))),
    phase.classes.length > 0 &&
      box("By class", bars(["class", "files", "names", "to review", "offered"], phase.classes.map(([name, ...figures]) => ({ name, figures, go: () => openChanges({ classes: new Set([name]), step: single ? "" : `${at}.` }) })))),
    phase.packages.length > 0 &&
      box("By package", bars(["package", "files", "names", "await"], phase.packages.map(([name, ...figures]) => ({ name, figures, go: () => openChanges({ package: name, step: single ? "" : `${at}.` }) })))),
    phase.warnings.length > 0 && box("Warnings", said(phase.warnings)),
    phase.reasons.length > 0 && box("Why names stay", said(phase.reasons)),
    phase.steps.some((step) => step.notes.length) &&
      box("Notes", element("ul", { class: "said" }, phase.steps.flatMap((step) => step.notes).slice(0, 8).map(noteLine)),
        button("All notes", { class: "link", onclick: () => openView("checks", "notes") })),
  ];
  return element("section", { class: "phase" },
    element("h2", null, single ? null : element("span", { class: "faint" }, `Phase ${at + 1} of ${plan.phases.length}  `), title),
    element("p", { class: "faint" }, `${phase.name === title ? "" : `${phase.name} · `}${steps}${phase.files.total ? ` · ${kinds(phase.files)}` : ""}`),
    tiles(phase, phase.files),
    element("div", { class: "boxes" }, boxes));
}

function renderSummary() {
  const [tone, , sentence] = verdict();
  const files = totalFiles();
  const parts = [
    `${number(total("rewritten"))} of them rewritten${total("review") ? ` (${number(total("review"))} to review)` : ""}`,
    total("awaiting") ? `${number(total("awaiting"))} ${total("awaiting") === 1 ? "awaits" : "await"} a decision` : "",
    total("offered") ? `${number(total("offered"))} ${total("offered") === 1 ? "is" : "are"} offered` : "",
    total("skipped") ? `${number(total("skipped"))} ${total("skipped") === 1 ? "stays" : "stay"}` : "",
  ].filter(Boolean);
  const names = plan.evidence.length;
  put(byId("view-summary"),
    element("div", { class: `banner ${tone}` },
      element("span", { class: "banner-sign", "aria-hidden": "true" }, tone === "bad" ? "✗" : tone === "good" ? "✓" : "–"),
      element("div", null,
        element("strong", null, plan.empty ? "Nothing would change." : `${counted(files, "file")} would change${plan.phases.length > 1 ? ` in ${number(plan.phases.length)} phases` : ""}. `, sentence),
        element("div", null, names ? `${counted(names, "name")} looked at: ${parts.join(", ")}.` : "No name was looked at.",
          " Nothing was written", plan.verified && !plan.empty ? ["; ", element("code", null, "repot apply"), " carries out exactly this."] : ".")),
      !plan.empty && button("Review the changes", { class: "primary", onclick: () => openChanges({}) })),
    ...plan.phases.map(phaseSection),
  );
}

/** A decision with all that is needed to take it. */
function decisionCard(decision) {
  const candidates = decision.candidates.map((place, at) => candidateRow(candidateAt(place), at, { winner: -1 }));
  const site = ([path, line]) => element("li", null, placeLink(string(path), line));
  const first = decision.sites.slice(0, 5).map(site);
  const rest = decision.sites.slice(5);
  return [
    element("h3", null, element("span", { class: "tag caution" }, decision.kind), " ", element("code", null, broken(decision.subject)),
      element("span", { class: "faint" }, ` ${counted(decision.sites.length, "place")}`)),
    element("p", null, `${decision.about} · `, element("span", { class: "faint" }, ...prose(decision.rule))),
    element("div", { class: "decision-parts" },
      element("div", null, element("h4", null, "Candidates"), candidates.length ? element("ol", null, candidates.slice(0, 5)) : element("p", { class: "faint" }, "None in the workspace."),
        candidates.length > 5 && element("details", null, element("summary", null, `${number(candidates.length - 5)} more`), element("ol", { start: "6" }, candidates.slice(5)))),
      element("div", null, element("h4", null, "Places"), element("ul", { class: "sites" }, first),
        rest.length > 0 && element("details", null, element("summary", null, `${number(rest.length)} more`), element("ul", { class: "sites" }, rest.map(site)))),
      element("div", { class: "settle" },
        element("h4", null, "For the roadmap ", button("Copy", { class: "link", onclick: () => copy(`${decision.lines}\n`) })),
        element("pre", null, decision.lines))),
  ];
}

/** Whether what is searched for stands in a decision. */
function decisionMatches(decision) {
  const query = asked.query.toLowerCase();
  const texts = () => [decision.subject, decision.lines, ...decision.sites.map(([path]) => string(path))];
  return (!asked.kind || decision.kind === asked.kind) && (!query || texts().some((text) => text.toLowerCase().includes(query)));
}

function renderDecisions() {
  const view = byId("view-decisions");
  if (!plan.decisions.length) {
    view.replaceChildren(element("h2", null, "Decisions"), element("p", null, "No decision is open."));
    return;
  }
  const shown = plan.decisions.filter(decisionMatches);
  const names = shown.reduce((sum, decision) => sum + decision.sites.length, 0);
  const card = (decision) => {
    const height = 130 + 20 * Math.max(Math.min(20, decision.lines.split("\n").length), 3 * Math.min(5, decision.candidates.length), Math.min(6, decision.sites.length));
    const node = element("article", { class: "decision", id: `decision-${plan.decisions.indexOf(decision)}`, tabindex: "-1" });
    return lazy(node, height, () => decisionCard(decision));
  };
  const chip = (kind) => {
    const choose = () => {
      asked.kind = asked.kind === kind ? "" : kind;
      renderDecisions();
    };
    const count = plan.decisions.filter((decision) => decision.kind === kind).length;
    return element("button", { type: "button", class: "chip", "aria-pressed": String(asked.kind === kind), onclick: choose }, kind, element("span", { class: "count" }, number(count)));
  };
  const kinds = [...new Set(plan.decisions.map((decision) => decision.kind))];
  put(view,
    element("h2", null, `${counted(shown.length, "choice")} for a person`),
    element("p", { class: "faint" }, `${counted(names, "place")} ${names === 1 ? "waits" : "wait"}. Repot does not guess: settle them with lines in the roadmap and plan again. What may go ahead without them is in the plan already.`),
    element("div", { class: "chips", role: "group", "aria-label": "Kinds of decision" }, kinds.map(chip)),
    shown.map(card));
}

function runBlock(title, run) {
  const status = run.status === null ? "ended by a signal" : `exit status ${run.status}`;
  return element("details", null,
    element("summary", null, `${title}: ${status}, ${(run.milliseconds / 1000).toFixed(1)} s`),
    element("pre", null, run.output || "(no output)"));
}

function phaseChecks(phase) {
  const check = (one) => element("article", { class: one.passed ? "check" : "check failed" },
    element("ul", { class: "checks" }, checkLine(one)),
    one.failures.length > 0 && element("ul", { class: "said" }, one.failures.map(noteLine)),
    one.failed > one.failures.length && element("p", { class: "faint" }, `… and ${number(one.failed - one.failures.length)} more`));
  const trial = (one) => element("article", { class: one.passed ? "check" : "check failed" },
    element("ul", { class: "checks" }, trialLine(one)),
    one.broken.length > 0 && element("ul", { class: "broken" }, one.broken.map((line) => element("li", null, element("code", null, line)))),
    runBlock("Before", one.before), runBlock("After", one.after));
  const notes = phase.steps.flatMap((step) => step.notes);
  return element("section", { class: "phase" },
    plan.phases.length > 1 && element("h2", null, phase.title || phase.name),
    element("h3", null, "Checks"), phase.checks.length ? phase.checks.map(check) : element("p", { class: "faint" }, "None."),
    phase.trials.length > 0 && [element("h3", null, "Commands, before and after"), phase.trials.map(trial)],
    notes.length > 0 && [element("h3", null, `Notes (${number(notes.length)})`), noteList(notes)]);
}

/** Notes, many of them only when they are asked for. */
function noteList(notes) {
  const list = element("ul", { class: "said" }, notes.slice(0, 200).map(noteLine));
  if (notes.length <= 200) return list;
  const more = button(`Show ${number(notes.length - 200)} more`, { class: "link" });
  more.addEventListener("click", () => {
    list.append(...notes.slice(200).map(noteLine));
    more.remove();
  });
  return element("div", null, list, more);
}

function renderChecks() {
  byId("view-checks").replaceChildren(
    element("h2", null, "Checks and notes"),
    ...plan.phases.map(phaseChecks),
    element("section", { class: "phase", id: "notes", tabindex: "-1" }, element("h3", null, "About the tree"),
      plan.notes.length ? noteList(plan.notes) : element("p", { class: "faint" }, "Nothing to note.")),
  );
}
