//! A selection: the part of a plan that is wanted.
//!
//! What is not wanted is taken out of each proposal before the tree goes on to
//! the next step. So later steps are planned for the tree that really results,
//! and the laws judge that tree: a part that cannot stand alone fails them.

use repot_change::{Class, FileChange, Note, RelPath};
use repot_roadmap::{Pattern, Step};
use repot_workspace::Workspace;

use crate::Proposal;

/// What is wanted. An empty list does not limit anything.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    /// Steps, by the name of their codemod or their number in the phase, from 1.
    pub steps: Vec<String>,
    /// Packages, by name.
    pub packages: Vec<String>,
    /// Globs of files, or of folders with all that is below them.
    pub paths: Vec<Pattern>,
    /// Classes of edits.
    pub classes: Vec<Class>,
}

impl Selection {
    /// Whether step `number` of a phase, from 1, is wanted.
    pub(crate) fn takes_step(&self, number: usize, step: &Step) -> bool {
        let is_meant = |wanted: &String| *wanted == step.codemod.value || wanted.parse() == Ok(number);
        self.steps.is_empty() || self.steps.iter().any(is_meant)
    }

    /// Whether a change of `class` in the file `path` is wanted.
    fn takes(&self, workspace: &Workspace, class: Class, path: &RelPath) -> bool {
        let matches = |glob: &Pattern| {
            glob.matches(path.as_str()) || path.ancestors().any(|folder| glob.matches(folder.as_str()))
        };
        let package = || workspace.package_at(path).map(|id| &workspace.package(id).name);
        (self.classes.is_empty() || self.classes.contains(&class))
            && (self.paths.is_empty() || self.paths.iter().any(matches))
            && (self.packages.is_empty() || package().is_some_and(|name| self.packages.contains(name)))
    }

    /// Takes out of `proposal`, made for `workspace`, what is not wanted, and
    /// the evidence for it. A file that moves belongs to both of its places.
    pub(crate) fn cut(&self, workspace: &Workspace, proposal: &mut Proposal) {
        if self.classes.is_empty() && self.paths.is_empty() && self.packages.is_empty() {
            return;
        }
        let (mut changes, mut files) = (0, std::collections::BTreeSet::new());
        for class in Class::ALL {
            proposal.changes_mut(class).retain(|path, change| {
                let arrives = match change {
                    FileChange::Move { to, .. } => self.takes(workspace, class, to),
                    FileChange::Edit(_) | FileChange::Create(_) | FileChange::Delete => false,
                };
                let is_taken = arrives || self.takes(workspace, class, path);
                if !is_taken {
                    changes += 1;
                    files.insert(path.clone());
                }
                is_taken
            });
        }
        proposal.evidence.retain(|item| self.takes(workspace, item.class, &item.path));
        if changes > 0 {
            let message = format!("{changes} changes in {} files are left out by the selection", files.len());
            proposal.notes.push(Note { path: None, line: None, message });
        }
    }
}

#[cfg(test)]
mod tests {
    use repot_change::Content;
    use repot_roadmap::Spanned;
    use repot_workspace::{Shape, Snapshot};

    use super::*;

    fn path(text: &str) -> RelPath {
        RelPath::new(text).unwrap()
    }

    fn workspace() -> Workspace {
        let files = ["a/m.py", "b/m.py"].map(|name| (path(name), b"x = 1\n".to_vec()));
        let members = ["a", "b"].map(|glob| Pattern::new(glob).unwrap()).to_vec();
        Workspace::new(Snapshot::from_files(files), Shape { members, ..Shape::default() }.into())
    }

    fn proposal() -> Proposal {
        let mut proposal = Proposal::default();
        proposal.changes_mut(Class::Imports).delete(path("a/m.py")).unwrap();
        proposal.changes_mut(Class::Imports).rename(path("b/m.py"), path("a/n.py")).unwrap();
        proposal.changes_mut(Class::Docs).create(path("docs/x.md"), Content::plain(*b"")).unwrap();
        proposal
    }

    fn left(selection: &Selection) -> Vec<String> {
        let mut proposal = proposal();
        selection.cut(&workspace(), &mut proposal);
        let changes = proposal.changes().unwrap();
        let left: Vec<String> = changes.iter().map(|(path, _)| path.to_string()).collect();
        assert_eq!(proposal.notes.is_empty(), left.len() == 3, "what is left out is said");
        left
    }

    #[test]
    fn a_selection_takes_by_class_by_path_and_by_package() {
        let globs = |globs: &[&str]| globs.iter().map(|glob| Pattern::new(glob).unwrap()).collect();
        assert_eq!(left(&Selection::default()).len(), 3);
        assert_eq!(left(&Selection { classes: vec![Class::Docs], ..Selection::default() }), ["docs/x.md"]);
        assert_eq!(left(&Selection { paths: globs(&["docs"]), ..Selection::default() }), ["docs/x.md"]);
        assert_eq!(left(&Selection { paths: globs(&["a/n.*"]), ..Selection::default() }), ["b/m.py"]);
        let package = Selection { packages: vec!["b".to_owned()], ..Selection::default() };
        assert_eq!(left(&package), ["b/m.py"]);
    }

    #[test]
    fn a_step_is_named_by_its_codemod_or_its_number() {
        let codemod = Spanned::unwritten("move-code".to_owned());
        let step = Step { codemod, settings: repot_roadmap::Settings::default() };
        let takes = |steps: &[&str]| {
            let steps = steps.iter().map(|step| (*step).to_owned()).collect();
            Selection { steps, ..Selection::default() }.takes_step(2, &step)
        };
        assert!(takes(&[]) && takes(&["move-code"]) && takes(&["1", "2"]));
        assert!(!takes(&["1"]) && !takes(&["retarget-imports"]));
    }
}
