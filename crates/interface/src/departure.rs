//! A module that definitions leave: it hands them on, and loses the imports
//! that only they used.

use std::collections::{BTreeMap, BTreeSet};

use memchr::memmem;
use repot_change::{Edit, Span};
use repot_python::{FromNames, ImportKind, ImportStmt, SourceFile};
use repot_workspace::{ModuleId, Place, Target, Workspace};

use crate::Definition;
use crate::closure::Parts;
use crate::header::from;
use crate::relocate::Relocated;
use crate::trees::Trees;

/// An imported name: the statement, the item in it, and the name.
type Imported = (usize, usize, String);

/// A place for an import, and how many blank lines it wants on either side.
#[derive(Debug, Clone, Copy)]
struct Seat {
    at: usize,
    before: usize,
    after: usize,
}

/// A module that definitions leave.
pub(crate) struct Departure<'a> {
    workspace: &'a Workspace,
    module: ModuleId,
    source: std::sync::Arc<SourceFile>,
    /// Their names, by the dotted name of the module that they go to.
    names: BTreeMap<&'a str, BTreeSet<&'a str>>,
    /// Where they stood, in order.
    spans: Vec<Span>,
}

impl<'a> Departure<'a> {
    pub(crate) fn new(
        trees: &Trees<'a>,
        module: ModuleId,
        targets: &'a BTreeMap<Definition, String>,
        own: &'a Parts,
    ) -> Self {
        let mut spans: Vec<Span> = own.values().map(|part| part.span).collect();
        spans.sort();
        spans.dedup();
        let mut names: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for one in own.keys() {
            let target = targets.get(one).map(String::as_str).unwrap_or_default();
            names.entry(target).or_default().insert(&one.name);
        }
        Self { workspace: trees.workspace(), module, source: trees.get(module), names, spans }
    }

    /// Adds what becomes of the module.
    pub(crate) fn leave(&self, relocated: &mut Relocated) {
        let path = &self.workspace.modules().get(self.module).path;
        let (unused, kept) = self.unused();
        let gone = |statement: usize| {
            let items = self.source.imports()[statement].items().len();
            unused.iter().filter(|(index, _, _)| *index == statement).count() == items
        };
        let gone: BTreeSet<usize> =
            unused.iter().map(|(index, _, _)| *index).filter(|index| gone(*index)).collect();
        let place = self.place(&gone);
        let edits = relocated.edits.entry(path.clone()).or_default();
        edits.extend(self.runs().into_iter().map(|run| Edit::delete(self.with_gap(run))));
        edits.extend(self.blanks_behind(&gone, place.at).into_iter().map(Edit::delete));
        edits.extend(self.handed_on(&kept));
        edits.push(self.reexport(place));
        for (statement, item, name) in unused {
            relocated.pruned.entry(self.module).or_default().entry(statement).or_default().insert(item);
            relocated.retired.insert((path.clone(), name));
        }
    }

    /// The definitions, those together between which nothing stands.
    fn runs(&self) -> Vec<Span> {
        let bytes = self.source.bytes();
        let mut runs: Vec<Span> = Vec::new();
        for span in &self.spans {
            match runs.last_mut() {
                Some(last) if bytes[last.end..span.start].trim_ascii().is_empty() => last.end = span.end,
                _ => runs.push(*span),
            }
        }
        runs
    }

    /// A run with the rest of its line and with the blank lines on that side on
    /// which there are fewer; at the end of the file, with those before it.
    fn with_gap(&self, run: Span) -> Span {
        let bytes = self.source.bytes();
        let behind = repot_refer::with_gap(bytes, run);
        let line = self.source.line_span(run.end);
        let is_last = behind.end == bytes.len();
        let mut start = run.start;
        while start > 0 {
            let above = self.source.line_span(start - 1);
            if !bytes[above.range()].trim_ascii().is_empty() {
                break;
            }
            start = above.start;
        }
        let lines = |span: Span| bytes[span.range()].iter().filter(|byte| **byte == b'\n').count();
        let (before, after) = (lines(Span::new(start, run.start)), lines(Span::new(line.end, behind.end)));
        let is_alone = bytes[run.end..line.end].trim_ascii().is_empty();
        match is_alone && (is_last || after > before) {
            true if is_last => Span::new(start, behind.end),
            true => Span::new(start, line.end),
            false => behind,
        }
    }

    /// The blank lines behind imports that go, one for each run of such imports
    /// before which another one stands; none where an import is inserted.
    fn blanks_behind(&self, gone: &BTreeSet<usize>, inserted: usize) -> Vec<Span> {
        let bytes = self.source.bytes();
        let mut runs: Vec<Span> = Vec::new();
        for statement in gone.iter().map(|index| self.source.imports()[*index].span) {
            let start = self.source.line_start(statement.start);
            let end = self.source.line_span(statement.end).end;
            match runs.last_mut() {
                Some(last) if last.end == start => last.end = end,
                _ => runs.push(Span::new(start, end)),
            }
        }
        let is_blank = |span: Span| !span.is_empty() && bytes[span.range()].trim_ascii().is_empty();
        let follows_blank = |run: &Span| run.start == 0 || is_blank(self.source.line_span(run.start - 1));
        let is_free = |run: &Span| !(run.start <= inserted && inserted < run.end);
        let behind = runs.iter().filter(|run| is_free(run) && follows_blank(run));
        behind.map(|run| self.source.line_span(run.end)).filter(|behind| is_blank(*behind)).collect()
    }

    fn is_taken(&self, span: Span) -> bool {
        self.spans.iter().any(|taken| taken.contains(span))
    }

    /// The imports that keep the names where they were. A name that `__all__`
    /// does not list is imported as itself, which says that it is handed on, also
    /// to type checkers that take no other import for that.
    fn reexport(&self, place: Seat) -> Edit {
        let listed = self.workspace.file(self.module).definitions().exports.as_deref().unwrap_or_default();
        let import = |name: &&str| match listed.iter().any(|one| one == name) {
            true => (*name).to_owned(),
            false => format!("{name} as {name}"),
        };
        let newline = self.source.line_ending();
        let line = |(target, names): (&&str, &BTreeSet<&str>)| {
            let names: Vec<String> = names.iter().map(import).collect();
            from(target, &names, "").replace('\n', newline) + newline
        };
        let lines: String = self.names.iter().map(line).collect();
        let Seat { at, before, after } = place;
        Edit::insert(at, format!("{}{lines}{}", newline.repeat(before), newline.repeat(after)))
    }

    /// Where the import goes: behind the last import above the first definition
    /// that leaves, or in its place when it is `gone`; else behind the docstring.
    fn place(&self, gone: &BTreeSet<usize>) -> Seat {
        let first = self.spans.first().map_or(0, |span| span.start);
        let above = |(_, statement): &(usize, &ImportStmt)| {
            statement.is_unconditional() && statement.span.end <= first
        };
        let last = self.source.imports().iter().enumerate().rfind(above);
        match last {
            Some((index, statement)) if gone.contains(&index) => {
                Seat { at: self.source.line_start(statement.span.start), before: 0, after: 0 }
            }
            Some((_, statement)) => {
                Seat { at: self.source.line_span(statement.span.end).end, before: 0, after: 0 }
            }
            None => {
                let at = self.source.docstring_or_future_end().min(first);
                let is_end = |byte: &u8| matches!(byte, b'\n' | b'\r');
                let is_parted = at == first || self.source.bytes()[at..].first().is_none_or(is_end);
                Seat { at, before: usize::from(at > 0), after: if is_parted { 0 } else { 2 } }
            }
        }
    }

    /// The edits by which imports that only others need say that they hand a
    /// name on.
    fn handed_on(&self, kept: &[Imported]) -> Vec<Edit> {
        let imports = self.source.imports();
        let item = |(statement, item, _): &Imported| imports[*statement].items().get(*item);
        let bare = kept.iter().filter(|one| imports[one.0].as_from().is_some()).filter_map(item);
        let bare = bare.filter(|item| item.alias.is_none());
        bare.map(|item| Edit::insert(item.span.end, format!(" as {}", item.name.text))).collect()
    }

    /// Whether a statement has names from the interface package: such a name was
    /// this module's once, and stays importable from it.
    fn is_handed_on(&self, statement: &ImportStmt) -> bool {
        let target = self.names.keys().next().copied().unwrap_or_default();
        let home = target.rsplitn(3, '.').nth(2).unwrap_or(target);
        statement.as_from().is_some_and(|from| repot_workspace::below(from.dotted(), home).is_some())
    }

    /// The imports that only the definitions used: those that go, and those that
    /// others take from here and whose statement stays as it is.
    fn unused(&self) -> (Vec<Imported>, Vec<Imported>) {
        let scopes = self.source.scopes();
        let reads = scopes.module_names(Span::new(0, self.source.bytes().len()));
        let definitions = self.workspace.file(self.module).definitions();
        let listed = definitions.exports.as_deref().unwrap_or_default();
        let mut unused = Vec::new();
        for (index, statement) in self.source.imports().iter().enumerate() {
            let goes = statement.is_unconditional() && !statement.is_future();
            for (item, imported) in statement.items().iter().enumerate().filter(|_| goes) {
                let name = imported.bound();
                let mut uses = reads.iter().filter(|read| read.text == name).peekable();
                let is_left = uses.peek().is_some() && uses.all(|read| self.is_taken(read.span));
                let is_only = definitions.names.get(name).is_some_and(|all| all.len() == 1);
                if is_left && is_only && !listed.iter().any(|one| one == name) {
                    unused.push((index, item, name.to_owned()));
                }
            }
        }
        unused.retain(|(statement, _, _)| {
            let whole = self.source.imports()[*statement].span;
            repot_refer::is_alone(self.source.bytes(), whole)
        });
        if unused.is_empty() {
            return (unused, Vec::new());
        }
        let imports = self.source.imports();
        let taken = self.taken_by_others(&unused.iter().map(|(_, _, name)| name.as_str()).collect());
        let (mut kept, unused): (Vec<Imported>, Vec<Imported>) = unused
            .into_iter()
            .partition(|(at, _, name)| taken.contains(name) || self.is_handed_on(&imports[*at]));
        kept.retain(|(statement, _, _)| unused.iter().all(|(other, _, _)| other != statement));
        (unused, kept)
    }

    /// Those of `names` that other modules may have from here.
    fn taken_by_others(&self, names: &BTreeSet<&str>) -> BTreeSet<String> {
        let own = Place::Module(self.module);
        let mut taken = BTreeSet::new();
        let mut add = |wanted: &dyn Fn(&str) -> bool| {
            taken.extend(names.iter().filter(|name| wanted(name)).map(|name| (*name).to_owned()));
        };
        for (id, importer) in self.workspace.modules().iter().filter(|(id, _)| *id != self.module) {
            let file = self.workspace.file(id);
            let mentions = |name: &str| {
                file.bytes().is_some_and(|bytes| memmem::find(bytes, format!(".{name}").as_bytes()).is_some())
            };
            for statement in file.imports() {
                match &statement.kind {
                    ImportKind::Import(items) => {
                        let reaches = |dotted: &str| {
                            self.workspace.resolve(importer, 0, dotted) == Target::Found(own.clone())
                        };
                        if items.iter().any(|item| reaches(&item.name.text)) {
                            add(&mentions);
                        }
                    }
                    ImportKind::From(from) => {
                        let Target::Found(place) =
                            self.workspace.resolve(importer, from.level, from.dotted())
                        else {
                            continue;
                        };
                        match &from.names {
                            FromNames::Star(_) if place == own => add(&|_| true),
                            FromNames::Star(_) => {}
                            FromNames::Names { names, .. } if place == own => {
                                add(&|name| names.iter().any(|item| item.name.text == name));
                            }
                            FromNames::Names { names, .. } => {
                                let brings = |item: &repot_python::ImportedName| {
                                    self.workspace.submodule(&place, &item.name.text).as_ref() == Some(&own)
                                };
                                if names.iter().any(brings) {
                                    add(&mentions);
                                }
                            }
                        }
                    }
                }
            }
        }
        taken
    }
}
