//! The classes and functions that a file defines at its left margin.
//!
//! A look at the lines and no parse: it serves to compare packages with each
//! other, where a line inside a string does no harm.

/// The names, in the order of the file; private ones are left out.
pub(super) fn symbols(source: &[u8]) -> impl Iterator<Item = &str> {
    source.split(|byte| matches!(byte, b'\n' | b'\r')).filter_map(defined_on)
}

fn defined_on(line: &[u8]) -> Option<&str> {
    let rest = [&b"class "[..], b"def ", b"async def "]
        .into_iter()
        .find_map(|keyword| line.strip_prefix(keyword))?;
    let rest = rest.trim_ascii_start();
    let is_of_name = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_' || !byte.is_ascii();
    let end = rest.iter().position(|byte| !is_of_name(byte)).unwrap_or(rest.len());
    let name = std::str::from_utf8(rest.get(..end)?).ok()?;
    Some(name).filter(|name| !name.is_empty() && !name.starts_with('_') && *name != "main")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_left_margin_counts() {
        let source = b"class Cart(Base):\r\n    def add(self): ...\nasync def load(): ...\ndef _x(): ...\ndef main():\nclassic = 1\ndef\nclass \xff\n";
        assert_eq!(symbols(source).collect::<Vec<_>>(), ["Cart", "load"]);
    }
}
