//! What a part of a file takes from its module.

use repot_change::Span;

use super::Scopes;
use super::model::Mode;
use crate::Name;
use crate::encoding::decode;

impl Scopes<'_> {
    /// The names read within `span` that the module's own scope binds, in the
    /// order of the file, each as often as it is read.
    #[must_use]
    pub fn module_names(&self, span: Span) -> Vec<Name> {
        let uses = self.table.owned_by_module().map(|index| &self.table.uses[index]);
        let read = uses.filter(|one| one.mode == Mode::Load && span.contains(one.span));
        let mut names: Vec<Name> =
            read.map(|one| Name { text: decode(one.name).into_owned(), span: one.span }).collect();
        names.sort_by_key(|name| name.span);
        names
    }

    /// Where the file binds, deletes or declares `global` what is the module's,
    /// in order.
    #[must_use]
    pub fn module_writes(&self) -> Vec<Name> {
        let uses = self.table.owned_by_module().map(|index| &self.table.uses[index]);
        let written = uses.filter(|one| one.mode != Mode::Load);
        let name = |one: &super::model::Use<'_>| Name { text: decode(one.name).into_owned(), span: one.span };
        let mut names: Vec<Name> = written.map(name).collect();
        names.sort_by_key(|name| name.span);
        names
    }

    /// Every place of the file at which `name` means what the module binds by
    /// it: read, bound, deleted or declared `global`; in order.
    #[must_use]
    pub fn module_uses(&self, name: &str) -> Vec<Span> {
        let uses = self.table.owned_by_module().map(|index| &self.table.uses[index]);
        let mut spans: Vec<Span> =
            uses.filter(|one| one.name == name.as_bytes()).map(|one| one.span).collect();
        spans.sort_unstable();
        spans.dedup();
        spans
    }
}

#[cfg(test)]
mod tests {
    use repot_change::Span;

    use crate::SourceFile;

    #[test]
    fn a_function_takes_what_its_module_binds() {
        let source = "import a\nB = 1\ndef f(x, a=a):\n    y = B\n    return x, y, f, len(a), C\n";
        let file = SourceFile::parse(source.as_bytes().into());
        let start = source.find("def").unwrap();
        let names = file.scopes().module_names(Span::new(start, source.len()));
        assert_eq!(names.iter().map(|name| name.text.as_str()).collect::<Vec<_>>(), ["a", "B", "f"]);
    }

    #[test]
    fn a_name_of_the_module_is_used_where_no_other_hides_it() {
        let source =
            "B = 1\ndef f(B): return B\ndef g():\n    global B\n    B = 2\nclass C:\n    b = B\ndel B\n";
        let file = SourceFile::parse(source.as_bytes().into());
        let lines: Vec<usize> =
            file.scopes().module_uses("B").into_iter().map(|span| file.line(span.start)).collect();
        assert_eq!(lines, [1, 4, 5, 7, 8]);
        let scopes = file.scopes();
        let writes = scopes.module_writes().into_iter();
        let written: Vec<(String, usize)> =
            writes.map(|name| (name.text, file.line(name.span.start))).collect();
        let expected = [("B", 1), ("f", 2), ("g", 3), ("B", 4), ("B", 5), ("C", 6), ("B", 8)];
        assert_eq!(written, expected.map(|(name, line)| (name.to_owned(), line)));
    }
}
