//! `[template]`: what every package's `pyproject.toml` must hold.

use std::collections::BTreeMap;

use super::Reader;
use crate::reader::{Problems, Table};
use crate::{SettingKind, SettingValue, Spanned, Template, TomlValue, settings};

const TEMPLATE: &[&str] = &[
    "build-backend",
    "requires-python",
    "groups",
    "groups-in",
    "requirements",
    "tools",
    "settings",
    "classifiers",
    "layers",
    "layered",
    "synonyms",
    "packages",
    "path",
    "readme",
];

impl Reader<'_> {
    pub(super) fn template(&mut self, root: &Table<'_>) -> Option<Template> {
        let table = root.table("template", &mut self.problems)?;
        let table = self.open(table, "template", TEMPLATE);
        let synonyms = self.synonyms(&table);
        let requirements = self.requirements(&table);
        let settings = self.tool_settings(&table);
        let problems = &mut self.problems;
        let values = |texts: Vec<Spanned<String>>| texts.into_iter().map(|text| text.value).collect();
        let tools = table.texts("tools", problems);
        for tool in tools.iter().filter(|tool| !Template::TOOLS.contains(&tool.value.as_str())) {
            let (message, hint) = settings::no_choice("tools", &tool.value, Template::TOOLS);
            problems.add(tool.span.clone(), message, hint);
        }
        let place = table.setting("groups-in", SettingKind::OneOf(Template::GROUPS_IN), problems);
        let flag = table.setting("classifiers", SettingKind::Bool, problems);
        Some(Template {
            build_backend: table.name_text("build-backend", problems).map(|text| text.value),
            requires_python: table.name_text("requires-python", problems).map(|text| text.value),
            layers: values(table.texts("layers", problems)),
            groups: values(table.texts("groups", problems)),
            groups_in: place.and_then(|place| match place.value {
                SettingValue::Text(text) => Some(text),
                _ => None,
            }),
            requirements,
            settings,
            tools: values(tools),
            classifiers: flag.is_some_and(|flag| flag.value == SettingValue::Bool(true)),
            layered: table.texts("layered", problems),
            synonyms,
            packages: table.texts("packages", problems),
            path: table.name_text("path", problems),
            readme: values(table.texts("readme", problems)),
            // What is decided stands elsewhere.
            decided: Vec::new(),
            placed: Vec::new(),
        })
    }

    /// `[template.requirements]`: what a group holds, by the groups that are
    /// asked for.
    fn requirements(&mut self, template: &Table<'_>) -> BTreeMap<String, Vec<String>> {
        let Some(table) = template.table("requirements", &mut self.problems) else { return BTreeMap::new() };
        let groups = template.texts("groups", &mut Problems::new(self.problems.file.clone()));
        let known: Vec<&str> = groups.iter().map(|group| group.value.as_str()).collect();
        let table = self.open(table, "template.requirements", &known);
        let known = table.keys().filter(|key| known.contains(key)).collect::<Vec<_>>();
        let mut texts = |group: &str| {
            let texts = table.texts(group, &mut self.problems);
            (group.to_owned(), texts.into_iter().map(|text| text.value).collect())
        };
        known.into_iter().map(&mut texts).collect()
    }

    /// `[template.settings]`: what a tool is told, by tool.
    fn tool_settings(&mut self, template: &Table<'_>) -> BTreeMap<String, Vec<(String, TomlValue)>> {
        let Some(table) = template.table("settings", &mut self.problems) else { return BTreeMap::new() };
        let table = self.open(table, "template.settings", Template::TOOLS);
        let mut settings = BTreeMap::new();
        for tool in Template::TOOLS {
            if let Some(place) = table.table(tool, &mut self.problems) {
                let name = format!("`[template.settings.{tool}]`");
                let values = Table::open_unchecked(place, name, &[]).values(&mut self.problems);
                settings.insert((*tool).to_owned(), values);
            }
        }
        settings
    }

    fn synonyms(&mut self, template: &Table<'_>) -> BTreeMap<String, Vec<String>> {
        let Some(table) = template.table("synonyms", &mut self.problems) else { return BTreeMap::new() };
        // A list that is wrong in itself is told when the template is read.
        let layers = template.texts("layers", &mut Problems::new(self.problems.file.clone()));
        let known: Vec<&str> = layers.iter().map(|layer| layer.value.as_str()).collect();
        let table = self.open(table, "template.synonyms", &known);
        let known = table.keys().filter(|key| known.contains(key)).collect::<Vec<_>>();
        let mut names = |layer: &str| {
            let names = table.texts(layer, &mut self.problems);
            (layer.to_owned(), names.into_iter().map(|name| name.value).collect())
        };
        known.into_iter().map(&mut names).collect()
    }
}
