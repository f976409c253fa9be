//! `[boundaries]` and `[[exception]]`.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::Reader;

use crate::reader::{Place, Table};
use crate::{Boundaries, Exception, Pattern, SettingKind, SettingValue, Spanned, name};

const BOUNDARIES: &[&str] = &[
    "rules",
    "type-checking-imports",
    "local-imports",
    "test-imports",
    "module-cycles",
    "public",
    "composition-roots",
    "distributions",
];
const EXCEPTION: &[&str] = &["rule", "in", "imports", "owner", "reason", "expires"];
const EXPIRES_HINT: &str = "name the last day on which it holds, such as `expires = \"2026-12-31\"`";

impl Reader<'_> {
    pub(super) fn boundaries(&mut self, root: &Table<'_>) -> Boundaries {
        let Some(table) = root.table("boundaries", &mut self.problems) else { return Boundaries::default() };
        let table = self.open(table, "boundaries", BOUNDARIES);
        let rules = table.texts("rules", &mut self.problems);
        rules.iter().for_each(|rule| self.check_rule(rule));
        let public = table.texts("public", &mut self.problems);
        let usual = Boundaries::default();
        Boundaries {
            rules,
            type_checking_imports: self.flag(&table, "type-checking-imports", usual.type_checking_imports),
            local_imports: self.flag(&table, "local-imports", usual.local_imports),
            test_imports: self.flag(&table, "test-imports", usual.test_imports),
            module_cycles: self.flag(&table, "module-cycles", usual.module_cycles),
            public: self.dotted_patterns(public, "public"),
            composition_roots: table.patterns("composition-roots", &mut self.problems),
            distributions: self.distributions(&table),
        }
    }

    /// Rules are called like the metrics that count their findings.
    fn check_rule(&mut self, rule: &Spanned<String>) {
        let rules = self.vocabulary.rules;
        if !rules.contains(&rule.value.as_str()) {
            let message = format!("there is no rule `{}`", rule.value);
            self.problems.add(rule.span.clone(), message, name::hint(&rule.value, rules));
        }
    }

    fn flag(&mut self, table: &Table<'_>, key: &str, usual: bool) -> bool {
        let setting = table.setting(key, SettingKind::Bool, &mut self.problems);
        setting.map_or(usual, |setting| setting.value == SettingValue::Bool(true))
    }

    fn dotted_patterns(&mut self, texts: Vec<Spanned<String>>, key: &str) -> Vec<Spanned<Pattern>> {
        texts.into_iter().filter_map(|text| self.dotted_pattern(text, key)).collect()
    }

    fn dotted_pattern(&mut self, text: Spanned<String>, key: &str) -> Option<Spanned<Pattern>> {
        let is_dotted = !text.value.contains(['/', '\\']) && !text.value.trim().is_empty();
        match Pattern::dotted(&text.value) {
            Ok(pattern) if is_dotted => Some(Spanned { value: pattern, span: text.span }),
            _ => {
                let message = format!("`{}` in `{key}` is no pattern of a dotted name", text.value);
                let hint = "write names with dots; `*` is one part, `**` any number".to_owned();
                self.problems.add(text.span, message, Some(hint));
                None
            }
        }
    }

    fn distributions(&mut self, boundaries: &Table<'_>) -> BTreeMap<String, String> {
        let Some(table) = boundaries.table("distributions", &mut self.problems) else {
            return BTreeMap::new();
        };
        let table = Table::open_unchecked(table, "`[boundaries.distributions]`".to_owned(), &[]);
        let read = |key: &str| Some((key.to_owned(), table.name_text(key, &mut self.problems)?.value));
        table.keys().filter_map(read).collect()
    }

    pub(super) fn exceptions(&mut self, root: &Table<'_>) -> Vec<Exception> {
        let tables = root.tables("exception", &mut self.problems);
        tables.into_iter().filter_map(|table| self.exception(table)).collect()
    }

    fn exception(&mut self, table: Place<'_>) -> Option<Exception> {
        let table = self.open_one_of(table, "exception", EXCEPTION);
        for (key, hint) in [
            ("rule", "name the rule whose findings pass"),
            ("owner", "name who answers for it"),
            ("reason", "say why it is let pass"),
            ("expires", EXPIRES_HINT),
        ] {
            table.require(key, hint, &mut self.problems);
        }
        let rule = table.name_text("rule", &mut self.problems);
        if let Some(rule) = &rule {
            self.check_rule(rule);
        }
        let imports = table.name_text("imports", &mut self.problems);
        let imports = imports.and_then(|text| self.dotted_pattern(text, "imports"));
        let within = table.pattern("in", &mut self.problems);
        let owner = table.name_text("owner", &mut self.problems);
        let reason = table.name_text("reason", &mut self.problems);
        let expires = table.name_text("expires", &mut self.problems).and_then(|text| self.day(&text));
        Some(Exception {
            rule: rule?,
            within,
            imports,
            owner: owner?.value,
            reason: reason?.value,
            expires: expires?,
            span: table.span.clone(),
        })
    }

    fn day(&mut self, text: &Spanned<String>) -> Option<Date> {
        let day = text.value.parse().ok();
        if day.is_none() {
            let message = format!("`{}` is no day", text.value);
            self.problems.add(text.span.clone(), message, Some(EXPIRES_HINT.to_owned()));
        }
        day
    }
}
