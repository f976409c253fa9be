//! Contract drift: what the importer uses and its target does not have.
//!
//! A name may be found and yet not be what the importer was written for. Only
//! what can be known is reported: a class with a base outside the workspace, a
//! `__getattr__` or a decorator that rewrites it may have anything.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use repot_python::{ClassShape, MemberUse, Parameter, ParameterKind, Reference, Signature, SourceFile};
use repot_workspace::{ModuleId, Origin, Place, Workspace};

/// Looks for drift; remembers the targets it has seen, trees included, as long
/// as it lives.
pub struct Drift<'a> {
    workspace: &'a Workspace,
    shapes: Mutex<HashMap<(ModuleId, String), Arc<Shape>>>,
    trees: Mutex<HashMap<ModuleId, Arc<SourceFile>>>,
}

/// What is known of a target.
#[derive(Debug, Default)]
struct Shape {
    /// All members, when they are all known.
    members: Option<BTreeSet<String>>,
    /// The keywords that a call may pass, when they are all known.
    keywords: Option<BTreeSet<String>>,
}

/// Bases that add no attribute of their own that code would spell on the class.
const PLAIN_BASES: [&str; 9] =
    ["object", "ABC", "abc.ABC", "Enum", "enum.Enum", "IntEnum", "StrEnum", "Protocol", "typing.Protocol"];

/// Names that every class or enumeration has.
const COMMON: [&str; 8] =
    ["__members__", "__name__", "__doc__", "__module__", "__dict__", "__class__", "__init__", "mro"];

/// Names that instances of enumerations have.
const OF_INSTANCES: [&str; 2] = ["name", "value"];

impl<'a> Drift<'a> {
    /// A fresh memory.
    pub fn new(workspace: &'a Workspace) -> Self {
        Self { workspace, shapes: Mutex::default(), trees: Mutex::default() }
    }

    /// One warning for each member or keyword that the `references` of `source`
    /// use and that `name` of `target` does not have.
    pub fn find(
        &self,
        source: &SourceFile,
        references: &[Reference],
        target: ModuleId,
        name: &str,
    ) -> Vec<String> {
        let Some((module, defined)) = self.definition(target, name) else { return Vec::new() };
        if references.iter().all(|reference| reference.chain.is_empty() && reference.call.is_none()) {
            return Vec::new();
        }
        let shape = self.shape(module, &defined);
        let mut warnings = BTreeSet::new();
        for reference in references {
            let line = source.line(reference.span.start);
            warnings.extend(
                missing(&shape, reference)
                    .map(|what| format!("`{defined}` has no {what} (used on line {line})")),
            );
        }
        warnings.into_iter().collect()
    }

    /// The same for what is done with `members` of its instances.
    pub fn of_instances(
        &self,
        source: &SourceFile,
        members: &[MemberUse],
        target: ModuleId,
        name: &str,
    ) -> Vec<String> {
        let Some(defined) = self.definition(target, name) else { return Vec::new() };
        let shape = self.shape(defined.0, &defined.1);
        let Some(known) = &shape.members else { return Vec::new() };
        let has = |member: &str| {
            known.contains(member) || OF_INSTANCES.contains(&member) || member.starts_with("__")
        };
        let lacking = members.iter().filter(|member| !has(&member.name.text)).map(|member| {
            let line = source.line(member.name.span.start);
            format!(
                "`{}` has no member `{}` (used of an instance on line {line})",
                defined.1, member.name.text
            )
        });
        lacking.collect()
    }

    /// Whether all members of `name` of `target` are known.
    pub fn is_closed(&self, target: ModuleId, name: &str) -> bool {
        self.definition(target, name)
            .is_some_and(|(module, name)| self.shape(module, &name).members.is_some())
    }

    fn definition(&self, target: ModuleId, name: &str) -> Option<(ModuleId, String)> {
        match self.workspace.origin(&Place::Module(target), name)? {
            Origin::Definition { module, name } => Some((module, name)),
            Origin::Module(_) | Origin::External => None,
        }
    }

    fn shape(&self, module: ModuleId, name: &str) -> Arc<Shape> {
        let key = (module, name.to_owned());
        if let Some(shape) = self.shapes.lock().ok().and_then(|shapes| shapes.get(&key).cloned()) {
            return shape;
        }
        let source = self.tree(module);
        let shape = Arc::new(match (source.class(name), source.function(name)) {
            (Some(class), _) => self.class(module, &class),
            (None, Some(function)) => Shape { members: None, keywords: keywords(&function, 0) },
            (None, None) => Shape::default(),
        });
        if let Ok(mut shapes) = self.shapes.lock() {
            shapes.insert(key, Arc::clone(&shape));
        }
        shape
    }

    fn tree(&self, module: ModuleId) -> Arc<SourceFile> {
        let mut trees = self.trees.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(trees.entry(module).or_insert_with(|| self.workspace.syntax(module)))
    }

    fn class(&self, module: ModuleId, class: &ClassShape) -> Shape {
        let mut lineage =
            Lineage { members: Some(BTreeSet::new()), fields: Some(BTreeSet::new()), init: None };
        self.add_lineage(module, class, &mut lineage, 0);
        let keywords = match lineage.init {
            Some(init) => keywords(&init, 1),
            None if is_record(class) => lineage.fields,
            None => None,
        };
        Shape { members: lineage.members, keywords }
    }

    /// Adds the class and its bases; what is not known makes the whole open.
    fn add_lineage(&self, module: ModuleId, class: &ClassShape, lineage: &mut Lineage, depth: usize) {
        if class.is_open || depth > 16 {
            lineage.members = None;
            lineage.fields = None;
        }
        if let Some(members) = &mut lineage.members {
            members.extend(class.members.iter().cloned());
        }
        if let Some(fields) = &mut lineage.fields {
            fields.extend(class.fields.iter().cloned());
        }
        if lineage.init.is_none() {
            lineage.init.clone_from(&class.init);
        }
        for base in class.bases.iter().filter(|base| !is_plain_base(base)) {
            match self.base(module, base) {
                Some((owner, shape)) => self.add_lineage(owner, &shape, lineage, depth + 1),
                None => {
                    lineage.members = None;
                    lineage.fields = lineage.fields.take().filter(|_| is_model(base));
                }
            }
        }
    }

    fn base(&self, module: ModuleId, base: &str) -> Option<(ModuleId, ClassShape)> {
        let name = base.split('[').next().unwrap_or(base);
        match self.workspace.origin(&Place::Module(module), name)? {
            Origin::Definition { module, name } => Some((module, self.tree(module).class(&name)?)),
            Origin::Module(_) | Origin::External => None,
        }
    }
}

/// What a class has together with its bases; `None` where that is not known.
struct Lineage {
    members: Option<BTreeSet<String>>,
    fields: Option<BTreeSet<String>>,
    init: Option<Signature>,
}

fn is_plain_base(base: &str) -> bool {
    PLAIN_BASES.contains(&base) || base.starts_with("Generic[") || base.starts_with("typing.Generic[")
}

fn is_model(base: &str) -> bool {
    matches!(base, "BaseModel" | "pydantic.BaseModel" | "NamedTuple" | "typing.NamedTuple")
}

/// Whether the class takes its fields as keywords of its constructor.
fn is_record(class: &ClassShape) -> bool {
    let is_dataclass =
        |decorator: &String| decorator.split('(').next().is_some_and(|name| name.ends_with("dataclass"));
    class.decorators.iter().any(is_dataclass) || class.bases.iter().any(|base| is_model(base))
}

/// The keywords of a signature without its first `bound` parameters; `None`
/// when it takes any.
fn keywords(signature: &Signature, bound: usize) -> Option<BTreeSet<String>> {
    let is_open = |parameter: &Parameter| parameter.kind == ParameterKind::Kwargs;
    if signature.parameters.iter().any(is_open) {
        return None;
    }
    let by_name = |parameter: &&Parameter| {
        matches!(parameter.kind, ParameterKind::Positional | ParameterKind::KeywordOnly)
    };
    Some(
        signature
            .parameters
            .iter()
            .skip(bound)
            .filter(by_name)
            .map(|parameter| parameter.name.clone())
            .collect(),
    )
}

/// What a reference uses and the shape does not have.
fn missing(shape: &Shape, reference: &Reference) -> impl Iterator<Item = String> {
    let member = reference.chain.first().and_then(|attribute| {
        let known = shape.members.as_ref()?;
        let has = known.contains(&attribute.text) || COMMON.contains(&attribute.text.as_str());
        (!has).then(|| format!("member `{}`", attribute.text))
    });
    let call = reference.call.as_ref().filter(|_| reference.chain.is_empty());
    let unknown = call.zip(shape.keywords.as_ref()).map(|(call, known)| {
        let strangers = call.keywords.iter().filter(|keyword| !known.contains(&keyword.text));
        strangers.map(|keyword| format!("parameter `{}`", keyword.text)).collect::<Vec<_>>()
    });
    member.into_iter().chain(unknown.into_iter().flatten())
}

#[cfg(test)]
mod tests {
    use repot_change::RelPath;
    use repot_workspace::{Shape, Snapshot};

    use super::*;

    #[test]
    fn instances_have_what_all_known_lines_of_their_class_say() {
        let path = RelPath::new("cart.py").unwrap();
        let text = "from m import Base\n\nclass Cart:\n    size: int\n    def __init__(self): self.items = []\n\n\
                    class Deep(Cart):\n    def add(self): ...\n\nclass Open(Base): ...\n";
        let snapshot = Snapshot::from_files([(path.clone(), text.as_bytes().to_vec())]);
        let workspace = Workspace::new(snapshot, Arc::new(Shape::default()));
        let target = workspace.modules().at(&path).unwrap();
        let drift = Drift::new(&workspace);
        let code =
            "from cart import X\ndef f(x: X):\n    x.size; x.items; x.add(); x.__dict__\n    x.total()\n";
        let user = SourceFile::parse(code.as_bytes().into());
        let used = user.scopes().usage(&user.imports()[0], &user.imports()[0].items()[0]).members;
        let lacking = |name: &str| drift.of_instances(&user, &used, target, name);
        assert_eq!(lacking("Deep"), ["`Deep` has no member `total` (used of an instance on line 4)"]);
        assert_eq!(lacking("Cart").len(), 2);
        assert!(lacking("Open").is_empty() && lacking("Nothing").is_empty());
        assert!(drift.is_closed(target, "Deep") && !drift.is_closed(target, "Open"));
    }
}
