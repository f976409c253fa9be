//! Items that come to an array and go from it, in the style of the array.

use toml_edit::Array;

use super::raw;

/// Adds an item as the list writes its last one.
pub fn push(list: &mut Array, text: &str) {
    let last = list.iter().last().map(|last| last.decor().clone());
    let prefix = last.as_ref().and_then(|decor| decor.prefix()?.as_str().map(str::to_owned));
    // A comment before the last item is not the new one's.
    let prefix = prefix.map(|prefix| match prefix.rsplit_once('\n') {
        Some((_, indent)) => format!("\n{indent}"),
        None => prefix,
    });
    let before = if list.is_empty() { "" } else { " " };
    let mut value = toml_edit::Value::from(text);
    let is_first_of_one_line = list.len() == 1 && !prefix.as_deref().unwrap_or_default().contains('\n');
    let prefix = if is_first_of_one_line { before.to_owned() } else { prefix.unwrap_or(before.to_owned()) };
    // Without a trailing comma the blanks before the bracket are the last item's.
    if !list.trailing_comma()
        && let Some(last) = list.iter_mut().last()
        && let Some(suffix) = last.decor().suffix().and_then(|suffix| suffix.as_str()).map(str::to_owned)
        && !suffix.contains('#')
    {
        last.decor_mut().set_suffix("");
        value.decor_mut().set_suffix(suffix);
    }
    // A comment behind the last item stands before what follows the comma.
    let trailing = list.trailing().as_str().unwrap_or_default().to_owned();
    let behind = trailing.split_once('\n').filter(|(first, _)| list.trailing_comma() && first.contains('#'));
    match behind {
        Some((comment, rest)) => {
            let line = if prefix.contains('\n') { prefix.as_str() } else { "\n    " };
            value.decor_mut().set_prefix(format!("{comment}{line}"));
            list.set_trailing(format!("\n{rest}"));
        }
        None => value.decor_mut().set_prefix(prefix),
    }
    list.push_formatted(value);
}

/// Writes comments above the item `text` and behind it; a list on one line gets a
/// line for each item.
pub fn annotate(list: &mut Array, text: &str, above: &[String], behind: &str) {
    let Some(at) = list.iter().position(|item| item.as_str() == Some(text)) else { return };
    spread(list);
    if let Some(item) = list.get_mut(at).filter(|_| !above.is_empty()) {
        let own = raw(item.decor().prefix()).to_owned();
        // What stands behind the item before is on the first of these lines.
        let (first, indent) = own.rsplit_once('\n').unwrap_or((own.trim_end(), "    "));
        let lines: String = above.iter().map(|line| format!("\n{indent}{line}")).collect();
        item.decor_mut().set_prefix(format!("{first}{lines}\n{indent}"));
    }
    if behind.is_empty() {
        return;
    }
    let after = |own: &str, line: &str| match own.contains('\n') {
        true => format!(" {behind}{own}"),
        false => format!(" {behind}{line}"),
    };
    match list.get_mut(at + 1) {
        Some(next) => {
            let own = after(raw(next.decor().prefix()), "\n    ");
            next.decor_mut().set_prefix(own);
        }
        None => {
            let own = after(list.trailing().as_str().unwrap_or_default(), "\n");
            list.set_trailing(own);
        }
    }
}

/// Gives a list of one line a line for each item, and every list a last comma.
fn spread(list: &mut Array) {
    if !list.to_string().trim().contains('\n') {
        list.iter_mut().for_each(|item| item.decor_mut().clear());
        list.iter_mut().for_each(|item| item.decor_mut().set_prefix("\n    "));
        list.set_trailing("\n");
    } else if !list.trailing_comma()
        && let Some(last) = list.iter_mut().last()
    {
        // What stands behind the last item stands behind its comma now.
        let behind = raw(last.decor().suffix()).to_owned();
        last.decor_mut().set_suffix("");
        let own = list.trailing().as_str().unwrap_or_default().to_owned();
        list.set_trailing(format!("{behind}{own}"));
    }
    list.set_trailing_comma(true);
}

/// Takes every item `text` away; comments beside it go to what follows.
pub fn take(list: &mut Array, text: &str) {
    let at = |list: &Array| {
        (0..list.len()).find(|index| list.get(*index).and_then(toml_edit::Value::as_str) == Some(text))
    };
    while let Some(index) = at(list) {
        let gone = list.remove(index);
        let (before, behind) = (raw(gone.decor().prefix()), raw(gone.decor().suffix()));
        let has_comment = before.contains('#') || behind.contains('#');
        let comments = format!("{}{}", before.trim_end(), behind.trim_end());
        let joined = |own: &str| match (has_comment, own.contains('\n')) {
            (false, _) => own.to_owned(),
            (true, true) => format!("{comments}{own}"),
            (true, false) => format!("{comments}\n{own}"),
        };
        if let Some(next) = list.get_mut(index) {
            let own = raw(next.decor().prefix()).to_owned();
            let own = if index == 0 && !has_comment && !own.contains('#') {
                before.to_owned()
            } else {
                joined(&own)
            };
            next.decor_mut().set_prefix(own);
        } else {
            let own = list.trailing().as_str().unwrap_or_default().to_owned();
            list.set_trailing(joined(&own));
        }
    }
}
