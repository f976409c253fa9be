//! Uses of `import root.a.b`: the dotted expressions that go with it.
//!
//! Such an import binds only `root`. Every `root.…` of the file has to be
//! explained by an import that is rewritten, or the imports stay as they are.

use repot_change::{DecisionKind, Edit, Outcome, Span};
use repot_python::{ImportKind, ImportedName, Reference, Scopes, SourceFile};
use repot_refer::{NewImport, binds_same_root, free_name};
use repot_workspace::below;

use super::ruling::Ruling;

/// Settles how the uses of plain imports follow. Where the new name is hidden
/// by another binding, the import gets an alias of its own. Where the root is
/// used bare, or something is used that no import of the file names, the import
/// stays and becomes a decision.
pub fn settle(source: &SourceFile, scopes: &Scopes<'_>, rulings: &mut [Ruling]) {
    for index in 0..rulings.len() {
        match look(source, scopes, rulings, index) {
            Look::Plain => {}
            Look::Hidden(alias) => rulings[index].alias = Some(alias),
            Look::Unclear(rule) => {
                let ruling = &mut rulings[index];
                ruling.new = None;
                ruling.evidence.rule = rule;
                ruling.evidence.outcome = Outcome::Decision { decision: DecisionKind::Unclear };
            }
        }
    }
}

/// What a look at the uses of one import shows.
enum Look {
    /// They follow.
    Plain,
    /// They follow under this alias.
    Hidden(String),
    /// They cannot follow; the text says why.
    Unclear(String),
}

fn look(source: &SourceFile, scopes: &Scopes<'_>, rulings: &[Ruling], index: usize) -> Look {
    let ruling = &rulings[index];
    let Some(((item, dotted), new)) = unaliased(source, ruling).zip(ruling.new.as_ref()) else {
        return Look::Plain;
    };
    let Some(statement) = source.imports().get(ruling.statement) else { return Look::Plain };
    let prefix = new_prefix(new);
    let root = prefix.split('.').next().unwrap_or(&prefix);
    let siblings = dotted_imports(source, rulings);
    let mut is_hidden = false;
    for reference in scopes.references(statement, item) {
        let Some(best) = longest(&siblings, item.bound(), &reference) else {
            let (line, used) = (source.line(reference.span.start), spelled(item.bound(), &reference));
            return Look::Unclear(format!("line {line} uses `{used}`, which no import of the file names"));
        };
        let binding = scopes.lookup(root, reference.span.start).filter(|_| best == dotted);
        is_hidden |= binding.is_some_and(|binding| !binds_same_root(source, root, binding.span));
    }
    if is_hidden { Look::Hidden(free_name(scopes, &prefix)) } else { Look::Plain }
}

/// The edits of the uses of plain imports that were granted.
pub fn follow(source: &SourceFile, rulings: &[Ruling]) -> Vec<Edit> {
    let scopes = source.scopes();
    let siblings = dotted_imports(source, rulings);
    let mut edits = Vec::new();
    for ruling in rulings {
        let Some(((item, dotted), new)) = unaliased(source, ruling).zip(ruling.new.as_ref()) else {
            continue;
        };
        let Some(statement) = source.imports().get(ruling.statement) else { continue };
        let depth = dotted.split('.').count() - 1;
        let prefix = ruling.alias.clone().unwrap_or_else(|| new_prefix(new));
        for reference in scopes.references(statement, item) {
            if longest(&siblings, item.bound(), &reference) == Some(dotted) {
                let last = depth.checked_sub(1).and_then(|last| reference.chain.get(last));
                let end = last.map_or(reference.span.end, |name| name.span.end);
                edits.push(Edit::replace(Span::new(reference.span.start, end), prefix.as_bytes()));
            }
        }
    }
    edits
}

/// The item and dotted name of a ruling on `import a.b` without an alias.
fn unaliased<'s>(source: &'s SourceFile, ruling: &Ruling) -> Option<(&'s ImportedName, &'s str)> {
    let ImportKind::Import(items) = &source.imports().get(ruling.statement)?.kind else { return None };
    let item = items.get(ruling.item).filter(|item| item.alias.is_none())?;
    Some((item, item.name.text.as_str()))
}

/// Every dotted name that a legacy plain import of the file names.
fn dotted_imports<'s>(source: &'s SourceFile, rulings: &[Ruling]) -> Vec<&'s str> {
    rulings.iter().filter_map(|ruling| unaliased(source, ruling)).map(|(_, dotted)| dotted).collect()
}

/// The longest of `imports` that the reference begins with.
fn longest<'s>(imports: &[&'s str], root: &str, reference: &Reference) -> Option<&'s str> {
    let spelled = spelled(root, reference);
    imports
        .iter()
        .copied()
        .filter(|dotted| below(&spelled, dotted).is_some())
        .max_by_key(|dotted| dotted.len())
}

fn spelled(root: &str, reference: &Reference) -> String {
    let parts = reference.chain.iter().map(|name| name.text.as_str());
    std::iter::once(root).chain(parts).collect::<Vec<_>>().join(".")
}

/// What stands for the module in expressions after the rewrite.
fn new_prefix(new: &NewImport) -> String {
    match new {
        NewImport::Import { module } => module.clone(),
        NewImport::From { name, .. } => name.clone(),
    }
}
