//! What reading one Python file costs at each depth: import statements,
//! definitions, comments and literals, a syntax tree, scopes. `bench/run`
//! measures whole commands.

use std::sync::Arc;

use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use repot_python::{SourceFile, scan_definitions, scan_imports};

fn main() {
    divan::main();
}

/// A module of ordinary shape and about so many bytes.
fn module(len: usize) -> Arc<[u8]> {
    let mut text =
        String::from("\"\"\"A module to measure on.\"\"\"\n\nfrom __future__ import annotations\n\n");
    for number in 0.. {
        if text.len() >= len {
            break;
        }
        text.push_str(&format!(
            "from shop.part_{number} import (\n    Cart,  # what is bought\n    Item as Item{number},\n)\n\n\n\
             class Thing{number}(Cart):\n    \"\"\"One of many: it's \"quoted\" and [bracketed].\"\"\"\n\n    \
             limit: int = {number}\n\n    def price(self, items: list[Item{number}]) -> int:\n        \
             total = sum(item.price for item in items if item.price > self.limit)\n        \
             return total + len(f\"{{total:>{number}}}\")\n\n\n"
        ));
    }
    text.into_bytes().into()
}

const SIZES: [usize; 2] = [6_000, 60_000];

fn measure<R>(bencher: Bencher<'_, '_>, len: usize, read: impl Fn(&Arc<[u8]>) -> R + Sync) {
    let source = module(len);
    bencher.counter(BytesCount::of_slice(&source)).bench(|| read(black_box(&source)));
}

#[divan::bench(args = SIZES)]
fn imports(bencher: Bencher<'_, '_>, len: usize) {
    measure(bencher, len, |source| scan_imports(source));
}

#[divan::bench(args = SIZES)]
fn definitions(bencher: Bencher<'_, '_>, len: usize) {
    measure(bencher, len, |source| scan_definitions(source));
}

#[divan::bench(args = SIZES)]
fn tokens(bencher: Bencher<'_, '_>, len: usize) {
    measure(bencher, len, |source| {
        let file = SourceFile::parse(Arc::clone(source));
        file.comments().len() + file.literals().len()
    });
}

#[divan::bench(args = SIZES)]
fn tree(bencher: Bencher<'_, '_>, len: usize) {
    measure(bencher, len, |source| SourceFile::parse(Arc::clone(source)).problems().len());
}

#[divan::bench(args = SIZES)]
fn scopes(bencher: Bencher<'_, '_>, len: usize) {
    measure(bencher, len, |source| SourceFile::parse(Arc::clone(source)).scopes().unbound().len());
}
