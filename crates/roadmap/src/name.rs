//! Names: the nearest valid one, and what Python calls an identifier.

/// The valid name that `wanted` was probably meant to be.
///
/// Upper and lower case, `_` and `-`, and the order of the parts make no
/// difference (`may_import`, `import-may`); otherwise up to a third of the
/// letters may be wrong, missing or transposed. The first of two equally near
/// names wins, so the answer is the same on every run.
pub fn nearest<'a>(wanted: &str, valid: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = folded(wanted);
    let limit = (wanted.chars().count().max(3)) / 3;
    let distance = |name: &str| {
        let name = folded(name);
        if parts(&name) == parts(&wanted) {
            return 0;
        }
        let begins = wanted.len() >= 3 && name.starts_with(&format!("{wanted}-"));
        if begins { 1 } else { strsim::osa_distance(&wanted, &name) }
    };
    valid
        .into_iter()
        .map(|name| (distance(name), name))
        .filter(|(distance, _)| *distance <= limit)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

fn folded(name: &str) -> String {
    name.to_lowercase().replace('_', "-")
}

fn parts(name: &str) -> Vec<&str> {
    let mut parts: Vec<&str> = name.split('-').collect();
    parts.sort_unstable();
    parts
}

/// The help line for a wrong name: the nearest valid one, or all of them.
pub(crate) fn hint(wanted: &str, valid: &[&str]) -> Option<String> {
    if let Some(name) = nearest(wanted, valid.iter().copied()) {
        return Some(format!("did you mean `{name}`?"));
    }
    match valid {
        [] => None,
        [only] => Some(format!("the only valid name is `{only}`")),
        _ => Some(format!("valid names are {}", listed(valid, "and"))),
    }
}

/// "the phases are `a` and `b`": the hint where no name is near.
pub(crate) fn all(what: &str, names: &[&str]) -> String {
    match names {
        [] => format!("there are no {what}"),
        [only] => format!("there is only `{only}`"),
        _ => format!("the {what} are {}", listed(names, "and")),
    }
}

/// `` `a`, `b` and `c` ``.
pub(crate) fn listed(names: &[&str], last: &str) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match quoted.as_slice() {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., end] => format!("{} {last} {end}", first.join(", ")),
    }
}

/// Whether `text` is one or more Python identifiers with dots between.
///
/// Identifiers are taken as letters, digits and `_`, not beginning with a
/// digit, in any script (PEP 3131); keywords are not told apart.
pub(crate) fn is_dotted_name(text: &str) -> bool {
    text.split('.').all(|part| {
        part.starts_with(|first: char| first.is_alphabetic() || first == '_')
            && part.chars().all(|char| char.is_alphanumeric() || char == '_')
    })
}

/// Whether `text` names a module (`a.b`) or a symbol of one (`a.b:Name`).
pub(crate) fn is_symbol(text: &str) -> bool {
    match text.split_once(':') {
        None => is_dotted_name(text),
        Some((module, name)) => is_dotted_name(module) && is_dotted_name(name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_forgives_what_people_mistype() {
        let keys = ["members", "exclude", "legacy-roots", "may-import"];
        for (wanted, expected) in [
            ("mebmers", Some("members")),
            ("member", Some("members")),
            ("Members", Some("members")),
            ("legacy_roots", Some("legacy-roots")),
            ("may_import", Some("may-import")),
            ("import-may", Some("may-import")),
            ("legacy", Some("legacy-roots")),
            ("include", Some("exclude")),
            ("colour", None),
            ("", None),
            ("x", None),
        ] {
            assert_eq!(nearest(wanted, keys), expected, "{wanted}");
        }
    }

    #[test]
    fn of_two_equally_near_names_the_first_wins() {
        assert_eq!(nearest("bat", ["cat", "hat"]), Some("cat"));
        assert_eq!(nearest("bat", ["hat", "cat"]), Some("hat"));
        assert_eq!(nearest("bat", ["hat", "bat"]), Some("bat"));
    }

    #[test]
    fn symbols_are_modules_or_names_in_them() {
        for good in ["a", "a.b", "a.b:C", "a.b:C.d", "_x", "größe.b2"] {
            assert!(is_symbol(good), "{good}");
        }
        for bad in ["", ".", "a.", ".a", "a..b", "2a", "a-b", "a:", ":b", "a:b:c", "a b", "a/b"] {
            assert!(!is_symbol(bad), "{bad}");
        }
    }
}
