//! Globs that are made from paths.
//!
//! A folder may be called anything; what a glob would take for one of its own
//! characters is written as a class of that one character.

use repot_change::RelPath;
use repot_roadmap::Pattern;

/// The glob that means `path` and nothing else; `.` for the root.
pub(super) fn exactly(path: &RelPath) -> String {
    let glob = path.components().map(escaped).collect::<Vec<_>>().join("/");
    if glob.is_empty() { ".".to_owned() } else { acceptable(glob) }
}

/// A glob that begins like a drive, or is nothing but blanks, would be refused.
fn acceptable(glob: String) -> String {
    let mut chars = glob.chars();
    let (first, second) = (chars.next().unwrap_or('*'), chars.next());
    let rest = chars.as_str();
    match second {
        Some(':') => format!("{first}[:]{rest}"),
        _ if glob.trim().is_empty() => {
            format!("[{first}]{}", glob.get(first.len_utf8()..).unwrap_or_default())
        }
        _ => glob,
    }
}

/// The glob of what lies in `folder`: `tail` is a glob itself.
pub(super) fn below(folder: &RelPath, tail: &str) -> String {
    if folder.is_root() { acceptable(tail.to_owned()) } else { format!("{}/{tail}", exactly(folder)) }
}

/// The glob of the children of `folder` that are called one of `names`.
pub(super) fn one_of<'a>(folder: &RelPath, names: impl IntoIterator<Item = &'a str>) -> String {
    let names: Vec<String> = names.into_iter().map(|name| escaped(name).replace(',', "[,]")).collect();
    match names.as_slice() {
        [only] => below(folder, only),
        _ => below(folder, &format!("{{{}}}", names.join(","))),
    }
}

/// One component of a path as a glob.
pub(super) fn escaped(name: &str) -> String {
    let mut glob = String::with_capacity(name.len());
    for c in name.chars() {
        match c {
            '*' | '?' | '[' | ']' | '{' | '}' => glob.extend(['[', c, ']']),
            // No pattern may hold a backslash, so that it is the same on every
            // system; any one character stands for it.
            '\\' => glob.push('?'),
            _ => glob.push(c),
        }
    }
    glob
}

/// The patterns of `globs`, as far as they are globs.
pub(super) fn patterns<'a>(globs: impl IntoIterator<Item = &'a String>) -> Vec<Pattern> {
    globs.into_iter().filter_map(|glob| Pattern::new(glob).ok()).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn path(text: &str) -> RelPath {
        RelPath::new(text).unwrap()
    }

    #[test]
    fn common_paths_stay_as_they_are() {
        assert_eq!(exactly(&path("src/ops/tools - move!")), "src/ops/tools - move!");
        assert_eq!(exactly(&RelPath::root()), ".");
        assert_eq!(one_of(&path("src"), ["a", "b,c"]), "src/{a,b[,]c}");
        assert_eq!(one_of(&path("src"), ["a"]), "src/a");
    }

    proptest! {
        #[test]
        fn a_path_is_matched_by_its_own_glob(text in r"[ab:*?{},\[\]\\! .^-]{1,5}(/[ab*?{},\[\]\\! -]{1,5}){0,2}") {
            let Ok(path) = RelPath::new(&text) else { return Ok(()) };
            let glob = exactly(&path);
            let pattern = Pattern::new(&glob);
            prop_assert!(pattern.as_ref().is_ok_and(|pattern| pattern.matches(path.as_str())), "{glob}");
            let sibling = format!("{path}x");
            prop_assert!(pattern.is_ok_and(|pattern| !pattern.matches(&sibling)));
            if let Some(folder) = path.parent() {
                let choice = one_of(&folder, [path.file_name(), "other"]);
                prop_assert!(Pattern::new(&choice).is_ok_and(|pattern| pattern.matches(path.as_str())), "{choice}");
            }
        }
    }
}
