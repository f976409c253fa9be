//! What stays of the old package: nothing, an archive, or a shim under the old
//! name; and the word in the roadmap that it must not come back.

use repot_change::{ChangeSet, Class, Content, Edit, FileChange, RelPath, TreeError};
use repot_codemod::Proposal;
use repot_project::{Change, Document, Key};
use repot_refer::Shim;
use repot_workspace::Workspace;

use super::side::Side;
use super::taken::take_out;

/// What stays of the old package.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Leftover {
    /// Nothing.
    Removed,
    /// What is not in the target goes to `archive/NAME/`.
    Archived,
    /// The old name stays importable.
    Shim,
}

impl Leftover {
    /// As a roadmap writes them.
    pub const NAMES: &'static [&'static str] = &["remove", "archive", "shim"];

    /// The one that is called `name`.
    pub fn named(name: &str) -> Self {
        match name {
            "archive" => Self::Archived,
            "shim" => Self::Shim,
            _ => Self::Removed,
        }
    }
}

/// Where the archive of the folder `home` is.
pub fn archive(home: &RelPath) -> Option<RelPath> {
    RelPath::new(&format!("archive/{}", home.file_name())).ok()
}

/// Files of `home` that would be deleted go to the archive instead.
pub fn archive_deleted(home: &RelPath, proposal: &mut Proposal) -> Result<(), TreeError> {
    let Some(archive) = archive(home) else { return Ok(()) };
    for class in Class::ALL {
        let changes = proposal.changes_mut(class);
        let gone: Vec<RelPath> = deleted(changes).filter(|path| path.is_within(home)).cloned().collect();
        changes.retain(|path, change| !(matches!(change, FileChange::Delete) && gone.contains(path)));
        for path in gone {
            let rest = path.relative_to(home).unwrap_or_default();
            let Ok(to) = archive.join(rest) else { continue };
            changes.rename(path, to)?;
        }
    }
    Ok(())
}

fn deleted(changes: &ChangeSet) -> impl Iterator<Item = &RelPath> {
    changes.iter().filter(|(_, change)| matches!(change, FileChange::Delete)).map(|(path, _)| path)
}

/// The old package's `__init__` becomes the shim.
pub fn leave_shim(
    workspace: &Workspace,
    (from, into): (&Side, &Side),
    until: Option<&str>,
    proposal: &mut Proposal,
) -> Result<(), TreeError> {
    let Ok(init) = from.folder.join("__init__.py") else { return Ok(()) };
    let shim = Shim { old: &from.name, new: &into.name, is_package: true, until };
    let ending = workspace.modules().at(&init).map_or("\n", |id| workspace.file(id).parse().line_ending());
    let text = shim.text().replace('\n', ending).into_bytes();
    let is_moved = Class::ALL.into_iter().any(|class| {
        let mut changes = proposal.changes_mut(class).iter();
        changes.any(|(path, change)| *path == init && matches!(change, FileChange::Move { .. }))
    });
    let content = workspace.snapshot().content(&init);
    let changes = match (is_moved, content) {
        (false, Some(content)) => {
            take_out(proposal, &init);
            // The new module gives the names, which the shim stands for.
            let names = workspace.snapshot().get(&init).map(|file| file.definitions().names.keys().cloned());
            proposal.retired.extend(names.into_iter().flatten().map(|name| (init.clone(), name)));
            let edit = Edit { span: repot_change::Span::new(0, content.bytes.len()), new: text };
            return proposal.changes_mut(Class::Imports).add_edits(&init, vec![edit]);
        }
        _ => proposal.changes_mut(Class::Imports),
    };
    changes.create(init, Content::plain(text))
}

/// Writes to the roadmap, where there is one, that the package is retired.
pub fn retire(
    workspace: &Workspace,
    from: &Side,
    into: &Side,
    proposal: &mut Proposal,
) -> Result<(), TreeError> {
    let Ok(roadmap) = RelPath::new("repot.toml") else { return Ok(()) };
    let Some(content) = workspace.snapshot().content(&roadmap) else { return Ok(()) };
    let package = from.package.map(|id| workspace.package(id));
    let is_reused = |package: &&repot_workspace::Package| {
        let new = into.package.map(|id| workspace.package(id).name.as_str());
        new != Some(package.name.as_str())
    };
    let quoted = |text: &str| format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""));
    let mut lines = vec![String::new(), "[[retired]]".to_owned()];
    lines.extend((from.name != into.name).then(|| format!("package = {}", quoted(&from.name))));
    lines.push(format!("into = {}", quoted(&into.name)));
    let home = package.map_or(&from.folder, |package| &package.folder);
    lines.push(format!("folder = {}", quoted(home.as_str())));
    let distribution = package.filter(is_reused).and_then(|package| package.distribution.as_deref());
    lines.extend(distribution.map(|name| format!("distribution = {}", quoted(name))));
    let mut edits = members(&content.bytes, home, into.package.map(|id| &workspace.package(id).folder));
    let newline = if content.bytes.windows(2).any(|pair| pair == b"\r\n") { "\r\n" } else { "\n" };
    let open = if content.bytes.ends_with(b"\n") || content.bytes.is_empty() { "" } else { newline };
    let text = format!("{open}{}{newline}", lines.join(newline));
    match edits.iter_mut().find(|edit| edit.span.end == content.bytes.len()) {
        Some(last) => last.new.extend(text.into_bytes()),
        None => edits.push(Edit::insert(content.bytes.len(), text)),
    }
    proposal.changes_mut(Class::Config).add_edits(&roadmap, edits)
}

/// The edits by which no list of the roadmap names a folder that is gone: a glob
/// that matches nothing is an error.
fn members(roadmap: &[u8], home: &RelPath, target: Option<&RelPath>) -> Vec<Edit> {
    let Some(source) = repot_project::text(roadmap) else { return Vec::new() };
    let Ok(mut document) = Document::parse(&source) else { return Vec::new() };
    let mut lists = vec![Key::dotted("workspace.members")];
    let domains = document.keys("domains").into_iter();
    lists.extend(domains.map(|name| Key::dotted("domains").child(name).child("members")));
    for list in lists {
        let globs: Vec<&str> = document.texts(&list).unwrap_or_default();
        let is_alone = globs.len() == 1;
        let Some(to) = target.filter(|_| globs.contains(&home.as_str())) else { continue };
        let change = match is_alone && list.to_string() == "workspace.members" {
            true => Change::Replace { list, from: home.to_string(), to: to.to_string() },
            false => Change::Drop(list, home.to_string()),
        };
        document.change(&change);
    }
    repot_project::edits(roadmap, &document.render())
}
