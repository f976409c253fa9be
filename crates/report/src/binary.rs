//! A binary file as `git diff --binary` prints it, so that `git apply` takes it.
//!
//! The form is that of git's `diff.c` and `apply.c`: an `index` line with the
//! full names of both blobs, then the bytes after and the bytes before, each
//! compressed (RFC 1950) and written in base 85 (the alphabet of RFC 1924).

use std::io::Write as _;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use sha1::{Digest as _, Sha1};

const DIGITS: &[u8; 85] =
    b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~";

/// How many bytes one line holds.
const LINE: usize = 52;

/// The lines behind the header of a diff from `old` to `new`; `None` where the
/// file does not exist.
pub(crate) fn binary_patch(old: Option<&[u8]>, new: Option<&[u8]>) -> Vec<u8> {
    let mut out = format!("index {}..{}\nGIT binary patch\n", blob(old), blob(new)).into_bytes();
    for bytes in [new, old].map(Option::unwrap_or_default) {
        out.extend(format!("literal {}\n", bytes.len()).into_bytes());
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
        let packed = encoder.write_all(bytes).and_then(|()| encoder.finish());
        for line in packed.expect("a vector takes all bytes").chunks(LINE) {
            base85(&mut out, line);
        }
        out.push(b'\n');
    }
    out
}

/// The name that git gives to a blob with these bytes.
fn blob(bytes: Option<&[u8]>) -> String {
    let Some(bytes) = bytes else { return "0".repeat(40) };
    let mut hash = Sha1::new();
    hash.update(format!("blob {}\0", bytes.len()));
    hash.update(bytes);
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// One line: a letter for the number of bytes, and five digits for every four.
fn base85(out: &mut Vec<u8>, bytes: &[u8]) {
    let length = u8::try_from(bytes.len()).unwrap_or_default();
    out.push(if length <= 26 { b'A' + length - 1 } else { b'a' + length - 27 });
    for four in bytes.chunks(4) {
        let mut padded = [0; 4];
        padded[..four.len()].copy_from_slice(four);
        let mut rest = u32::from_be_bytes(padded);
        let mut digits = [0; 5];
        for digit in digits.iter_mut().rev() {
            *digit = DIGITS[(rest % 85) as usize];
            rest /= 85;
        }
        out.extend(digits);
    }
    out.push(b'\n');
}
