//! What the tests hold this crate against: CPython and its standard library.

use std::path::Path;
use std::process::Command;

/// Prints the paths of a part of the files.
pub(crate) const PATHS: &str = "for path in files[::4]: print('#', path)\n";

/// What `script` prints, run by the `python3` on `PATH`; `None`, with a word on
/// stderr, where there is none.
///
/// The script finds the paths of the standard library's files, sorted, in the
/// variable `files`.
pub(crate) fn python(script: &str) -> Option<String> {
    let prelude = concat!(
        "import os, sysconfig\n",
        "files = sorted(os.path.join(folder, name)\n",
        "    for folder, _, names in os.walk(sysconfig.get_paths()['stdlib'])\n",
        "    if '-packages' not in folder for name in names if name.endswith('.py'))\n",
        "import sys, warnings; warnings.simplefilter('ignore')\n",
        "sys.stdout.reconfigure(encoding='utf-8', errors='surrogateescape')\n",
    );
    let script = format!("{prelude}{script}");
    let Ok(output) = Command::new("python3").args(["-I", "-B", "-c", &script]).output() else {
        eprintln!("skipped: there is no python3 on PATH to compare with");
        return None;
    };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// The blocks of `output`, each headed by a line `# PATH`: the path, the bytes
/// of the file, and the lines of its block.
#[expect(clippy::disallowed_methods, reason = "CPython's library is no part of any workspace")]
pub(crate) fn blocks(output: &str) -> impl Iterator<Item = (&str, Vec<u8>, Vec<&str>)> {
    output.split("# ").filter(|block| !block.is_empty()).filter_map(|block| {
        let mut lines = block.lines();
        let path = lines.next()?;
        let bytes = std::fs::read(Path::new(path)).ok()?;
        Some((path, bytes, lines.collect()))
    })
}
