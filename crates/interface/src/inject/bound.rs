//! What a module already has by a name, and where it comes to import more.

use std::collections::{BTreeMap, BTreeSet};

use repot_change::{Edit, Span};
use repot_python::SourceFile;
use repot_workspace::ModuleId;

use super::names::says;
use crate::{Import, Trees, from};

/// Whether the module has to import `import`; places in `known` may say the name.
///
/// # Errors
///
/// Where the module means something else by the name, as a phrase.
pub(super) fn lacks(
    trees: &Trees<'_>,
    module: ModuleId,
    import: &Import,
    known: &dyn Fn(usize) -> bool,
) -> Result<bool, String> {
    let source = trees.get(module);
    let has = source.imports().iter().filter(|one| one.is_unconditional()).any(|statement| {
        let Some(from) = statement.as_from().filter(|from| from.level == 0) else { return false };
        let is_same = from.dotted() == import.module
            || (import.module == "collections.abc"
                && from.dotted() == "typing"
                && import.bound() == "Callable");
        is_same
            && statement
                .items()
                .iter()
                .any(|item| item.bound() == import.bound() && Some(&item.name.text) == import.name.as_ref())
    });
    if has {
        return Ok(false);
    }
    match says(source.bytes(), import.bound()).into_iter().find(|at| !known(*at)) {
        Some(at) => {
            let path = &trees.workspace().modules().get(module).path;
            Err(format!("{path}:{} uses the name `{}` already", source.line(at), import.bound()))
        }
        None => Ok(true),
    }
}

/// The edit by which a file comes to import `imports`, above `first`.
pub(super) fn insertion(source: &SourceFile, imports: &BTreeSet<Import>, first: usize) -> Option<Edit> {
    let newline = source.line_ending();
    let mut modules: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for import in imports {
        let name = import.name.clone().unwrap_or_default();
        let named = import.alias.as_ref().map(|alias| format!("{name} as {alias}")).unwrap_or(name);
        modules.entry(&import.module).or_default().push(named);
    }
    let line =
        |(module, names): (&str, Vec<String>)| from(module, &names, "").replace('\n', newline) + newline;
    let lines: String = modules.into_iter().map(line).collect();
    if lines.is_empty() {
        return None;
    }
    let is_alone = |span: Span| repot_refer::is_alone(source.bytes(), span);
    let mut above = source
        .imports()
        .iter()
        .filter(|one| one.is_unconditional() && one.span.end <= first && is_alone(one.span));
    // Above the last import, so that whatever happens to that one is apart.
    let anchor = above.rfind(|one| !one.is_future());
    if let Some(anchor) = anchor {
        return Some(Edit::insert(source.line_start(anchor.span.start), lines));
    }
    let at = source.docstring_or_future_end();
    let (head, tail) = if at == 0 { ("", newline.repeat(2)) } else { (newline, String::new()) };
    Some(Edit::insert(at, format!("{head}{lines}{tail}")))
}
