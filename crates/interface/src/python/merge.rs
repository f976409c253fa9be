//! A generated module and what stands in its file already, merged by name.
//!
//! Nothing in the file says which lines were generated. What does something is
//! people's, and so are definitions, docstrings, comments and values that the
//! module does not ask for. A stub whose signature is no longer right is
//! brought up to date; where it says more than `Any`, that stays. What people
//! wrote and what is generated can disagree, and then theirs stays and a person
//! decides.

use std::collections::BTreeSet;

use repot_change::{Edit, Edits};
use repot_python::{Block, BlockKind, SourceFile};

use super::graft::{exports_edit, imports_edit, listed_edits};
use super::module::Module;
use super::reconcile::reconciled;
use crate::Draft;
use crate::contract::OWED;

/// What becomes of a file that is there.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Merged {
    /// What changes in it.
    pub edits: Vec<Edit>,
    /// Where people and the module disagree.
    pub contradictions: Vec<Contradiction>,
}

/// A place where people's code and a generated module disagree.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Contradiction {
    /// What it is about: `Name` or `Name.member`.
    pub name: String,
    /// The line of what people wrote, counted from 1.
    pub line: usize,
    /// What disagrees, as a phrase.
    pub reason: String,
}

/// Merges `module` into `file`.
#[must_use]
pub fn merge(file: &SourceFile, module: &Module) -> Merged {
    let mut merging = Merging { file, blocks: file.blocks(), merged: Merged::default() };
    if !file.problems().is_empty() {
        merging.contradict("the file", 0, "it does not parse");
        return merging.merged;
    }
    for draft in &module.drafts {
        merging.draft(draft);
    }
    let mut merged = merging.merged;
    let after = |edits: &[Edit]| {
        let edits = Edits::new(edits.to_vec()).ok()?;
        Some(SourceFile::parse(edits.apply(file.bytes()).ok()?.into()))
    };
    if let Some(after) = after(&merged.edits) {
        let edits = imports_edit(file, &after, module.imports(), &module.name);
        match (edits, merged.edits.iter_mut().find(|edit| edit.span.is_empty())) {
            // Both begin at the end of a file that holds nothing but its head.
            (Some(head), Some(edit)) if head.span == edit.span => {
                edit.new = [head.new, std::mem::take(&mut edit.new)].concat();
            }
            (head, _) => merged.edits.extend(head),
        }
        merged.edits.extend(exports_edit(file, &after, module));
        merged.edits.extend(listed_edits(file, module));
    }
    merged
}

struct Merging<'f> {
    file: &'f SourceFile,
    blocks: Vec<Block>,
    merged: Merged,
}

impl Merging<'_> {
    fn contradict(&mut self, name: &str, at: usize, reason: &str) {
        let line = self.file.line(at);
        self.merged.contradictions.push(Contradiction {
            name: name.to_owned(),
            line,
            reason: reason.to_owned(),
        });
    }

    fn draft(&mut self, draft: &Draft) {
        let generated = SourceFile::parse(draft.text.clone().into_bytes().into());
        let Some(wanted) = generated.blocks().into_iter().find(|block| block.name == draft.name) else {
            return;
        };
        let known = self.blocks.iter().rfind(|block| block.name == draft.name).cloned();
        let Some(known) = known else {
            match self.file.definitions().names.get(&draft.name).and_then(|all| all.first()) {
                Some(other) => self.contradict(&draft.name, other.span.start, "the name is bound otherwise"),
                None => self.append(draft),
            }
            return;
        };
        let is_function = |kind| matches!(kind, BlockKind::Stub | BlockKind::Function);
        // What was owed and is no more, somebody has written.
        let is_written = draft.is_owed && !self.is_owed(&known);
        match (known.kind, wanted.kind) {
            _ if is_written => {}
            (BlockKind::Class, BlockKind::Class) => self.class(draft, &known, &generated, &wanted),
            (one, other) if is_function(one) && is_function(other) => {
                if !draft.is_owed {
                    self.function(None, &known, &generated, &wanted);
                }
            }
            _ => self.contradict(&draft.name, known.span.start, "it is something else here"),
        }
    }

    fn is_owed(&self, known: &Block) -> bool {
        let summary = match known.kind {
            BlockKind::Class => self.file.surface(&known.name).and_then(|one| one.summary),
            _ => self.file.callables(&known.name).pop().and_then(|one| one.summary),
        };
        summary.is_some_and(|summary| summary.starts_with(OWED))
    }

    fn append(&mut self, draft: &Draft) {
        let bytes = self.file.bytes();
        let newline = self.file.line_ending();
        let open = if bytes.is_empty() || bytes.ends_with(b"\n") { "" } else { "\n" };
        let gap = if draft.is_tall() { "\n\n" } else { "\n" };
        let text = format!("{open}{gap}{}\n", draft.text).replace('\n', newline);
        match self.merged.edits.iter_mut().find(|edit| edit.span.start == bytes.len()) {
            Some(edit) => edit.new.extend_from_slice(text.as_bytes()),
            None => self.merged.edits.push(Edit::insert(bytes.len(), text)),
        }
    }

    fn class(&mut self, draft: &Draft, known: &Block, generated: &SourceFile, wanted: &Block) {
        self.class_head(known, generated);
        let mut seen = BTreeSet::new();
        let mut missing = String::new();
        for member in &wanted.members {
            if !seen.insert(member.name.as_str()) {
                continue;
            }
            let all = |blocks: &[Block]| -> Vec<Block> {
                blocks.iter().filter(|block| block.name == member.name).cloned().collect()
            };
            let (old, new) = (all(&known.members), all(&wanted.members));
            if old.is_empty() {
                missing.push_str(&self.fresh(&new, generated));
            } else if !draft.is_owed {
                self.member(known, (&old, &new), generated);
            }
        }
        if !missing.is_empty() {
            self.extend(known, &missing);
        }
    }

    /// Adds the decorators that a class lacks; that it lacks a base is for a
    /// person.
    fn class_head(&mut self, known: &Block, generated: &SourceFile) {
        let shapes = self.file.class(&known.name).zip(generated.class(&known.name));
        let Some((old, new)) = shapes else { return };
        let last = |text: &String| text.rsplit('.').next().unwrap_or(text).to_owned();
        let has = |all: &[String], one: &String| all.iter().any(|other| last(other) == last(one));
        let lacks = new.decorators.iter().filter(|one| !has(&old.decorators, one));
        let lines: String = lacks.map(|one| format!("@{one}{}", self.file.line_ending())).collect();
        if !lines.is_empty() {
            self.merged.edits.push(Edit::insert(known.span.start, lines));
        }
        if let Some(base) = new.bases.iter().find(|one| !has(&old.bases, one)) {
            let reason = format!("it does not derive from `{base}` here");
            self.contradict(&known.name, known.span.start, &reason);
        }
    }

    /// The text of members that are not there yet.
    fn fresh(&self, new: &[Block], generated: &SourceFile) -> String {
        let text = |block: &Block| {
            let written = String::from_utf8_lossy(&generated.bytes()[block.span.range()]).into_owned();
            let gap = if matches!(block.kind, BlockKind::Value | BlockKind::Declaration) { "" } else { "\n" };
            format!("{gap}\n    {written}")
        };
        new.iter().map(text).collect()
    }

    /// Adds members at the end of a class, as far in as its others.
    fn extend(&mut self, known: &Block, missing: &str) {
        let newline = self.file.line_ending();
        let indent = match known.members.last() {
            Some(last) => {
                let start = self.file.line_start(last.span.start);
                String::from_utf8_lossy(&self.file.bytes()[start..last.span.start]).into_owned()
            }
            None => "    ".to_owned(),
        };
        if !indent.trim().is_empty() {
            self.contradict(&known.name, known.span.start, "its members stand on one line");
            return;
        }
        let lines = missing.lines().map(|line| match line.strip_prefix("    ") {
            Some(rest) if !rest.is_empty() => format!("{indent}{rest}"),
            _ => line.trim().to_owned(),
        });
        let text = lines.collect::<Vec<_>>().join(newline);
        self.merged.edits.push(Edit::insert(known.end, text));
    }

    fn member(&mut self, class: &Block, (old, new): (&[Block], &[Block]), generated: &SourceFile) {
        use BlockKind::{Declaration, Function, Stub, Value};
        let name = format!("{}.{}", class.name, old[0].name);
        match (old, new) {
            ([old], [new]) => match (old.kind, new.kind) {
                (Function | Stub, Function | Stub) => self.function(Some(class), old, generated, new),
                (Declaration, Declaration) => self.declaration(class, old, generated, new),
                // What can be assigned can be read; a value says its type itself.
                (Declaration | Value, _) | (_, Value) => {}
                (Stub, Declaration) => self.replace(old, generated, new),
                _ => self.contradict(&name, old.span.start, "it is something else here"),
            },
            _ if old.len() == new.len() => {
                for (old, new) in old.iter().zip(new) {
                    if canonical(self.file, old) != canonical(generated, new) {
                        match old.kind {
                            Stub => self.replace(old, generated, new),
                            _ => self.contradict(&name, old.span.start, "it is called otherwise here"),
                        }
                    }
                }
            }
            _ => self.contradict(&name, old[0].span.start, "it is overloaded otherwise here"),
        }
    }

    fn replace(&mut self, old: &Block, generated: &SourceFile, new: &Block) {
        let text = &generated.bytes()[new.span.range()];
        self.merged.edits.push(Edit::replace(old.span, text));
    }

    fn declaration(&mut self, class: &Block, old: &Block, generated: &SourceFile, new: &Block) {
        let says = |file: &SourceFile| match file.surface(&class.name)?.member(&new.name)?.kind.clone() {
            repot_python::MemberKind::Attribute { annotation, .. } => annotation.map(|one| one.text),
            _ => None,
        };
        let (known, wanted) = (says(self.file), says(generated));
        if known != wanted && wanted.as_deref() != Some("Any") {
            self.replace(old, generated, new);
        }
    }

    /// Brings the head of a function up to date; its body and docstring stay.
    fn function(&mut self, class: Option<&Block>, old: &Block, generated: &SourceFile, new: &Block) {
        let owner = class.map(|class| class.name.as_str());
        let Some(head) = reconciled((self.file, owner), (generated, owner), &new.name) else { return };
        if old.kind == BlockKind::Stub {
            self.merged.edits.push(Edit::replace(old.head, head.replace('\n', self.file.line_ending())));
            return;
        }
        let name = owner.map_or_else(|| new.name.clone(), |owner| format!("{owner}.{}", new.name));
        self.contradict(&name, old.span.start, "it is called otherwise here, and does something");
    }
}

/// The head of a block without blanks.
fn canonical(file: &SourceFile, block: &Block) -> String {
    let head = String::from_utf8_lossy(&file.bytes()[block.head.range()]).into_owned();
    head.split_whitespace().collect::<String>().replace(",)", ")")
}
