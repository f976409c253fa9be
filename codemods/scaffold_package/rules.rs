//! The rule of the build system, where the neighbours have one: a `BUCK` or
//! `BUILD` file.
//!
//! The names of its rules and where they are loaded from are the neighbours'.
//! What else they say of themselves is about them, and is not copied.

use repot_change::{Class, Outcome, RelPath};
use repot_codemod::CodemodError;
use repot_workspace::Snapshot;

use super::Scaffold;
use super::neighbours::Neighbours;

const FILES: [&str; 5] = ["BUCK", "BUILD", "BUILD.bazel", "TARGETS", "BUCK.v2"];

/// What speaks for the file.
const HABIT: &str = "its neighbours have one";

/// Adds the file, when most of the neighbours have one.
pub(super) fn add(scaffold: &mut Scaffold<'_>, neighbours: &Neighbours) -> Result<(), CodemodError> {
    let snapshot = scaffold.workspace.snapshot();
    let folder = &scaffold.site.folder;
    let exists = |name: &&str| folder.join(name).is_ok_and(|path| snapshot.get(&path).is_some());
    if FILES.iter().any(exists) {
        return Ok(());
    }
    let Some((name, example)) = example(snapshot, neighbours) else { return Ok(()) };
    let Ok(path) = folder.join(name) else { return Ok(()) };
    let Some(text) = rule(scaffold, &example) else {
        let reason = "its neighbours use a rule of their own, which only they can fill in".to_owned();
        scaffold.say(Class::Config, &path, HABIT, Outcome::Skipped { reason });
        return Ok(());
    };
    scaffold.create(path, text.into_bytes(), HABIT)
}

/// The name and the text of the neighbours' file.
fn example(snapshot: &Snapshot, neighbours: &Neighbours) -> Option<(&'static str, String)> {
    let text = |folder: &RelPath, name: &str| {
        let bytes = snapshot.get(&folder.join(name).ok()?)?.bytes()?.clone();
        String::from_utf8(bytes.to_vec()).ok()
    };
    let examples =
        |name: &'static str| neighbours.folders.iter().filter_map(move |folder| text(folder, name));
    let name = FILES.into_iter().max_by_key(|name| examples(name).count())?;
    let count = examples(name).count();
    let example = examples(name).next()?;
    (count * 2 > neighbours.folders.len()).then_some((name, example))
}

/// The rule for the package, in the words of `example`.
fn rule(scaffold: &Scaffold<'_>, example: &str) -> Option<String> {
    let site = scaffold.site;
    let name = site.folder.file_name();
    let (package, source) = (site.package_below(), &site.source);
    if example.contains("python_sources(") {
        return Some("python_sources(sources=[\"**/*.py\", \"!tests/**\"])\n".to_owned());
    }
    if example.contains("py_library(") {
        let imports = if source.is_empty() { "." } else { source };
        return Some(format!(
            "{}py_library(\n    name = \"{name}\",\n    srcs = glob([\"{package}/**/*.py\"]),\n    \
             data = [\"{package}/py.typed\"],\n    imports = [\"{imports}\"],\n    \
             visibility = [\"//visibility:public\"],\n)\n",
            loads(example, "py_library"),
        ));
    }
    example.contains("python_library(").then(|| {
        let base = site.import_name.replace('.', "/");
        let resources = format!("{{\"py.typed\": \"{package}/py.typed\"}}");
        format!(
            "{}python_library(\n    name = \"{name}\",\n    base_module = \"{}\",\n    \
             srcs = {{path[{}:]: path for path in glob([\"{package}/**/*.py\"])}},\n    \
             resources = {resources},\n    visibility = [\"PUBLIC\"],\n)\n",
            loads(example, "python_library"),
            base.replace('/', "."),
            package.len() + 1,
        )
    })
}

/// The `load` statements of `example` that bring `rule`, with a blank line.
fn loads(example: &str, rule: &str) -> String {
    let quoted = format!("\"{rule}\"");
    let line = example.lines().find(|line| line.starts_with("load(") && line.contains(&quoted));
    let from = line.and_then(|line| line.split('"').nth(1));
    from.map_or_else(String::new, |from| format!("load(\"{from}\", {quoted})\n\n"))
}
