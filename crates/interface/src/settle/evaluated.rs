//! Annotations that something reads at run time, where a protocol would not do:
//! the fields of pydantic models, what a framework makes of the parameters of a
//! route, and decorators that check types.

use repot_change::Span;
use repot_python::{DefinitionKind, Kind, SourceFile, UseKind};

use crate::inject::is_entry;
use crate::trees::Trees;
use crate::{Consumer, Definition};

/// Decorators that read the annotations of what they decorate.
const READERS: [&str; 9] = [
    "attrs_strict",
    "beartype",
    "inject",
    "register",
    "singledispatch",
    "singledispatchmethod",
    "typechecked",
    "validate_arguments",
    "validate_call",
];

/// What reads an annotation of the consumer's at run time, as a phrase.
pub(super) fn evaluated(trees: &Trees<'_>, consumer: &Consumer) -> Option<String> {
    let source = trees.get(consumer.module);
    let uses = consumer.usage.uses.iter();
    let mut annotations = uses.filter(|one| matches!(one.kind, UseKind::Annotation { .. }));
    annotations.find_map(|one| {
        let why = reader(trees, consumer, &source, one.span)?;
        Some(format!("line {}: {why}", source.line(one.span.start)))
    })
}

fn reader(trees: &Trees<'_>, consumer: &Consumer, source: &SourceFile, at: Span) -> Option<String> {
    let top = source.top_statement(at.start)?;
    let names = &source.definitions().names;
    let own = names.iter().find_map(|(name, bindings)| {
        let binding = bindings.iter().find(|binding| top.contains(binding.span) && !binding.is_import())?;
        Some((name, &binding.kind))
    });
    let (name, kind) = own?;
    match kind {
        DefinitionKind::Class => {
            let definition = Definition { module: consumer.module, name: name.clone() };
            (trees.kind(&definition) == Some(Kind::Model))
                .then(|| format!("`{name}` is a pydantic model, which reads its annotations"))
        }
        DefinitionKind::Function => {
            let slot = source.function_slot(name)?;
            let last =
                |one: &str| one.split('(').next().and_then(|head| head.rsplit('.').next().map(str::to_owned));
            let reads = |one: &&String| {
                let is_reader = last(one.as_str()).is_some_and(|last| READERS.contains(&last.as_str()));
                is_reader || (is_entry(one) && !is_provided(source.bytes(), at.end))
            };
            let decorator = slot.decorators.iter().find(reads)?;
            let head = decorator.split('(').next().unwrap_or(decorator);
            Some(format!("`@{head}` reads the annotations of `{name}`"))
        }
        _ => None,
    }
}

/// Whether a parameter whose annotation ends at `end` says itself where its
/// value comes from, so that the annotation does not: `= Depends(f)`.
fn is_provided(bytes: &[u8], end: usize) -> bool {
    let rest = bytes.get(end..).unwrap_or_default().trim_ascii_start();
    let heads = ["= Depends(", "=Depends(", ", Depends(", "= Security(", ", Security("];
    let behind = heads.iter().find_map(|head| rest.strip_prefix(head.as_bytes()));
    behind.is_some_and(|rest| rest.trim_ascii_start().first().is_some_and(|byte| *byte != b')'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parameter_may_say_itself_where_its_value_comes_from() {
        let provided = |text: &str| is_provided(text.as_bytes(), 1);
        assert!(provided("X = Depends(make)") && provided("X, Depends( make)]"));
        assert!(!provided("X = Depends()") && !provided("X = Depends( )") && !provided("X, y: int"));
    }
}
