//! `[[retired]]`: packages that were merged into others and must not come back.

use super::Reader;
use crate::Retired;
use crate::reader::{Place, Table};

const RETIRED: &[&str] = &["package", "into", "folder", "distribution"];

impl Reader<'_> {
    pub(super) fn retired(&mut self, root: &Table<'_>) -> Vec<Retired> {
        let tables = root.tables("retired", &mut self.problems);
        tables.into_iter().map(|table| self.one_retired(table)).collect()
    }

    fn one_retired(&mut self, table: Place<'_>) -> Retired {
        let table = self.open_one_of(table, "retired", RETIRED);
        let names = ["package", "folder", "distribution"];
        if names.iter().all(|key| !table.has(key) && table.misspelling(key).is_none()) {
            let hint =
                "name its import name as `package`, its `folder`, its `distribution`, or all".to_owned();
            self.problems.add(table.span.clone(), "this entry retires nothing".to_owned(), Some(hint));
        }
        Retired {
            package: table.name_text("package", &mut self.problems),
            into: table.name_text("into", &mut self.problems).map(|into| into.value),
            folder: table.name_text("folder", &mut self.problems),
            distribution: table.name_text("distribution", &mut self.problems),
        }
    }
}
