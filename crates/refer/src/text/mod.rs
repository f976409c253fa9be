//! References outside Python: configuration, build files, scripts, documents.
//!
//! A format says which parts of a file refer and what they mean; the names in
//! them are found by [`Renames::mentions`] and replaced in place, so that no
//! file is ever printed anew.

mod build;
mod command;
mod document;
mod format;
mod imports;
mod ini;
mod json;
mod keys;
mod layout;
mod listing;
mod region;
mod toml;
mod yaml;

use repot_change::{Class, RelPath, Span};

use crate::mentions::same_length;
use crate::python::Followed;
use crate::{Mention, Renames, Unhandled};
use format::Format;

/// Whether a file may have a format that is known, judged by its path. One
/// without an extension has to be read to be sure.
pub(crate) fn is_known(path: &RelPath) -> bool {
    path.extension().is_none() || Format::of(path, b"").is_some()
}

/// Follows the references of one file that is not Python; `None` where its
/// format is not known.
pub(crate) fn follow(path: &RelPath, bytes: &[u8], renames: &Renames<'_>) -> Option<Followed> {
    let body = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let format = Format::of(path, body)?;
    let mut followed = Followed::default();
    let is_example = matches!(format, Format::Document(_)) && renames.is_parent_in(bytes);
    if !renames.is_needle_in(bytes) && !is_example {
        return Some(followed);
    }
    let base = path.parent().unwrap_or_else(RelPath::root);
    let mark = bytes.len() - body.len();
    let text = same_length(body);
    match format.regions(&text) {
        Ok(regions) => {
            (followed.places, followed.unhandled) =
                region::settle(&regions, (&base, &text, format.class()), renames);
            if let Format::Document(document) = format {
                document::complete(&text, document, renames, &mut followed);
            }
        }
        Err(message) => followed.unhandled = unread((&base, body, format.class()), renames, &message),
    }
    let shift = |span: &mut Span| *span = Span::new(span.start + mark, span.end + mark);
    followed.places.iter_mut().for_each(|place| shift(&mut place.span));
    followed.unhandled.iter_mut().for_each(|stays| shift(&mut stays.span));
    Some(followed)
}

/// Every mention of a file that cannot be read as what it is called.
fn unread(
    (base, bytes, class): (&RelPath, &[u8], Class),
    renames: &Renames<'_>,
    message: &str,
) -> Vec<Unhandled> {
    let mentions = renames.mentions(base, bytes).into_iter().filter(|one| !one.bare && !one.rooted);
    let stays = |mention: Mention| {
        let subject = bytes.get(mention.token.range()).unwrap_or_default();
        let subject = String::from_utf8_lossy(subject).into_owned();
        Unhandled { span: mention.token, class, subject, reason: message.to_owned() }
    };
    mentions.map(stays).collect()
}

#[cfg(test)]
mod tests;
