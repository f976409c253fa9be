//! Shims: what stands at an old place so that its name stays importable, and
//! means the same object as the new one.
//!
//! The texts lie as Python in `shim/`; here they are filled in. Where a shim
//! goes, and whether anybody wants one, is not known here. A shim names its old
//! place only by `__name__`, so that no later run takes it for a user of the
//! old name.

use repot_workspace::below;

const MODULE: &str = include_str!("shim/module.py");
const PACKAGE: &str = include_str!("shim/package.py");
/// Until a package shim is done, whoever asks for what lies below it must wait,
/// and waits only where there is no module yet.
const FIRST: &str = "\n# Other threads wait for this import instead of using half of it.\nsys.modules.pop(__name__, None)\n\n";
const REPLACE: &str = include_str!("shim/replace.py");
const FACADE: &str = include_str!("shim/facade.py");
const FORWARD: &str = include_str!("shim/forward.py");
const SYMBOLS: &str = include_str!("shim/symbols.py");

/// The file that stays where a module was: `shop/cart.py`, or the
/// `__init__.py` of a package.
///
/// Importing the old name gives the new module itself, and warns. The warning
/// is given where the old name is first imported; Python runs no code for
/// whoever imports it after that. With `is_package`, the one file answers for
/// every module below as well.
///
/// Where the new name lies below the old one (`mono` became `mono.shared`), the
/// old package must remain a package of its own: what lies below keeps its
/// identity, and the names that the package defines are handed on one by one,
/// but to set one of them is not seen by the new module.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shim<'a> {
    /// The dotted name of before.
    pub old: &'a str,
    /// The dotted name of now.
    pub new: &'a str,
    /// Whether a package moved, with everything below it.
    pub is_package: bool,
    /// The day on which the shim goes, as an ISO date.
    pub until: Option<&'a str>,
}

impl Shim<'_> {
    /// Whether a file is a shim for what is now called `new`.
    #[must_use]
    pub fn stands_in(file: &[u8], new: &str) -> bool {
        let about = format!("oved to `{new}`; this name ");
        let head = &file[..file.len().min(about.len() + 64)];
        memchr::memmem::find(head, about.as_bytes()).is_some()
    }

    /// The text of the file, with `\n` between lines.
    #[must_use]
    pub fn text(&self) -> String {
        let is_inside = below(self.new, self.old).is_some_and(|rest| !rest.is_empty());
        let (parts, except_new): (&[&str], _) = match (self.is_package, is_inside) {
            (false, false) => (&[MODULE], ""),
            (false, true) => (&[FACADE, FORWARD], ""),
            (true, false) => (&[PACKAGE, REPLACE], ""),
            (true, true) => (&[PACKAGE, FORWARD], " or f\"{fullname}.\".startswith(f\"{NEW}.\")"),
        };
        let about = match is_inside {
            false => format!("Moved to `{}`; this name {}.", self.new, goes(self.until)),
            true => format!("What stood here moved to `{}`; this name {}.", self.new, goes(self.until)),
        };
        parts
            .concat()
            .replace("@about@", &about)
            .replace("@first@\n", if is_inside { "" } else { FIRST })
            .replace("@except_new@", except_new)
            .replace("@new@", self.new)
            .replace("@goes@", &goes(self.until))
    }
}

/// A symbol that left its module.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Departed<'a> {
    /// The name of before.
    pub old: &'a str,
    /// The module that it moved to.
    pub module: &'a str,
    /// Its name there.
    pub new: &'a str,
}

/// What is appended to a module that symbols left, so that it still gives them
/// to whoever asks.
///
/// A name that the module lists in `__all__` stays listed, and a star import
/// finds it; without `__all__`, star imports do not see names given this way.
/// The module's own code does not either: a module that still uses a symbol
/// that left it imports it, and needs no shim for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SymbolShim<'a> {
    /// What moved, at least one symbol.
    pub symbols: &'a [Departed<'a>],
    /// The day on which the names go, as an ISO date.
    pub until: Option<&'a str>,
}

impl SymbolShim<'_> {
    /// The module and the name that the module must import for [`Self::text`].
    pub const NEEDS: (&'static str, &'static str) = ("typing", "TYPE_CHECKING");

    /// A module `__getattr__` that warns and gives the symbol itself; the text
    /// is for the end of a module that has no `__getattr__` yet.
    #[must_use]
    pub fn text(&self) -> String {
        let entry = |moved: &Departed<'_>| {
            format!("        \"{}\": (\"{}\", \"{}\"),\n", moved.old, moved.module, moved.new)
        };
        SYMBOLS
            .replace("@imports@", &self.lines(|moved| import(moved, "    ", "")))
            .replace("@names@", &self.lines(|moved| name(moved, "    ")))
            .replace("@table@", &self.lines(entry))
            .replace("@they_go@", &they_go(self.until))
            .replace("@goes@", &goes(self.until))
    }

    /// The same for a module that has a `__getattr__` of its own: plain
    /// imports, which do not warn. They are for the end of the module, where a
    /// circle of imports does least harm.
    #[must_use]
    pub fn reexports(&self) -> String {
        let imports = self.lines(|moved| import(moved, "", "  # noqa: E402"));
        let names = self.lines(|moved| name(moved, ""));
        format!("\n# These names moved away; {}.\n{imports}\n{names}", they_go(self.until))
    }

    fn lines(&self, line: impl Fn(&Departed<'_>) -> String) -> String {
        let mut symbols = self.symbols.to_vec();
        symbols.sort_unstable_by_key(|symbol| (symbol.module, symbol.new, symbol.old));
        symbols.dedup();
        symbols.iter().map(line).collect()
    }
}

/// The import is private, and the name a name of the module's own: what type
/// checkers and linters take for meant.
fn import(moved: &Departed<'_>, indent: &str, comment: &str) -> String {
    format!("{indent}from {} import {} as _{}{comment}\n", moved.module, moved.new, moved.old)
}

fn name(moved: &Departed<'_>, indent: &str) -> String {
    format!("{indent}{0} = _{0}\n", moved.old)
}

fn they_go(until: Option<&str>) -> String {
    until.map_or_else(|| "they will go from here".to_owned(), |until| format!("they go from here on {until}"))
}

/// What becomes of one old name.
fn goes(until: Option<&str>) -> String {
    until.map_or_else(|| "will go".to_owned(), |until| format!("goes on {until}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHAPES: [(&str, &str, bool); 5] = [
        ("shop.cart", "store.cart", false),
        ("shop.front", "store.front", true),
        ("mono", "mono.shared", true),
        ("mono.x", "mono.x.y", false),
        ("wagtail.core", "wagtail", true),
    ];

    #[test]
    fn every_blank_is_filled_in() {
        for (old, new, is_package) in SHAPES {
            for until in [None, Some("2027-05-22")] {
                let text = Shim { old, new, is_package, until }.text();
                assert!(!text.contains(['@', '\r', '\t']), "{text}");
                assert!(text.contains(until.unwrap_or("will go")), "{text}");
            }
        }
        let moved = [Departed { old: "Price", module: "store.money", new: "Money" }];
        let shim = SymbolShim { symbols: &moved, until: Some("2027-05-22") };
        assert!(!format!("{}{}", shim.text(), shim.reexports()).contains('@'));
    }

    #[test]
    fn the_docstring_says_what_the_file_is() {
        let shim = Shim { old: "shop.cart", new: "store.cart", is_package: false, until: Some("2027-05-22") };
        assert!(
            shim.text().starts_with("\"\"\"Moved to `store.cart`; this name goes on 2027-05-22.\"\"\"\n")
        );
    }

    /// A second run of the same move would otherwise rewrite the shim.
    #[test]
    fn a_shim_does_not_name_its_old_place() {
        for (old, new, is_package) in SHAPES {
            let text = Shim { old, new, is_package, until: None }.text();
            assert!(!text.replace(new, "").contains(old), "{old}: {text}");
        }
    }
}
