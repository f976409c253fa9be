//! Uses of `import root.a.b`: the dotted expressions that go with it.
//!
//! Such an import binds only `root`. Every `root.…` of the file has to be
//! explained by an import that is rewritten, or the imports stay as they are.

use repot_change::{DecisionKind, Edit, Outcome, Span};
use repot_python::{ImportKind, ImportedName, Reference, SourceFile};

use super::ruling::{NewImport, Ruling};

/// Makes decisions of those plain imports whose uses cannot follow: the root is
/// used bare, something is used that no import of the file names, or the new
/// name is hidden where it would be used.
pub fn withdraw_unclear(source: &SourceFile, rulings: &mut [Ruling]) {
    let unclear: Vec<(usize, String)> =
        (0..rulings.len()).filter_map(|index| Some((index, obstacle(source, rulings, index)?))).collect();
    for (index, rule) in unclear {
        let ruling = &mut rulings[index];
        ruling.new = None;
        ruling.evidence.rule = rule;
        ruling.evidence.outcome = Outcome::Decision { decision: DecisionKind::Unclear };
    }
}

fn obstacle(source: &SourceFile, rulings: &[Ruling], index: usize) -> Option<String> {
    let ruling = &rulings[index];
    let (item, dotted) = unaliased(source, ruling)?;
    let prefix = new_prefix(ruling.new.as_ref()?);
    let scopes = source.scopes();
    let statement = source.imports().get(ruling.statement)?;
    let siblings = dotted_imports(source, rulings);
    for reference in scopes.references(statement, item) {
        let Some(best) = longest(&siblings, item.bound(), &reference) else {
            let line = source.line(reference.span.start);
            return Some(format!(
                "line {line} uses `{}`, which no import of the file names",
                spelled(item.bound(), &reference)
            ));
        };
        if best != dotted {
            continue;
        }
        let root = prefix.split('.').next().unwrap_or(&prefix);
        let hidden = scopes.lookup(root, reference.span.start);
        if hidden.is_some_and(|binding| !binds_same_root(source, root, binding.span)) {
            let line = source.line(reference.span.start);
            return Some(format!("on line {line} the name `{root}` means something else"));
        }
    }
    None
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
        for reference in scopes.references(statement, item) {
            if longest(&siblings, item.bound(), &reference) == Some(dotted) {
                let end = depth
                    .checked_sub(1)
                    .and_then(|last| reference.chain.get(last))
                    .map_or(reference.span.end, |name| name.span.end);
                edits.push(Edit::replace(Span::new(reference.span.start, end), new_prefix(new)));
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
    let begins = |dotted: &&str| {
        spelled.strip_prefix(*dotted).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    imports.iter().copied().filter(begins).max_by_key(|dotted| dotted.len())
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

/// Whether the binding at `span` is another plain import of the same root, with
/// which the new import agrees.
fn binds_same_root(source: &SourceFile, root: &str, span: Span) -> bool {
    source.imports().iter().filter(|statement| statement.span.contains(span)).any(
        |statement| match &statement.kind {
            ImportKind::Import(items) => {
                items.iter().any(|item| item.alias.is_none() && item.bound() == root)
            }
            ImportKind::From(_) => false,
        },
    )
}
