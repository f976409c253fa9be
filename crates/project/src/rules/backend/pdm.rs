//! PDM: <https://backend.pdm-project.org/build_config/>.

use repot_roadmap::Pattern;
use serde_json::json;

use super::pattern::{Patterns, from_root, is_literal};
use super::{BUILD, SDIST, Subject, only_version, real, retired, sdist, ship, stranger};
use crate::rules::wheel::WHEEL;
use crate::{Change, Key, Shipped};

/// What PDM's first generation said outside of a table for the build.
const OLD: [&str; 6] = ["includes", "excludes", "source-includes", "package-dir", "is-purelib", "build"];

pub(super) fn translated(subject: &Subject<'_>) -> Result<Vec<Change>, String> {
    let document = subject.document;
    let is_old =
        |key: &&str| OLD.contains(key) && (*key != "build" || document.text("tool.pdm.build").is_some());
    if let Some(old) = document.keys("tool.pdm").into_iter().find(is_old) {
        return Err(format!("`tool.pdm.{old}` is a setting of an older PDM"));
    }
    let known = ["includes", "excludes", "source-includes", "package-dir", "is-purelib", "editable-backend"];
    stranger(subject, "tool.pdm.build", &known)?;
    if subject.facts.files.contains("pdm_build.py") {
        return Err("`pdm_build.py` changes the build".to_owned());
    }
    if document.get("tool.pdm.build.is-purelib").is_some_and(|flag| flag.as_bool() != Some(true)) {
        return Err("the wheel is built for one platform".to_owned());
    }
    let (mut changes, trees) = included(subject)?;
    let source = Patterns::read(document, "tool.pdm.build.source-includes", from_root)?;
    changes.extend(left_out(subject, &trees, &source)?);
    changes.extend(sdist(&source, &trees));
    changes.extend(version(subject)?);
    changes.extend(retired(subject, &["tool.pdm.build", "tool.pdm.version"]));
    Ok(changes)
}

fn folder(subject: &Subject<'_>) -> String {
    let stated = subject.document.text("tool.pdm.build.package-dir").map(str::to_owned);
    let default = || if subject.facts.has_folder("src") { "src".to_owned() } else { String::new() };
    stated.unwrap_or_else(default).trim_start_matches("./").trim_matches('/').to_owned()
}

/// What the wheel ships, and the folders and files that are said to be shipped.
fn included(subject: &Subject<'_>) -> Result<(Vec<Change>, Vec<Shipped>), String> {
    let stated = Patterns::read(subject.document, "tool.pdm.build.includes", below)?;
    if stated.is_empty() {
        let trees = real(subject);
        return Ok((ship(&trees).unwrap_or_default(), trees));
    }
    let root = folder(subject);
    let tree =
        |path: &str| Shipped { name: path.rsplit('/').next().unwrap_or_default().into(), path: path.into() };
    let trees: Vec<Shipped> = stated.texts().map(tree).collect();
    let wheel = Key::dotted(WHEEL);
    let is_child = |tree: &Shipped| {
        let above = tree.path.rsplit_once('/').map_or("", |(above, _)| above);
        above == root && subject.facts.has_folder(&tree.path)
    };
    if trees.iter().all(is_child) {
        return Ok((stated.moved(&wheel.child("packages")), trees));
    }
    let (name, stated) = match trees.iter().all(|tree| is_literal(&tree.path)) {
        true => ("only-include", stated),
        false => ("include", Patterns::read(subject.document, "tool.pdm.build.includes", from_root)?),
    };
    let mut changes = stated.moved(&wheel.child(name));
    if !root.is_empty() {
        changes.push(Change::Set(wheel.child("sources"), json!([root])));
    }
    Ok((changes, trees))
}

/// A path, without what only says that everything below it is meant.
fn below(text: &str) -> Option<String> {
    let path = from_root(text)?;
    let path = path.trim_end_matches('/');
    let path = path.strip_suffix("/**/*").or_else(|| path.strip_suffix("/**")).unwrap_or(path);
    (path.len() > 1).then(|| path[1..].to_owned())
}

/// What is left out: everywhere what is excluded, and of the wheel what only the
/// source distribution has.
fn left_out(subject: &Subject<'_>, trees: &[Shipped], source: &Patterns) -> Result<Vec<Change>, String> {
    let both = Patterns::read(subject.document, "tool.pdm.build.excludes", from_root)?;
    let stated = subject.document.texts(&Key::dotted("tool.pdm.build.excludes")).unwrap_or_default();
    let includes = subject.document.texts(&Key::dotted("tool.pdm.build.includes")).unwrap_or_default();
    for include in &includes {
        if let Some(exclude) = stated.iter().find(|exclude| wins(include, exclude)) {
            return Err(format!("`{include}` is shipped although `{exclude}` leaves it out"));
        }
    }
    // Without a word, PDM's sources hold the tests.
    let tests = ["/tests".to_owned()];
    let source: Vec<String> = source.texts().map(str::to_owned).collect();
    let beside = if source.is_empty() { &tests[..] } else { &source[..] };
    let is_within = |path: &&String| {
        let path = fixed(path);
        let is_in = |inner: &str, outer: &str| outer.is_empty() || inner.starts_with(outer);
        trees.iter().map(|tree| fixed(&tree.path)).any(|tree| is_in(&tree, &path) || is_in(&path, &tree))
    };
    let within: Vec<&String> = beside.iter().filter(is_within).collect();
    if within.is_empty() {
        return Ok(both.moved(&Key::dotted(BUILD).child("exclude")));
    }
    let own = Key::dotted(WHEEL).child("exclude");
    let texts = both.texts().map(str::to_owned).chain(within.into_iter().cloned());
    let mut changes: Vec<Change> = texts.map(|text| Change::Push(own.clone(), text)).collect();
    changes.extend(both.moved(&Key::dotted(SDIST).child("exclude")));
    Ok(changes)
}

/// The folders before the first wildcard of a pattern, each with a `/` behind.
fn fixed(pattern: &str) -> String {
    let parts = pattern.split('/').filter(|part| !part.is_empty());
    parts.take_while(|part| is_literal(part)).map(|part| format!("{part}/")).collect()
}

/// Whether something could be shipped that both name, which hatchling would
/// leave out: to PDM the longer and plainer pattern counts.
fn wins(include: &str, exclude: &str) -> bool {
    let weight = |text: &str| {
        let parts: Vec<&str> = text.split('/').filter(|part| !part.is_empty() && *part != ".").collect();
        let wild: usize =
            parts.iter().map(|part| if *part == "**" { 2 } else { usize::from(!is_literal(part)) }).sum();
        (parts.len(), std::cmp::Reverse(wild))
    };
    if weight(include) <= weight(exclude) {
        return false;
    }
    let (include, exclude) = (include.trim_start_matches("./"), exclude.trim_start_matches("./"));
    let include = include.trim_end_matches('/');
    !is_literal(include) || Pattern::new(exclude).is_ok_and(|exclude| exclude.matches(include))
}

/// The version, which hatchling can read from the same file.
fn version(subject: &Subject<'_>) -> Result<Vec<Change>, String> {
    let table = "tool.pdm.version";
    if !only_version(subject, &[])? {
        return Ok(Vec::new());
    }
    let (path, source) = (format!("{table}.path"), subject.document.text(&format!("{table}.source")));
    stranger(subject, table, &["source", "path"])?;
    let stated = subject.document.text(&path).map(|path| path.trim_start_matches("./").to_owned());
    match stated.filter(|_| source.is_none_or(|source| source == "file")) {
        Some(file) if subject.facts.versions.contains(&file) => {
            Ok(vec![Change::Move(Key::dotted(&path), Key::dotted("tool.hatch.version.path"))])
        }
        Some(file) => Err(format!("`{file}`, from which PDM reads the version, states no `__version__`")),
        None => Err("PDM computes the version".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longer_and_plainer_pattern_counts() {
        for (include, exclude, expected) in [
            ("src/shop", "src/shop/data", false),
            ("src/shop", "src/shop", false),
            ("src/shop", "src/*", true),
            ("src/shop", "src/till*", false),
            ("src/**/*.py", "src/**/test_*.py", false),
            ("src/shop/*.py", "**/x.py", true),
        ] {
            assert_eq!(wins(include, exclude), expected, "{include} {exclude}");
        }
    }
}
