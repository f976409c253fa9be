//! What the tree was earlier: the history of its repository, read when a plan
//! asks for it, and each question once.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;
use repot_change::{Content, RelPath};
use repot_codemod::{Former, Lost, Memories, Past};
use repot_git::{Former as Version, Git, GitError, ObjectId, Objects};
use repot_workspace::File;

/// How many digits name a commit to people.
const DIGITS: usize = 12;

/// How many versions are read before they are looked at.
const TOGETHER: usize = 512;

/// The history behind the commit that is checked out.
#[derive(Debug)]
pub struct Earlier {
    root: PathBuf,
    known: Mutex<Memories>,
}

/// The wanted names that each version of a file defines.
type Defined = HashMap<ObjectId, Vec<String>>;

impl Earlier {
    /// The history of the tree at `root`, whether it has one or not.
    pub fn new(root: PathBuf) -> Self {
        Self { root, known: Mutex::default() }
    }

    fn read(&self, lost: &BTreeSet<Lost>) -> Result<Memories, GitError> {
        let none = lost.iter().map(|lost| (lost.clone(), Vec::new()));
        let mut memories = Memories { formers: none.collect(), notes: Vec::new() };
        let Some(git) = Git::open(&self.root)? else { return Ok(memories) };
        let Some(head) = git.head()? else { return Ok(memories) };
        let (versions, is_cut) = git.formers(&head, "*.py")?;
        if is_cut {
            let what = "the history is cut off: what it had of names that nobody defines may not be offered";
            memories
                .notes
                .push(format!("{what} (`git fetch --unshallow` brings the rest of a shallow clone)"));
        }
        let names: HashSet<&str> = lost.iter().filter_map(|lost| lost.name.as_deref()).collect();
        let objects = git.objects()?;
        let before = versions.iter().map(|version| (&version.before, &version.path));
        let mut defined = Defined::new();
        look(&objects, before, &names, &mut defined)?;
        let had = |version: &&Version| defined.get(&version.before).is_some_and(|names| !names.is_empty());
        let after = versions.iter().filter(had);
        let after: Vec<_> =
            after.filter_map(|version| Some((version.after.as_ref()?, &version.path))).collect();
        look(&objects, after.into_iter(), &names, &mut defined)?;
        for (lost, formers) in &mut memories.formers {
            let mut paths = HashSet::new();
            for version in versions.iter().filter(|version| took_away(version, lost, &defined)) {
                if paths.insert(&version.path) {
                    formers.push(former(&git, version));
                }
            }
        }
        Ok(memories)
    }
}

impl Past for Earlier {
    fn recall(&self, lost: &BTreeSet<Lost>) -> Memories {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let is_new = |one: &&Lost| !known.formers.contains_key(*one);
        let unknown: BTreeSet<Lost> = lost.iter().filter(is_new).cloned().collect();
        if !unknown.is_empty() {
            let none: BTreeMap<Lost, Vec<Former>> =
                unknown.iter().map(|lost| (lost.clone(), Vec::new())).collect();
            let read = self.read(&unknown).unwrap_or_else(|error| Memories {
                formers: none,
                notes: vec![format!("the history cannot be read, and offers nothing: {error}")],
            });
            known.formers.extend(read.formers);
            known.notes = read.notes;
        }
        let formers = lost.iter().filter_map(|one| Some((one.clone(), known.formers.get(one)?.clone())));
        Memories { formers: formers.collect(), notes: known.notes.clone() }
    }
}

/// Reads those of `versions` that are not known yet, and remembers which of
/// `names` they define.
fn look<'a>(
    objects: &Objects,
    versions: impl Iterator<Item = (&'a ObjectId, &'a RelPath)>,
    names: &HashSet<&str>,
    defined: &mut Defined,
) -> Result<(), GitError> {
    let mut seen = HashSet::new();
    let is_new =
        |(id, _): &(&ObjectId, &RelPath)| !defined.contains_key(*id) && seen.insert(ObjectId::clone(id));
    let new: Vec<_> = versions.filter(is_new).collect();
    for together in new.chunks(TOGETHER) {
        let texts: Vec<Option<Vec<u8>>> =
            together.iter().map(|(id, _)| objects.blob(id)).collect::<Result<_, GitError>>()?;
        let found = together.par_iter().zip(texts).map(|((id, path), text)| {
            let names = text.map(|text| defined_in(path, text, names)).unwrap_or_default();
            (ObjectId::clone(id), names)
        });
        defined.extend(found.collect::<Vec<_>>());
    }
    Ok(())
}

/// Those of `names` that a file with these bytes defines.
fn defined_in(path: &RelPath, text: Vec<u8>, names: &HashSet<&str>) -> Vec<String> {
    let file = File::new(path, Content::plain(text));
    let source = file.definitions();
    source
        .names
        .keys()
        .filter(|name| names.contains(name.as_str()) && source.defines(name))
        .cloned()
        .collect()
}

/// Whether a commit replaced this version, which had `lost`, by one that has not.
fn took_away(version: &Version, lost: &Lost, defined: &Defined) -> bool {
    let Some(name) = &lost.name else { return version.after.is_none() && lost.is_module_at(&version.path) };
    let has = |id: &ObjectId| defined.get(id).is_some_and(|names| names.contains(name));
    let had_name = has(&version.before) && !version.after.as_ref().is_some_and(has);
    had_name || (version.after.is_none() && lost.is_module_at(&version.path))
}

fn former(git: &Git, version: &Version) -> Former {
    let commit = version.commit.get(..DIGITS).unwrap_or(&version.commit);
    let day = jiff::Timestamp::from_second(version.time).unwrap_or_default();
    Former {
        path: version.path.clone(),
        commit: commit.to_owned(),
        day: day.to_zoned(jiff::tz::TimeZone::UTC).date().to_string(),
        version: git.name_of(&format!("{commit}^"), &version.path),
    }
}
