//! Laws of fitting: the delta is what was intended, and a second run is empty.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::{Older, Said, lacks};

fn template() -> Template {
    let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
    Template {
        build_backend: Some("hatchling".to_owned()),
        requires_python: Some(">=3.11".to_owned()),
        groups: texts(&["dev", "test", "docs"]),
        tools: texts(&["ruff", "mypy", "pytest", "coverage"]),
        classifiers: true,
        ..Template::default()
    }
}

fn facts(files: &[&str]) -> Facts {
    let files: BTreeSet<String> = files.iter().map(|file| (*file).to_owned()).collect();
    Facts { folder: "shop".to_owned(), files, ..Facts::default() }
}

const PARTS: [&[&str]; 6] = [
    &[
        "",
        "[build-system]\nrequires = ['setuptools'] # old\nbuild-backend = 'setuptools.build_meta'\n",
        "[build-system]\nrequires = ['hatchling']\nbuild-backend = 'hatchling.build'\n",
    ],
    &[
        "[project]\nname = 'shop' # ours\n",
        "[project]\nname = 'shop'\nrequires-python = '>=3.9,<4'\nreadme = 'README.md'\n",
        "",
    ],
    &["version = '1'\n", "dynamic = ['version']\n", ""],
    &[
        "",
        "[project.optional-dependencies]\n# for us\ndev = ['ruff']\nall = ['shop[dev,gone]']\n",
        "[dependency-groups]\ntest = []\n",
    ],
    &[
        "",
        "[tool.hatch.build.targets.wheel]\npackages = ['src']\n",
        "[tool.setuptools]\npackages = ['shop']\n",
        "[tool.hatch.version]\nsource = 'vcs'\n",
    ],
    &["", "[tool.ruff]\nline-length = 79 # short\n"],
];

proptest! {
    #[test]
    fn fitting_changes_what_it_says_and_ends(
        choice in prop::collection::vec(0..4usize, PARTS.len()),
        layout in prop::sample::select(vec!["src/shop/__init__.py", "shop/__init__.py", "__init__.py", "README.md"]),
        older in prop::sample::select(vec![None, Some("name"), Some("ext_modules")]),
    ) {
        let text: String = PARTS.iter().zip(&choice).map(|(part, at)| part[at % part.len()]).collect();
        let Ok(document) = Document::parse(&text) else { return Ok(()) };
        let said = |word: &str| [(word.to_owned(), Said::Text("shop".to_owned()))].into();
        let older = older.map(|word| Older::new("setup.py", &said(word), &[]));
        let facts = Facts { older, ..facts(&[layout]) };
        let fitted = fit(&document, &facts, &template());
        let mut values = document.values();
        for settled in &fitted.mended {
            if let Cure::Changes(changes) = &settled.lack.cure {
                changes.iter().for_each(|change| change.apply(&mut values));
            }
        }
        let after = fitted.document.render();
        let read = Document::parse(&after).map_err(|broken| TestCaseError::fail(format!("{broken:?}\n{after}")))?;
        prop_assert_eq!(read.values(), values, "{}", &after);
        let again = fit(&read, &facts, &template());
        prop_assert!(again.mended.is_empty(), "{:?}\n{}", again.mended, after);
        let template = template();
        let subject = Subject { document: &read, facts: &facts, template: &template };
        prop_assert_eq!(lacks(&subject).len(), again.left.len());
        for word in text.lines().filter_map(|line| line.split_once('#')).map(|(_, word)| word) {
            prop_assert!(after.contains(word), "{}\n{}", word, &after);
        }
    }
}
