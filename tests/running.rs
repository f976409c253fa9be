//! The cases of `move-code`, run by a real interpreter.
//!
//! A case may hold a program, in a block `python run`: it is run in the tree
//! before and in the tree after, as the case states them, and has to say the
//! same in both. What the codemod makes of the tree is not looked at here; the
//! runner of the cases does that. A program that must name what moved stands
//! once under `## Before` and once under `## After`. Where there is no `python3`
//! on `PATH`, nothing is tested, and a word on stderr says so.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, OnceLock};

use crate::environment::Tree;

/// The tree on one side of a move, and the program to run in it.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
struct Side {
    files: BTreeMap<String, String>,
    program: Option<String>,
}

/// One case that has a program.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Case {
    title: String,
    before: Side,
    after: Side,
}

impl Case {
    /// The case that a text below its heading tells, when it has a program.
    fn parse(text: &str) -> Option<Self> {
        let (title, rest) = text.split_once('\n')?;
        let (mut section, mut program) = ("", None);
        let (mut before, mut after) = (Side::default(), Side::default());
        let mut gone = Vec::new();
        let mut lines = rest.lines();
        while let Some(line) = lines.next() {
            if let Some(name) = line.strip_prefix("## ") {
                section = name.trim();
            }
            let Some(fence) = line.strip_prefix("```") else { continue };
            let body: String = lines
                .by_ref()
                .take_while(|line| !line.starts_with("```"))
                .flat_map(|line| [line, "\n"])
                .collect();
            let side = if section == "After" { &mut after } else { &mut before };
            match (section, fence.split_once(' ').unwrap_or((fence, ""))) {
                ("", ("python", "run")) => program = Some(body),
                (_, ("python", "run")) => side.program = Some(body),
                (_, ("gone", path)) => gone.push(path.to_owned()),
                ("Before" | "After", (_, path)) => drop(side.files.insert(path.to_owned(), body)),
                _ => {}
            }
        }
        let mut files = before.files.clone();
        files.append(&mut after.files);
        files.retain(|path, _| !gone.contains(path));
        after.files = files;
        before.program = before.program.or_else(|| program.clone());
        after.program = after.program.or(program);
        let title = title.to_owned();
        (before.program.is_some() || after.program.is_some()).then_some(Self { title, before, after })
    }

    /// Every case of a Markdown text that has a program.
    fn all(markdown: &str) -> Vec<Self> {
        let headed = format!("\n{markdown}");
        let mut texts: Vec<String> = Vec::new();
        let mut is_code = false;
        for line in headed.lines() {
            is_code ^= line.starts_with("```");
            match line.strip_prefix("# ") {
                Some(title) if !is_code => texts.push(format!("{title}\n")),
                _ => texts.iter_mut().last().into_iter().for_each(|text| *text += &format!("{line}\n")),
            }
        }
        texts.iter().filter_map(|text| Self::parse(text)).collect()
    }

    /// What is wrong with the case: `None` where both sides say the same.
    fn complaint(&self) -> Option<String> {
        match (self.before.says(), self.after.says()) {
            (Ok(before), Ok(_)) if before.trim().is_empty() => Some("the program says nothing".to_owned()),
            (Ok(before), Ok(after)) if before == after => None,
            (Ok(before), Ok(after)) => Some(format!("before\n{before}after\n{after}")),
            (Err(message), _) => Some(format!("before\n{message}")),
            (_, Err(message)) => Some(format!("after\n{message}")),
        }
    }
}

impl Side {
    /// What the program prints in this tree.
    fn says(&self) -> Result<String, String> {
        let program = self.program.as_deref().ok_or("there is no program on this side")?;
        let tree = Tree::empty();
        for (path, text) in &self.files {
            tree.write(path, text);
        }
        tree.write("run.py", program);
        let packages = std::fs::read_dir(tree.root().join("packages")).into_iter().flatten();
        let mut sources: Vec<PathBuf> = packages.map(|entry| entry.unwrap().path().join("src")).collect();
        sources.sort();
        let mut command = Command::new(interpreter().ok_or("there is no python3 on PATH")?);
        command.args(["-B", "-S", "run.py"]).current_dir(tree.root());
        command.env("PYTHONPATH", std::env::join_paths(sources).unwrap()).env("PYTHONHASHSEED", "0");
        let output = command.output().unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        if output.status.success() { Ok(text(&output.stdout)) } else { Err(text(&output.stderr)) }
    }
}

/// The interpreter itself, asked for once: what stands on `PATH` may be a script
/// that looks for it every time.
#[expect(clippy::print_stderr, reason = "a test that did not run says so")]
fn interpreter() -> Option<&'static Path> {
    static FOUND: OnceLock<Option<PathBuf>> = OnceLock::new();
    let find = || {
        let ask = ["-c", "import sys; print(sys.executable, end='')"];
        let Ok(output) = Command::new("python3").args(ask).output() else {
            eprintln!("skipped: there is no python3 on PATH");
            return None;
        };
        Some(PathBuf::from(String::from_utf8_lossy(&output.stdout).into_owned()))
    };
    FOUND.get_or_init(find).as_deref()
}

/// The file names and the texts of all cases of `move-code`.
fn texts() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../codemods/move_code/cases");
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
    let text = |entry: std::fs::DirEntry| {
        (entry.file_name().to_string_lossy().into_owned(), std::fs::read_to_string(entry.path()).unwrap())
    };
    entries.map(text).collect()
}

#[test]
fn what_ran_before_a_move_runs_alike_after_it() {
    if interpreter().is_none() {
        return;
    }
    let cases: Vec<(String, Case)> = texts()
        .into_iter()
        .flat_map(|(file, text)| Case::all(&text).into_iter().map(move |case| (file.clone(), case)))
        .collect();
    assert!(!cases.is_empty(), "no case has a program");
    let (queue, complaints) = (Mutex::new(cases.iter()), Mutex::new(Vec::new()));
    let work = || {
        loop {
            let Some((file, case)) = queue.lock().unwrap().next() else { return };
            if let Some(message) = case.complaint() {
                complaints.lock().unwrap().push(format!("{file}: {}\n{message}", case.title));
            }
        }
    };
    let threads = std::thread::available_parallelism().map_or(2, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(work);
        }
    });
    let complaints = complaints.into_inner().unwrap();
    assert!(complaints.is_empty(), "\n{}", complaints.join("\n\n"));
}

#[test]
fn a_case_is_two_trees_and_a_program() {
    let text = "# One\n\n```python run\n# 1\n```\n\n## Before\n\n```python a.py\n# a\n```\n\n```python b.py\nb\n```\n\n\
                ## After\n\n```python c.py\nc\n```\n\n```gone b.py\n```\n\n# Two\n\n## Before\n\n```python a.py\n```\n";
    let cases = Case::all(text);
    let [case] = cases.as_slice() else { panic!("{cases:?}") };
    let side = |files: &[(&str, &str)]| Side {
        files: files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect(),
        program: Some("# 1\n".to_owned()),
    };
    assert_eq!(case.before, side(&[("a.py", "# a\n"), ("b.py", "b\n")]));
    assert_eq!(case.after, side(&[("a.py", "# a\n"), ("c.py", "c\n")]));
}

#[test]
fn a_difference_is_a_complaint() {
    if interpreter().is_none() {
        return;
    }
    let case = |before: &str, after: &str| {
        let text = format!(
            "# One\n\n## Before\n\n```python run\n{before}\n```\n\n## After\n\n```python run\n{after}\n```\n"
        );
        Case::all(&text)[0].complaint().unwrap_or_default()
    };
    assert_eq!(case("print(1)", "print(2 - 1)"), "");
    assert_eq!(case("print(1)", "print(2)"), "before\n1\nafter\n2\n");
    assert!(case("print(1)", "import gone").contains("ModuleNotFoundError"));
    assert_eq!(case("", "print(1)"), "the program says nothing");
}
