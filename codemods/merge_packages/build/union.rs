//! One build file of two.

use std::collections::{BTreeMap, BTreeSet};

use repot_change::{Class, Edit, Edits, Evidence, RelPath, Span, position};

use super::Builds;
use super::starlark::{Argument, Call, Statement, call, inside, parts, statements, trimmed};
use crate::merge_packages::evidence::{Account, Choice, candidate, chosen, spelled};

/// What stands once in a file and names no target.
const SINGLE: [&str; 1] = ["package"];

/// Whether both set a variable, and not alike.
pub fn differs(one: &[Statement<'_>], other: &[Statement<'_>]) -> bool {
    let mut sets = one.iter().filter_map(|one| Some((variable(one)?, one)));
    sets.any(|(name, one)| {
        other.iter().any(|other| variable(other) == Some(name) && !is_same(one.text, other.text))
    })
}

fn variable<'t>(statement: &Statement<'t>) -> Option<&'t str> {
    let (name, _) = statement.text.split_once('=').filter(|_| statement.call.is_none())?;
    Some(name.trim())
}

/// Whether two texts differ in blanks and commas before brackets at most.
fn is_same(one: &str, other: &str) -> bool {
    let solid = |text: &str| {
        let text: String = text.split_whitespace().collect();
        text.replace(",]", "]").replace(",)", ")")
    };
    solid(one) == solid(other)
}

/// The target's file, as far as it has taken the source's in.
pub struct Union<'a> {
    builds: &'a Builds<'a>,
    from: &'a RelPath,
    to: &'a RelPath,
    there: &'a str,
    statements: Vec<Statement<'a>>,
    /// What is put between what is there, by its place.
    added: BTreeMap<usize, String>,
    replaced: Vec<Edit>,
    behind: String,
    evidence: Vec<Evidence>,
}

/// A rule of both files.
struct Met<'a, 't> {
    /// The name of the target; that of the function where there is none.
    name: &'t str,
    line: usize,
    there: &'a Call<'a>,
    incoming: &'t Call<'t>,
}

impl<'a> Union<'a> {
    /// The file `files.1`, whose text is `there`, before it takes in `files.0`.
    pub fn new(builds: &'a Builds<'a>, (from, to): (&'a RelPath, &'a RelPath), there: &'a str) -> Self {
        Self {
            builds,
            from,
            to,
            there,
            statements: statements(there).unwrap_or_default(),
            added: BTreeMap::new(),
            replaced: Vec::new(),
            behind: String::new(),
            evidence: Vec::new(),
        }
    }

    /// The text of both, and why.
    pub fn of(mut self, incoming: &str) -> (String, Vec<Evidence>) {
        let known = std::mem::take(&mut self.statements);
        self.drop_own(&known);
        for statement in statements(incoming).unwrap_or_default() {
            let line = position(incoming.as_bytes(), statement.span.start).0;
            if !known.iter().any(|one| is_same(one.text, statement.text)) {
                self.take(&known, &statement, line);
            }
        }
        let added = self.added.into_iter().map(|(at, text)| Edit::insert(at, text));
        let edits = Edits::new(added.chain(self.replaced).collect());
        let text = edits.ok().and_then(|edits| edits.apply(self.there.as_bytes()).ok());
        let text = text.and_then(|text| String::from_utf8(text).ok()).unwrap_or(self.there.to_owned());
        let open = if text.is_empty() || text.ends_with('\n') { "" } else { "\n" };
        (format!("{text}{open}{}", self.behind), self.evidence)
    }

    fn take(&mut self, known: &[Statement<'_>], statement: &Statement<'_>, line: usize) {
        let Some(incoming) = &statement.call else { return self.append(statement.lead, statement.text) };
        if incoming.function == "load" {
            return self.load(known, statement, incoming);
        }
        let calls = || known.iter().filter_map(|one| one.call.as_ref());
        let Some(name) = incoming.name() else {
            let single = SINGLE.contains(&incoming.function);
            let there = calls().find(|there| single && there.function == incoming.function);
            return match there {
                Some(there) => self.join(&Met { name: incoming.function, line, there, incoming }),
                None => self.append(statement.lead, statement.text),
            };
        };
        let namesakes = || calls().filter(|there| there.name() == Some(name));
        match namesakes().find(|there| there.function == incoming.function) {
            Some(there) => self.join(&Met { name, line, there, incoming }),
            None if namesakes().next().is_some() => self.rename(statement, incoming, line),
            None => {
                self.append(statement.lead, statement.text);
                let rule = "the rule stands behind those of the target".to_owned();
                let account = self.account(name, line, rule);
                self.evidence.push(account.goes(self.to));
            }
        }
    }

    fn account(&self, name: &str, line: usize, rule: String) -> Account {
        let folder = self.from.parent().unwrap_or_else(RelPath::root);
        let subject = format!("//{folder}:{name}");
        Account { line, ..Account::of(Class::Config, self.from, subject, rule) }
    }

    fn append(&mut self, lead: &str, text: &str) {
        let gap = if self.there.trim().is_empty() && self.behind.is_empty() { "" } else { "\n" };
        let end = if lead.is_empty() { "" } else { "\n" };
        self.behind += &format!("{gap}{lead}{end}{text}\n");
    }

    fn add(&mut self, at: usize, text: &str) {
        self.added.entry(at).or_default().push_str(text);
    }

    /// What is loaded from one file is loaded at one place, and before it is used.
    fn load(&mut self, known: &[Statement<'_>], statement: &Statement<'_>, incoming: &Call<'_>) {
        let calls = known.iter().filter_map(|one| Some((one, one.call.as_ref()?)));
        let loads: Vec<(&Statement<'_>, &Call<'_>)> =
            calls.filter(|(_, call)| call.function == "load").collect();
        let file = incoming.arguments.first().map(|file| file.value);
        let same = loads.iter().find(|(_, call)| call.arguments.first().map(|file| file.value) == file);
        if let Some((_, there)) = same {
            let has = |one: &Argument<'_>| {
                there.arguments.iter().any(|own| (own.key, own.value) == (one.key, one.value))
            };
            let missing = incoming.arguments.iter().filter(|one| !has(one));
            return missing.for_each(|one| self.add_argument(there, one));
        }
        match (loads.last(), known.first()) {
            (Some((last, _)), _) => self.add(last.span.end, &format!("\n{}", statement.text)),
            (None, Some(first)) => self.add(first.span.start, &format!("{}\n\n", statement.text)),
            (None, None) => self.append("", statement.text),
        }
    }

    fn add_argument(&mut self, there: &Call<'_>, argument: &Argument<'_>) {
        let Some(last) = there.arguments.last() else { return };
        let start = last.span.start - if last.key.is_empty() { 0 } else { last.key.len() };
        let line = self.there[..start].rfind('\n').map_or(0, |at| at + 1);
        let indent: String = self.there[line..].chars().take_while(|c| c.is_whitespace()).collect();
        let is_alone = self.there.get(line..line + indent.len() + 1).is_some_and(|_| !indent.is_empty());
        let gap = if is_alone { format!(",\n{indent}") } else { ", ".to_owned() };
        let key = if argument.key.is_empty() { String::new() } else { format!("{} = ", argument.key) };
        self.add(last.span.end, &format!("{gap}{key}{}", argument.value));
    }

    /// Two rules of one kind and name are one.
    fn join(&mut self, met: &Met<'_, '_>) {
        let rule = "one rule of both, with what both list".to_owned();
        self.evidence.push(self.account(met.name, met.line, rule).goes(self.to));
        for argument in met.incoming.arguments.iter().filter(|one| !one.key.is_empty()) {
            let Some(there) = met.there.arguments.iter().find(|one| one.key == argument.key) else {
                self.add_argument(met.there, argument);
                continue;
            };
            let is_joined = is_same(there.value, argument.value)
                || self.join_values(there.span.start, there.value, argument.value, met.name);
            if !is_joined {
                self.ask(met, there, argument);
            }
        }
    }

    /// Adds to the list `there`, which stands at `at`, what only `incoming` has;
    /// `false` where the two are no lists.
    fn join_values(&mut self, at: usize, there: &str, incoming: &str, name: &str) -> bool {
        if let Some((own, others)) = inside(there, '[', ']').zip(inside(incoming, '[', ']')) {
            let known: Vec<&str> = items(own).into_iter().map(|(_, text)| text).collect();
            let others = items(others).into_iter().map(|(_, text)| text);
            let new = others.filter(|text| !known.contains(text) && !self.is_own(text, name));
            self.add_items(at, there, &new.collect::<Vec<_>>());
            return true;
        }
        if let Some((own, others)) = call(there, at).zip(call(incoming, 0)) {
            let keys =
                |call: &Call<'_>| call.arguments.iter().map(|one| one.key.to_owned()).collect::<Vec<_>>();
            let pairs = || own.arguments.iter().zip(&others.arguments);
            let is_list = |(one, other): (&Argument<'_>, &Argument<'_>)| {
                is_same(one.value, other.value)
                    || one.value.starts_with('[') && other.value.starts_with('[') && one.key.is_empty()
            };
            if own.function == others.function && keys(&own) == keys(&others) && pairs().all(is_list) {
                return pairs().all(|(one, other)| {
                    is_same(one.value, other.value)
                        || self.join_values(one.span.start, one.value, other.value, name)
                });
            }
        }
        let is_list = |text: &str| text.starts_with('[') || text.starts_with("glob(");
        let are_lists = is_list(there) && is_list(incoming);
        if are_lists {
            self.add(at + there.len(), &format!(" + {incoming}"));
        }
        are_lists
    }

    /// Adds `new` to the list `list`, which stands at `at`, in its way.
    fn add_items(&mut self, at: usize, list: &str, new: &[&str]) {
        let Some(inner) = inside(list, '[', ']').filter(|_| !new.is_empty()) else { return };
        let known = items(inner);
        let Some((last, _)) = known.last() else {
            return self.add(at + 1, &new.join(", "));
        };
        let first = known.first().map_or(0, |(span, _)| span.start);
        let gap = match inner.get(..first).and_then(|before| before.rsplit_once('\n')) {
            Some((_, indent)) => format!(",\n{indent}"),
            None => ", ".to_owned(),
        };
        let text: String = new.iter().map(|text| format!("{gap}{text}")).collect();
        self.add(at + 1 + last.end, &text);
    }

    /// Whether a label names the rule `name` of this very file.
    fn is_own(&self, label: &str, name: &str) -> bool {
        let folder = self.to.parent().unwrap_or_else(RelPath::root);
        let label = label.trim_matches(['"', '\'']);
        label == format!(":{name}") || label == format!("//{folder}:{name}")
    }

    /// A rule that needed the source's of the same name would now need itself.
    fn drop_own(&mut self, known: &[Statement<'_>]) {
        for call in known.iter().filter_map(|one| one.call.as_ref()) {
            let Some(name) = call.name() else { continue };
            for list in call.arguments.iter().filter(|one| one.key.ends_with("deps")) {
                let Some(inner) = inside(list.value, '[', ']') else { continue };
                let all = items(inner);
                let own = all.iter().enumerate().filter(|(_, (_, text))| self.is_own(text, name));
                let gone: BTreeSet<usize> = own.map(|(index, _)| index).collect();
                let at = list.span.start + 1;
                let edits = gone.iter().map(|index| {
                    let next = all.get(index + 1).map_or(inner.len(), |(span, _)| span.start);
                    let is_last = index + 1 == all.len();
                    let end = if is_last { inner.trim_end().len() } else { next };
                    Edit::delete(Span::new(at + all[*index].0.start, at + end))
                });
                self.replaced.extend(edits.collect::<Vec<_>>());
            }
        }
    }

    /// Two rules of different kinds have one name: the incoming one gets another.
    fn rename(&mut self, statement: &Statement<'_>, incoming: &Call<'_>, line: usize) {
        let Some(name) = incoming.name() else { return };
        let new = format!("{name}_{}", self.builds.tag);
        let named = incoming.arguments.iter().find(|one| matches!(one.key, "name" | "package_name"));
        let Some(span) = named.map(|one| one.span.clone()) else { return };
        let at = |offset: usize| offset - statement.span.start;
        let (before, behind) = (&statement.text[..at(span.start)], &statement.text[at(span.end)..]);
        self.append(statement.lead, &format!("{before}\"{new}\"{behind}"));
        let subject = spelled(&format!("{}/{name}", self.to));
        let source = format!("{name} of the source");
        let rule = format!("both have a target `{name}`, of different kinds; the incoming one is `{new}`");
        let account = Account { subject: subject.clone(), ..self.account(name, line, rule) };
        let candidates = vec![
            candidate(&format!("{name} of the target"), self.to, "keeps the name"),
            candidate(&source, self.from, &format!("is called `{new}`")),
        ];
        self.evidence.push(match chosen(self.builds.decided, &subject, &source) {
            Some(_) => account.review(new),
            None => account.asked(candidates),
        });
    }

    /// What two rules say otherwise: the target's stays until a person decides.
    fn ask(&mut self, met: &Met<'_, '_>, there: &Argument<'_>, incoming: &Argument<'_>) {
        let Met { name, line, .. } = met;
        let key = incoming.key;
        let subject = spelled(&format!("{}/{name}/{key}", self.to));
        let source = format!("{key} of the source");
        let account = |rule: String| Account { subject: subject.clone(), ..self.account(name, *line, rule) };
        let one_line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let choice = chosen(self.builds.decided, &subject, &source);
        let evidence = match choice {
            Some(Choice::Source) => account("the roadmap takes the source's".to_owned()).goes(self.to),
            Some(Choice::Both) => {
                account("the roadmap keeps the target's".to_owned()).left("dropped".to_owned())
            }
            None => {
                let (own, other) = (one_line(there.value), one_line(incoming.value));
                let rule = format!(
                    "`{key}` of the rule `{name}` is {own} and {other}; the target's stays until this is decided"
                );
                account(rule).asked(vec![
                    candidate(&format!("{key} of the target"), self.to, "stays"),
                    candidate(&source, self.from, "takes its place"),
                ])
            }
        };
        if choice == Some(Choice::Source) {
            self.replaced.push(Edit::replace(Span::new(there.span.start, there.span.end), incoming.value));
        }
        self.evidence.push(evidence);
    }
}

/// The items of what stands between the brackets of a list, and where each stands.
fn items(inner: &str) -> Vec<(std::ops::Range<usize>, &str)> {
    let item = |part: std::ops::Range<usize>| {
        let own = trimmed(&inner[part.clone()]);
        let span = part.start + own.start..part.start + own.end;
        (span.clone(), &inner[span])
    };
    parts(inner).into_iter().map(item).collect()
}
