//! Cython sources: `.pyx`, `.pxd` and `.pxi`.
//!
//! Nothing here parses Cython. A line that plainly names a moved module as a
//! whole follows; every other import that the moves touch is reported, and so
//! is what no import statement says: nothing else is looked at.

use repot_change::{Applicability, Class, RelPath, Span};
use repot_workspace::is_identifier;

use crate::opening::Open;
use crate::{Follow, Known, Renames, Unhandled};

const ELSEWHERE: &str = "one of the names goes elsewhere than the others";
const PART: &str = "only a part of the name is known to move";
const USES: &str = "the uses of the name in Cython code are not followed";
const RELATIVE: &str = "relative imports in Cython code are not followed";

/// What the import statements of the Cython file `path` say of what moves: the
/// places that follow, and those that a person must see.
#[must_use]
pub fn look_at_cython(path: &RelPath, bytes: &[u8], renames: &Renames<'_>) -> (Vec<Follow>, Vec<Unhandled>) {
    // Offsets stay what they are in any encoding, and a name that is not ASCII
    // is passed over.
    let text: String =
        bytes.iter().map(|byte| if byte.is_ascii() { char::from(*byte) } else { '?' }).collect();
    let mut look = Look { path, text: &text, renames, follows: Vec::new(), unhandled: Vec::new() };
    let (mut open, mut at) = (Open::default(), 0);
    for line in text.split_inclusive('\n') {
        if open.is_statement() {
            look.statement(at);
        }
        open.read(line);
        at += line.len();
    }
    (look.follows, look.unhandled)
}

struct Look<'a> {
    path: &'a RelPath,
    text: &'a str,
    renames: &'a Renames<'a>,
    follows: Vec<Follow>,
    unhandled: Vec<Unhandled>,
}

impl<'a> Look<'a> {
    /// The statement that begins with the line at `start`.
    fn statement(&mut self, start: usize) {
        let rest = self.text[start..].trim_start_matches([' ', '\t', '\x0c']);
        match rest.split_once([' ', '\t']) {
            Some(("from", rest)) => self.from(rest),
            Some(("import" | "cimport", rest)) => self.import(line_of(rest)),
            Some(("include", rest)) => self.include(line_of(rest)),
            _ => {}
        }
    }

    /// `shop.cart cimport add, Item as I`
    fn from(&mut self, rest: &'a str) {
        let module = word(rest);
        let behind = rest.trim_start()[module.len()..].trim_start_matches([' ', '\t']);
        let behind = behind.strip_prefix('\\').map_or(behind, str::trim_start);
        let Some(names) = behind.strip_prefix("cimport").or_else(|| behind.strip_prefix("import")) else {
            return;
        };
        let names = match names.trim_start().strip_prefix('(') {
            Some(inside) => inside.split(')').next().unwrap_or_default(),
            None => line_of(names),
        };
        let names: Vec<&str> = names
            .lines()
            .flat_map(|line| line_of(line).split(','))
            .map(word)
            .filter(|name| is_identifier(name))
            .collect();
        if module.starts_with('.') {
            self.relative(module, &names);
            return;
        }
        let whole = self.whole(module);
        let goes_elsewhere = |name: &&str| {
            let dotted = format!("{module}.{name}");
            let new = self.renames.dotted(&dotted).filter(|(end, ..)| *end == dotted.len());
            new.is_some_and(|(_, new, _)| whole.is_none_or(|whole| new != format!("{whole}.{name}")))
        };
        match whole {
            _ if names.iter().any(goes_elsewhere) => self.report(module, ELSEWHERE),
            Some(new) => self.follow(module, new),
            None if self.renames.dotted(module).is_some() => self.report(module, PART),
            None => {}
        }
    }

    /// `shop.cart as c, shop.prices`
    fn import(&mut self, items: &'a str) {
        for item in items.split(',') {
            let module = word(item);
            let is_named = item.trim_start()[module.len()..].trim_start().starts_with("as ");
            match self.whole(module) {
                Some(new) if is_named => self.follow(module, new),
                Some(_) => self.report(module, USES),
                None if self.renames.dotted(module).is_some() => self.report(module, PART),
                None => {}
            }
        }
    }

    /// `"prices.pxi"`
    fn include(&mut self, rest: &'a str) {
        let name = rest.trim().trim_matches(['"', '\'']);
        let folder = self.path.parent().unwrap_or_else(RelPath::root);
        let new_path = self.renames.path(self.path).unwrap_or_else(|| self.path.clone());
        let new_folder = new_path.parent().unwrap_or_else(RelPath::root);
        if let (Ok(old), Ok(expected)) = (folder.join(name), new_folder.join(name))
            && self.renames.path(&old).unwrap_or(old) != expected
        {
            self.report(name, "included files in Cython code are not followed");
        }
    }

    /// A relative import is seen when it will not lead to where it led.
    fn relative(&mut self, module: &'a str, names: &[&str]) {
        let below = module.trim_start_matches('.');
        let level = module.len() - below.len();
        let new_path = self.renames.path(self.path).unwrap_or_else(|| self.path.clone());
        let up = |path: &RelPath| path.ancestors().nth(level - 1);
        let (Some(folder), Some(new_folder)) = (up(self.path), up(&new_path)) else { return };
        let targets = match below {
            "" => names.iter().map(|name| (*name).to_owned()).collect(),
            below => vec![below.replace('.', "/")],
        };
        let is_lost = |target: &String| {
            let spellings = ["", ".py", ".pyx", ".pxd"].map(|end| format!("{target}{end}"));
            let moved =
                spellings.iter().find_map(|file| Some((file, self.renames.path(&folder.join(file).ok()?)?)));
            match moved {
                Some((file, new)) => new_folder.join(file).is_ok_and(|expected| expected != new),
                None => new_folder != folder,
            }
        };
        if targets.iter().any(is_lost) {
            self.report(module, RELATIVE);
        }
    }

    /// What `module` is called now, when all of it is an old name.
    fn whole(&self, module: &str) -> Option<&'a str> {
        let renames = self.renames;
        renames.dotted(module).filter(|(.., known)| *known == Known::Whole).map(|(_, new, _)| new)
    }

    fn follow(&mut self, module: &str, new: &str) {
        self.follows.push(Follow {
            span: self.span(module),
            new: new.to_owned(),
            class: Class::Imports,
            applicability: Applicability::Review,
            subject: module.to_owned(),
            rule: "an import in Cython code".to_owned(),
        });
    }

    fn report(&mut self, subject: &str, reason: &str) {
        self.unhandled.push(Unhandled {
            span: self.span(subject),
            class: Class::Imports,
            subject: subject.to_owned(),
            reason: reason.to_owned(),
        });
    }

    /// Where `part`, which was borrowed from the text, stands in it.
    fn span(&self, part: &str) -> Span {
        let start = (part.as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize);
        Span::new(start, start + part.len())
    }
}

/// The rest of the line without its comment.
fn line_of(rest: &str) -> &str {
    rest.split(['\n', '\r', '#', ';']).next().unwrap_or_default()
}

/// The first word, such as a dotted name.
fn word(text: &str) -> &str {
    let text = text.trim_start();
    let end = text.find(|char: char| !char.is_ascii_alphanumeric() && char != '_' && char != '.');
    &text[..end.unwrap_or(text.len())]
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, HashMap};
    use std::sync::Arc;

    use repot_change::{Edit, Edits};
    use repot_workspace::{Place, Shape, Snapshot, Workspace};

    use super::*;

    fn path(text: &str) -> RelPath {
        RelPath::new(text).unwrap()
    }

    /// What becomes of `text` in `file` when `shop.cart`, `shop.front` and
    /// `shop.one:X` move, and the reasons of what is reported.
    fn looked_at(file: &str, text: &[u8]) -> (Vec<u8>, Vec<String>) {
        let files = ["shop/cart.py", "shop/front/__init__.py", "shop/front/page.py"];
        let snapshot = Snapshot::from_files(files.map(|file| (path(file), Vec::new())));
        let workspace = Workspace::new(snapshot, Arc::new(Shape::default()));
        let place = |file: &str| Place::Module(workspace.modules().at(&path(file)).unwrap());
        let module = |old: &str, new: &str, file| (old.to_owned(), (new.to_owned(), place(file)));
        let modules = HashMap::from([
            module("shop.cart", "store.cart", files[0]),
            module("shop.front", "store.front", files[1]),
            module("shop.front.page", "store.front.page", files[2]),
        ]);
        let symbols = HashMap::from([("shop.one.X".to_owned(), "store.two.Y".to_owned())]);
        let paths = BTreeMap::from([
            (path("shop/cart.py"), path("store/cart.py")),
            (path("shop/front"), path("store/front")),
        ]);
        let renames = Renames::new(&workspace, modules, symbols, paths);
        let (follows, unhandled) = look_at_cython(&path(file), text, &renames);
        let edits = follows.iter().map(|follow| Edit::replace(follow.span, follow.new.as_bytes())).collect();
        for report in &unhandled {
            assert_eq!(&text[report.span.range()], report.subject.as_bytes());
        }
        let after = Edits::new(edits).unwrap().apply(text).unwrap();
        (after, unhandled.into_iter().map(|report| report.reason).collect())
    }

    #[test]
    fn a_line_that_names_the_whole_module_follows() {
        for text in [
            "from shop.cart cimport add, Item as I\n",
            "cimport shop.cart as c\r\n",
            "import numpy, shop.cart as c  # shop\n",
            "    from shop.cart import (\n  add, # one\n  Item)\n",
            "x = 1\nfrom shop.front cimport page\n",
            "from\tshop.front.page\timport *",
            "from shop.cart \\\n  cimport add\n",
        ] {
            let expected = text.replace("shop.", "store.");
            let (after, reasons) = looked_at("lib/fast.pyx", text.as_bytes());
            assert_eq!((String::from_utf8(after).unwrap(), reasons), (expected, vec![]), "{text}");
        }
    }

    #[test]
    fn what_is_not_plain_is_reported_once_and_stays() {
        for (file, text, reason) in [
            ("lib/a.pyx", "cimport shop.cart\n", USES),
            ("lib/a.pyx", "import os, shop.cart\n", USES),
            ("lib/a.pyx", "from shop cimport cart, other\n", ELSEWHERE),
            ("lib/a.pyx", "from shop.one cimport (W,\n  X)\n", ELSEWHERE),
            ("lib/a.pyx", "from shop.front.fast cimport x\n", PART),
            ("lib/a.pyx", "cimport shop.front.fast as f\n", PART),
            ("shop/a.pyx", "from .cart cimport add\n", RELATIVE),
            ("shop/a.pyx", "from . cimport cart\n", RELATIVE),
            ("shop/front/a.pyx", "from ..prices import x\n", RELATIVE),
            ("shop/a.pyx", "include \"front/x.pxi\"\n", "included files in Cython code are not followed"),
        ] {
            let found = looked_at(file, text.as_bytes());
            assert_eq!(found, (text.as_bytes().to_vec(), vec![reason.to_owned()]), "{text}");
        }
    }

    #[test]
    fn what_does_not_refer_is_left_alone() {
        for (file, text) in [
            ("lib/a.pyx", "import shop\nfrom shop cimport other\nfrom shop.cartoon cimport x\n"),
            ("lib/a.pyx", "\"\"\"\nfrom shop.cart import x\n\"\"\"\n# import shop.cart\n"),
            ("lib/a.pyx", "cdef extern from \"shop.cart\":\n    pass\nfrom shop.cart\nimport\nfrom\n"),
            ("shop/front/a.pyx", "from . cimport page\nfrom .page cimport x\ninclude \"x.pxi\"\n"),
            ("shop/a.pyx", "from .other cimport x\nfrom ... import x\n"),
        ] {
            assert_eq!(looked_at(file, text.as_bytes()), (text.as_bytes().to_vec(), vec![]), "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_are_too_strange(
            words in proptest::collection::vec("(from|cimport|include|shop\\.cart|\\.+|\\(|,|as| |\n|\"|é){0,12}", 0..6),
            bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..40),
        ) {
            looked_at("shop/a.pyx", words.concat().as_bytes());
            looked_at("a.pyx", &bytes);
        }
    }
}
