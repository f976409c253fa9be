//! TOML as the roadmap writes it: strings, keys and arrays.

/// Arrays that would make a longer line have an item on each line.
const WIDTH: usize = 100;

/// A basic string (TOML 1.0, "String").
pub(super) fn string(text: &str) -> String {
    let mut written = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => written.extend(['\\', c]),
            c if c.is_control() => written += &format!("\\u{:04X}", u32::from(c)),
            c => written.push(c),
        }
    }
    written + "\""
}

/// A bare key where that is enough, else a quoted one.
pub(super) fn key(text: &str) -> String {
    let is_bare = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    if !text.is_empty() && text.chars().all(is_bare) { text.to_owned() } else { string(text) }
}

/// `key = ["a", "b"]` and the line end.
pub(super) fn array(key: &str, items: &[String]) -> String {
    let items: Vec<String> = items.iter().map(|item| string(item)).collect();
    let line = format!("{key} = [{}]\n", items.join(", "));
    if items.len() < 2 || line.chars().count() <= WIDTH {
        return line;
    }
    let lines: String = items.iter().map(|item| format!("    {item},\n")).collect();
    format!("{key} = [\n{lines}]\n")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn any_text_is_read_as_it_was(text in any::<String>(), name in any::<String>()) {
            let written = format!("{} = {}\n{}", key(&name), string(&text), array("x", &[text.clone(), name.clone()]));
            prop_assume!(name != "x");
            let read = toml_edit::Document::parse(written.clone()).map_err(|error| TestCaseError::fail(format!("{written}\n{error}")))?;
            prop_assert_eq!(read.as_item().get(&name).and_then(|item| item.as_str()), Some(text.as_str()));
            let array = read.as_item().get("x").and_then(|item| item.as_array());
            prop_assert_eq!(array.and_then(|array| array.get(1)).and_then(|item| item.as_str()), Some(name.as_str()));
        }
    }
}
