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
