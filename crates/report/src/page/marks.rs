//! What changed within a line: the words of two lines compared.

use similar::{Algorithm, DiffOp, capture_diff_slices};

use super::text::units;

/// Longer lines are not compared word by word.
const LONGEST: usize = 1000;

/// A stretch of a line, half-open, in UTF-16 code units.
type Mark = (usize, usize);

/// What of `old` and what of `new` is not in the other; nothing when they have
/// so little in common that one did not become the other.
pub(crate) fn marks(old: &str, new: &str) -> (Vec<Mark>, Vec<Mark>) {
    if old.len() > LONGEST || new.len() > LONGEST {
        return (Vec::new(), Vec::new());
    }
    let (a, b) = (words(old), words(new));
    let (mut gone, mut come) = (Vec::new(), Vec::new());
    let mut common = 0;
    let (mut at_old, mut at_new) = (0, 0);
    for op in capture_diff_slices(Algorithm::Myers, &a, &b) {
        let size = |words: &[&str]| words.iter().map(|word| units(word)).sum::<usize>();
        let (left, right) = (size(&a[op.old_range()]), size(&b[op.new_range()]));
        if matches!(op, DiffOp::Equal { .. }) {
            common += a[op.old_range()].iter().map(|word| units(word.trim())).sum::<usize>();
        } else {
            push(&mut gone, at_old, left);
            push(&mut come, at_new, right);
        }
        at_old += left;
        at_new += right;
    }
    let longer = units(old.trim()).max(units(new.trim()));
    if common * 4 < longer { (Vec::new(), Vec::new()) } else { (gone, come) }
}

/// Adds a stretch; one that lies a single character behind the last joins it.
fn push(marks: &mut Vec<Mark>, start: usize, length: usize) {
    if length == 0 {
        return;
    }
    match marks.last_mut() {
        Some((_, end)) if *end + 1 >= start => *end = start + length,
        _ => marks.push((start, start + length)),
    }
}

/// The stretches as a page has them: `4-9/12-13`.
pub(crate) fn encode(marks: &[Mark]) -> String {
    marks.iter().map(|(start, end)| format!("{start}-{end}")).collect::<Vec<_>>().join("/")
}

/// Names and numbers whole, everything else character by character.
fn words(line: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut start = 0;
    let mut was_name = false;
    for (at, c) in line.char_indices() {
        let is_name = c.is_alphanumeric() || c == '_';
        if at > start && !(is_name && was_name) {
            words.push(&line[start..at]);
            start = at;
        }
        was_name = is_name;
    }
    words.push(&line[start..]);
    words
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_name_is_marked_whole() {
        let (gone, come) = marks("from mono.cart import add", "from shop.cart import add");
        assert_eq!((encode(&gone), encode(&come)), ("5-9".to_owned(), "5-9".to_owned()));
        let (gone, come) = marks("import monorepo.shop.cart", "import shop.cart");
        assert_eq!((encode(&gone), encode(&come)), ("7-16".to_owned(), String::new()));
    }

    #[test]
    fn lines_that_have_nothing_in_common_are_not_marked() {
        assert_eq!(marks("    return 1", "    class Cart:"), (Vec::new(), Vec::new()));
    }

    proptest! {
        #[test]
        fn what_is_not_marked_is_equal(old in "[ab.é𝄞 ]{0,20}", new in "[ab.é𝄞 ]{0,20}") {
            let rest = |text: &str, marks: &[Mark]| {
                let text: Vec<u16> = text.encode_utf16().collect();
                let is_marked = |at: &usize| marks.iter().any(|(start, end)| (*start..*end).contains(at));
                (0..text.len()).filter(|at| !is_marked(at)).map(|at| text[at]).collect::<Vec<_>>()
            };
            let (gone, come) = marks(&old, &new);
            let fits = |marks: &[Mark], text: &str| marks.iter().all(|(start, end)| start < end && *end <= units(text));
            prop_assert!(fits(&gone, &old) && fits(&come, &new));
            let is_joined = [&gone, &come].iter().any(|marks| marks.iter().any(|(start, end)| end - start > 1));
            let is_marked = !gone.is_empty() || !come.is_empty();
            if is_marked && !is_joined {
                prop_assert_eq!(rest(&old, &gone), rest(&new, &come));
            }
        }
    }
}
