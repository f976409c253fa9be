//! The metric `legacy-imports`: what still names a legacy root.
//!
//! Statements, names and files are counted apart, and so are strings that are
//! wholly a dotted path below a root: a string may refer to a module, and may
//! as well be the name of a logger.

use memchr::memmem::{self, Finder};
use rayon::prelude::*;
use repot_python::{FromNames, ImportKind, ImportStmt};
use repot_workspace::{Module, ModuleId, Workspace};

use crate::{Figure, Finding, figure};

/// The name of the metric, and of the rule behind its findings.
pub const LEGACY_IMPORTS: &str = "legacy-imports";

/// What one file holds.
#[derive(Debug, Default)]
struct Tally {
    findings: Vec<Finding>,
    names: usize,
    strings: usize,
}

/// The findings, one for each statement, and the figure; its value counts
/// statements.
pub fn legacy_imports(workspace: &Workspace) -> (Vec<Finding>, Figure) {
    let modules: Vec<(ModuleId, &Module)> = workspace.modules().iter().collect();
    let tallies: Vec<(&Module, Tally)> =
        modules.into_par_iter().map(|(id, module)| (module, tally(workspace, id))).collect();
    let count = |part: fn(&Tally) -> usize| tallies.iter().map(|(_, tally)| part(tally)).sum::<usize>();
    let parts = [
        ("statements", count(|tally| tally.findings.len())),
        ("names", count(|tally| tally.names)),
        ("files", count(|tally| usize::from(!tally.findings.is_empty()))),
        ("strings", count(|tally| tally.strings)),
    ];
    let per_file =
        tallies.iter().map(|(module, tally)| (workspace.package_name(module), tally.findings.len()));
    let figure = figure::counted(LEGACY_IMPORTS, &parts, per_file);
    (tallies.into_iter().flat_map(|(_, tally)| tally.findings).collect(), figure)
}

fn tally(workspace: &Workspace, id: ModuleId) -> Tally {
    let file = workspace.file(id);
    let roots = &workspace.shape().legacy_roots;
    let mut tally = Tally::default();
    if !roots.iter().any(|root| file.mentions(&Finder::new(root))) {
        return tally;
    }
    let module = workspace.modules().get(id);
    let source = file.bytes().map_or(&[][..], |bytes| bytes);
    for statement in file.imports() {
        let names = legacy_names(workspace, statement);
        if names > 0 {
            tally.names += names;
            tally.findings.push(finding(module, source, statement));
        }
    }
    tally.strings = legacy_strings(file, roots);
    tally
}

/// How many names of the statement come from a legacy root.
fn legacy_names(workspace: &Workspace, statement: &ImportStmt) -> usize {
    let is_legacy = |dotted: &str| workspace.legacy_root_of(dotted).is_some();
    match &statement.kind {
        ImportKind::Import(items) => items.iter().filter(|item| is_legacy(&item.name.text)).count(),
        ImportKind::From(from) => match (&from.module, &from.names) {
            (Some(module), _) if from.level > 0 || !is_legacy(&module.text) => 0,
            (Some(_), FromNames::Names { names, .. }) => names.len(),
            (Some(_), FromNames::Star(_)) => 1,
            (None, _) => 0,
        },
    }
}

fn finding(module: &Module, source: &[u8], statement: &ImportStmt) -> Finding {
    let text = String::from_utf8_lossy(source.get(statement.span.range()).unwrap_or_default());
    let first = text.lines().next().unwrap_or_default();
    let subject = match &statement.kind {
        ImportKind::From(from) => from.written(),
        ImportKind::Import(items) => items.first().map(|item| item.name.text.clone()).unwrap_or_default(),
    };
    let message = format!("`{first}` names a legacy root");
    let hint = "`repot plan` shows where it should point".to_owned();
    let place = (&module.path, source, statement.span);
    Finding::at(LEGACY_IMPORTS, place, message, Some(hint)).about(subject)
}

/// Strings that are wholly a dotted path below a root; the file is parsed only
/// when a quote stands before a root.
fn legacy_strings(file: &repot_workspace::File, roots: &[String]) -> usize {
    let Some(bytes) = file.bytes() else { return 0 };
    let quoted = |root: &String| ["\"", "'"].iter().any(|quote| contains(bytes, &format!("{quote}{root}.")));
    if !roots.iter().any(quoted) {
        return 0;
    }
    let source = file.parse();
    let strings = source.strings();
    strings.iter().filter(|string| roots.iter().any(|root| is_path_below(string.bytes, root))).count()
}

fn contains(bytes: &[u8], needle: &str) -> bool {
    memmem::find(bytes, needle.as_bytes()).is_some()
}

/// `root.a.b`, or `root.a.b:c`.
fn is_path_below(content: &[u8], root: &str) -> bool {
    let Ok(text) = std::str::from_utf8(content) else { return false };
    let Some(rest) = text.strip_prefix(root).and_then(|rest| rest.strip_prefix('.')) else { return false };
    rest.split(['.', ':']).all(repot_workspace::is_identifier)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_dots_and_identifiers() {
        assert!(is_path_below(b"monorepo.shop.cart:add", "monorepo"));
        for other in ["monorepo", "monorepo.example team", "team@monorepo.x", "monorepos.x", "monorepo..x"] {
            assert!(!is_path_below(other.as_bytes(), "monorepo"), "{other}");
        }
    }
}
