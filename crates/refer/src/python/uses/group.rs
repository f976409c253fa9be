//! Groups: the imports of one name in one scope, with the uses of that name.

use repot_change::Span;
use repot_python::{ImportKind, ImportStmt, ImportedName, Reference, Role, Scopes};
use repot_workspace::{Place, Target, below};

use super::super::imports::Imports;
use super::super::names::Importer;
use crate::{Fate, NewImport};

/// The imports that bind one name in one scope, and what is done with it.
pub(super) struct Group<'a> {
    pub(super) bound: &'a str,
    /// Each import: statement, item, and the dotted name it names, for a plain
    /// import; or the place that the name stands for.
    pub(super) items: Vec<(usize, usize, &'a ImportedName)>,
    /// What the name stands for; `None` where several packages share it.
    pub(super) root: Option<Place>,
    /// Whether the bound name is the first component of what is imported.
    pub(super) is_plain: bool,
    pub(super) references: Vec<Reference>,
}

/// A use that reaches a module which is called otherwise afterwards, or a
/// symbol that lies elsewhere.
pub(super) struct Reach<'a> {
    pub(super) reference: &'a Reference,
    /// How many names of the chain are replaced, the bound one included.
    pub(super) depth: usize,
    /// The module that is reached, by its name today and afterwards.
    pub(super) old: String,
    pub(super) new: String,
    /// The symbol's new name, where one is reached.
    pub(super) symbol: Option<String>,
}

impl Group<'_> {
    /// The uses that reach a module under another name afterwards, and the
    /// names of the modules that the others need.
    pub(super) fn reaches(&self, importer: &Importer<'_>) -> (Vec<Reach<'_>>, Vec<String>) {
        let (mut reached, mut kept) = (Vec::new(), Vec::new());
        for reference in &self.references {
            let (depth, place) = self.deepest(importer, reference);
            let old = self.spelled(reference, depth);
            let symbol = reference.chain.get(depth - 1).zip(place.as_ref());
            let symbol = symbol.and_then(|(name, place)| importer.relocation.moved_symbol(place, &name.text));
            if let Some((moved, new)) = symbol.and_then(|moved| Some((moved, moved.to.name.clone()?))) {
                let symbol = Some(moved.new.clone());
                reached.push(Reach { reference, depth: depth + 1, old, new, symbol });
                continue;
            }
            let new = place.and_then(|place| match self.is_plain {
                true => importer.absolute(&old, &place),
                false => self.strayed(importer, reference, depth, &place),
            });
            match new {
                Some(new) if new != old => {
                    reached.push(Reach { reference, depth, old, new, symbol: None });
                }
                _ if reference.role == Role::Load => kept.push(old),
                _ => {}
            }
        }
        (reached, kept)
    }

    /// The new name of `place`, which is reached through a bound package, when
    /// the package does not lead there any more.
    fn strayed(
        &self,
        importer: &Importer<'_>,
        reference: &Reference,
        depth: usize,
        place: &Place,
    ) -> Option<String> {
        let name = importer.relocation.after(place).name?;
        let package = importer.relocation.after(self.root.as_ref()?).name?;
        let chain = reference.chain.iter().take(depth - 1).map(|part| part.text.as_str());
        let through = std::iter::once(package.as_str()).chain(chain).collect::<Vec<_>>().join(".");
        (depth > 1 && through != name).then_some(name)
    }

    /// How far the chain of a use leads through packages, and to what.
    fn deepest(&self, importer: &Importer<'_>, reference: &Reference) -> (usize, Option<Place>) {
        let (mut depth, mut place) = (1, self.root.clone());
        for (index, part) in reference.chain.iter().enumerate() {
            let dotted = self.spelled(reference, index + 2);
            let is_named = self.is_plain
                && self.items.iter().any(|(.., name)| below(&name.name.text, &dotted).is_some());
            let hides = |place: &Place| !is_named && binds_itself(importer, place, &part.text);
            if place.as_ref().is_some_and(hides) {
                break;
            }
            let next = match (self.is_plain, &place) {
                (true, _) => match importer.resolve(0, &dotted) {
                    Target::Found(place) => Some(place),
                    _ => None,
                },
                (false, Some(place)) => importer.relocation.workspace().submodule(place, &part.text),
                (false, None) => None,
            };
            match next {
                Some(next) => (depth, place) = (index + 2, Some(next)),
                None if place.is_some() => break,
                None => {}
            }
        }
        (depth, place)
    }

    /// The longest part of the dotted `name` that the imports of the group load;
    /// what lies deeper was loaded by somebody else.
    pub(super) fn loaded<'n>(&self, name: &'n str) -> Option<String> {
        let shorter = |part: &&'n str| part.rsplit_once('.').map(|(above, _)| above);
        let mut parts = std::iter::successors(Some(name), shorter);
        let is_loaded =
            |part: &&str| self.items.iter().any(|(.., item)| below(&item.name.text, part).is_some());
        parts.find(is_loaded).map(str::to_owned)
    }

    /// The first `depth` names of a use, joined by dots.
    fn spelled(&self, reference: &Reference, depth: usize) -> String {
        let chain = reference.chain.iter().take(depth - 1).map(|part| part.text.as_str());
        std::iter::once(self.bound).chain(chain).collect::<Vec<_>>().join(".")
    }
}

impl Reach<'_> {
    /// The edits of the use when the module goes by the name `module`: the bytes,
    /// what they spell, and what they become. Where blanks or comments stand
    /// between its parts, these are replaced one by one.
    pub(super) fn edits(&self, source: &[u8], bound: &str, module: &str) -> Vec<(Span, String, String)> {
        let chain = &self.reference.chain[..self.depth - 1];
        let end = chain.last().map_or(self.reference.span.end, |name| name.span.end);
        let spelled = chain.iter().fold(bound.to_owned(), |text, name| format!("{text}.{}", name.text));
        let new = self.symbol.iter().fold(module.to_owned(), |text, name| format!("{text}.{name}"));
        let span = Span::new(self.reference.span.start, end);
        let parts: Vec<&str> = new.split('.').collect();
        let Some(extra) = parts.len().checked_sub(chain.len() + 1).filter(|_| span.len() > spelled.len())
        else {
            return vec![(span, spelled, new)];
        };
        let (first, rest) = parts.split_at(extra + 1);
        let spans = chain.iter().map(|name| name.span);
        let rest = spans.zip(rest).filter(|(span, part)| source[span.range()] != *part.as_bytes());
        let first = (self.reference.span, spelled.clone(), first.join("."));
        std::iter::once(first)
            .chain(rest.map(|(span, part)| (span, spelled.clone(), (*part).to_owned())))
            .collect()
    }
}

/// An import that binds a name through which a moved module may be reached.
pub(super) struct Candidate<'a> {
    statement: usize,
    item: usize,
    name: &'a ImportedName,
    root: Option<Place>,
    is_plain: bool,
}

pub(super) fn candidates<'a>(
    importer: &Importer<'_>,
    statements: &'a [ImportStmt],
    imports: &Imports,
) -> Vec<Candidate<'a>> {
    let mut found = Vec::new();
    for (statement, parsed) in statements.iter().enumerate() {
        for (item, name) in parsed.items().iter().enumerate() {
            let place = match &parsed.kind {
                ImportKind::Import(_) => match &name.alias {
                    None => importer.resolve(0, name.name.first()),
                    Some(_) => importer.resolve(0, &name.name.text),
                },
                ImportKind::From(from) => {
                    let dotted = from.dotted();
                    match importer.resolve(from.level, dotted) {
                        Target::Found(place) => importer
                            .relocation
                            .workspace()
                            .submodule(&place, &name.name.text)
                            .filter(|_| !binds_itself(importer, &place, &name.name.text))
                            .map_or(Target::Missing, Target::Found),
                        other => other,
                    }
                }
            };
            let is_plain = matches!(parsed.kind, ImportKind::Import(_)) && name.alias.is_none();
            let root = match place {
                Target::Found(root) => Some(root),
                _ => None,
            };
            let leads = root.as_ref().is_some_and(|root| importer.relocation.leads_to(root, is_plain));
            if leads || (is_plain && new_name(imports, statement, item).is_some()) {
                found.push(Candidate { statement, item, name, root, is_plain });
            }
        }
    }
    found
}

pub(super) fn groups<'a>(
    scopes: &Scopes<'_>,
    statements: &'a [ImportStmt],
    candidates: Vec<Candidate<'a>>,
) -> Vec<Group<'a>> {
    let mut groups: Vec<Group<'a>> = Vec::new();
    for Candidate { statement, item, name, root, is_plain } in candidates {
        let references = scopes.references(&statements[statement], name);
        let bound = name.bound();
        let same = groups.iter_mut().find(|group| {
            group.bound == bound
                && group.is_plain == is_plain
                && !references.is_empty()
                && group.references == references
        });
        match same {
            Some(group) => group.items.push((statement, item, name)),
            None => {
                groups.push(Group {
                    bound,
                    items: vec![(statement, item, name)],
                    root,
                    is_plain,
                    references,
                });
            }
        }
    }
    groups
}

/// Whether a package's own `__init__` binds `name`, which then comes before a
/// submodule of that name.
fn binds_itself(importer: &Importer<'_>, place: &Place, name: &str) -> bool {
    let Place::Module(id) = place else { return false };
    importer.relocation.workspace().file(*id).definitions().names.contains_key(name)
}

pub(super) fn new_name(imports: &Imports, statement: usize, item: usize) -> Option<&str> {
    match imports.fates.get(&statement)?.get(&item)? {
        Fate::Goes { new: NewImport::Import { module }, .. } => Some(module),
        Fate::Goes { .. } | Fate::Repeated => None,
    }
}
