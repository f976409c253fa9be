//! A composition root that stands already: what it has, and how it comes to have
//! more. What people wrote in it stays.

use std::sync::Arc;

use repot_change::{Edit, Edits};
use repot_python::{Block, Receiving, SourceFile};
use repot_workspace::ModuleId;

use super::Di;
use super::root::{Part, Sheet};
use crate::Trees;
use crate::python::imports_edit;

/// The file of a composition root.
pub(super) struct Standing {
    source: Arc<SourceFile>,
    /// What its `Root` has its parts from; `None` where it has no `Root`.
    own: Option<Di>,
}

impl Standing {
    /// The root in `module`, to be written for `di`.
    ///
    /// # Errors
    ///
    /// Why nothing can be added to it, as a phrase.
    pub(super) fn open(trees: &Trees<'_>, module: ModuleId, di: Di) -> Result<Self, String> {
        let source = trees.get(module);
        let path = &trees.workspace().modules().get(module).path;
        if !source.problems().is_empty() {
            return Err(format!("`{path}` does not parse"));
        }
        let (has_future, own) = (has_future(&source), own(&source));
        let standing = Self { source, own };
        match own {
            _ if !has_future => {
                Err(format!("`{path}` lacks `from __future__ import annotations`, which its additions need"))
            }
            Some(own) if own != di && di != Di::Plain => {
                Err(format!("`{path}` is written for `{}`, and the step says `{}`", own.name(), di.name()))
            }
            Some(own) if !standing.is_plain(own) => {
                Err(format!("the `Root` of `{path}` is not written as such roots are"))
            }
            None => match ["Root", "root", "Parts", "parts"].iter().find(|name| standing.binds(name)) {
                Some(name) => Err(format!("`{path}` has a `{name}` that is something else")),
                None => Ok(standing),
            },
            Some(_) => Ok(standing),
        }
    }

    fn binds(&self, name: &str) -> bool {
        self.source.definitions().names.contains_key(name)
    }

    /// Whether parts can be added: there is an `__init__` and a `root`.
    fn is_plain(&self, own: Di) -> bool {
        let is_init = matches!(self.source.receiving("Root"), Some(Receiving::Init(_)));
        let has_providers = match own {
            Di::Plain => true,
            Di::Dishka => self.block("Parts").is_some_and(|block| self.has_lines(&block)),
            Di::Svcs => self.registered().is_some(),
        };
        let has_room = self.init().is_some_and(|init| self.has_lines(&init));
        is_init && has_providers && has_room && self.binds("root")
    }

    /// Whether the body of a block stands below its head.
    fn has_lines(&self, block: &Block) -> bool {
        self.source.bytes()[block.head.end..block.span.end].contains(&b'\n')
    }

    fn block(&self, name: &str) -> Option<Block> {
        self.source.blocks().into_iter().find(|block| block.name == name)
    }

    fn init(&self) -> Option<Block> {
        self.block("Root")?.members.into_iter().find(|member| member.name == "__init__")
    }

    /// Where `parts` returns the registry.
    fn registered(&self) -> Option<usize> {
        let block = self.block("parts")?;
        let text = std::str::from_utf8(&self.source.bytes()[block.span.range()]).ok()?;
        let at = block.span.start + text.rfind("return registry")?;
        Some(self.source.line_start(at))
    }

    /// Whether `Root` has something by that name.
    pub(super) fn has(&self, name: &str) -> bool {
        self.source.class("Root").is_some_and(|class| class.members.contains(name))
    }

    /// The edits by which it has what `sheet` says; `own` is its dotted name.
    pub(super) fn edits(&self, own: &str, di: Di, sheet: &Sheet<'_>) -> Vec<Edit> {
        let di = self.own.unwrap_or(di);
        let mut edits = match self.own {
            None => vec![self.appended(&sheet.body(di))],
            Some(_) => self.additions(di, sheet),
        };
        let after = Edits::new(edits.clone()).ok().and_then(|edits| edits.apply(self.source.bytes()).ok());
        if let Some(after) = after {
            let after = SourceFile::parse(after.into());
            edits.extend(imports_edit(&self.source, &after, sheet.imports(di), own));
        }
        edits
    }

    fn appended(&self, body: &str) -> Edit {
        let bytes = self.source.bytes();
        let open = if bytes.is_empty() || bytes.ends_with(b"\n") { "" } else { "\n" };
        Edit::insert(bytes.len(), self.lines(&format!("{open}\n\n{body}")))
    }

    /// `text` with the line ends of the file.
    fn lines(&self, text: &str) -> String {
        text.replace('\n', self.source.line_ending())
    }

    fn additions(&self, di: Di, sheet: &Sheet<'_>) -> Vec<Edit> {
        let new: Vec<&&Part> = sheet.parts.iter().filter(|part| !self.has(&part.attribute)).collect();
        let text = |of: &dyn Fn(&Part) -> String| new.iter().map(|part| of(part)).collect::<String>();
        let mut edits = match di {
            Di::Plain => self.keywords(&new),
            Di::Dishka => self.behind(self.block("Parts"), &text(&|part| part.provided(di))),
            Di::Svcs => {
                let at = self.registered().filter(|_| !new.is_empty());
                at.map(|at| Edit::insert(at, self.lines(&text(&|part| part.provided(di)))))
                    .into_iter()
                    .collect()
            }
        };
        let kept = text(&|part| part.kept(di));
        edits.extend(self.behind(self.init(), &kept));
        let is_new = |part: &&&Part| part.instance.as_ref().is_some_and(|name| !self.has(name));
        let has_lifetime = self.has("lifetime");
        let instances = sheet.parts.iter().filter(is_new).filter_map(|part| part.method(has_lifetime));
        let methods: String = instances.chain(sheet.tops.iter().map(|top| top.method())).collect();
        let same = |edit: &Edit, at: usize| edit.span.start == at;
        for edit in self.behind(self.block("Root"), &methods) {
            // `__init__` may be the last that the class has.
            match edits.iter_mut().find(|known| same(known, edit.span.start)) {
                Some(known) => known.new.extend_from_slice(&edit.new),
                None => edits.push(edit),
            }
        }
        edits
    }

    /// More keywords for `__init__`: each on its line where the others are.
    fn keywords(&self, new: &[&&Part]) -> Vec<Edit> {
        let (Some(Receiving::Init(slot)), Some(init)) = (self.source.receiving("Root"), self.init()) else {
            return Vec::new();
        };
        if new.is_empty() {
            return Vec::new();
        }
        let keywords: String = new.iter().map(|part| part.keyword()).collect();
        let head = &self.source.bytes()[init.head.range()];
        let is_blank = |byte: &u8| byte.is_ascii_whitespace();
        let close = head.iter().rposition(|byte| *byte == b')').unwrap_or_default();
        let gap = head[..close].iter().rev().take_while(|byte| is_blank(byte)).count();
        let is_broken = head[close - gap..close].contains(&b'\n') && head[..close - gap].ends_with(b",");
        if is_broken && slot.after.is_empty() && slot.before == ", " {
            let at = self.source.line_start(init.head.start + close);
            return vec![Edit::insert(at, self.lines(&keywords))];
        }
        let words: Vec<&str> = keywords.lines().map(|line| line.trim().trim_end_matches(',')).collect();
        vec![Edit::insert(slot.place, format!("{}{}{}", slot.before, words.join(", "), slot.after))]
    }

    /// `text` behind the last line of a block.
    fn behind(&self, block: Option<Block>, text: &str) -> Vec<Edit> {
        let Some(block) = block.filter(|_| !text.is_empty()) else { return Vec::new() };
        vec![Edit::insert(block.span.end, self.lines(&format!("\n{}", text.trim_end())))]
    }
}

fn has_future(source: &SourceFile) -> bool {
    let is_it = |one: &repot_python::ImportStmt| {
        one.is_future() && one.items().iter().any(|item| item.bound() == "annotations")
    };
    source.imports().iter().any(is_it)
}

/// What the `Root` of a file has its parts from.
fn own(source: &SourceFile) -> Option<Di> {
    let parameters = match source.receiving("Root") {
        Some(Receiving::Init(slot)) => slot.parameters,
        _ => Vec::new(),
    };
    let takes = |name: &str| parameters.iter().any(|one| one == name);
    match source.class("Root") {
        None => None,
        Some(_) if takes("container") => Some(Di::Dishka),
        Some(_) if takes("registry") => Some(Di::Svcs),
        Some(_) => Some(Di::Plain),
    }
}
