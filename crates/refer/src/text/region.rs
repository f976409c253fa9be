//! What the parts of a file say, and what follows from that for the names that
//! are spelled in them.

use repot_change::{Applicability, Class, RelPath, Span};

use super::command;
use crate::{Follow, Known, Mention, Renames, Spelling, Unhandled};

/// What a part of a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    /// Import names: `shop`, `shop.cart`, `shop.cart:add`.
    Names,
    /// An import name that is a TOML key without quotes, which a dot needs.
    BareKey,
    /// Paths.
    Paths,
    /// Paths, also such as begin with a slash that is the workspace's root.
    Rooted,
    /// What a build rule names: files, labels below `//`, modules.
    Labels,
    /// Paths of importable folders, below a source folder that stands elsewhere.
    Folders,
    /// Import names or paths.
    Either,
    /// A value of which nobody says what it means.
    Text,
    /// Command lines.
    Command,
    /// Lines of examples, which run where nobody knows.
    Example,
    /// Sentences for people.
    Prose,
}

/// A part of a file that may refer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Region {
    pub(super) span: Span,
    pub(super) meaning: Meaning,
    pub(super) applicability: Applicability,
    pub(super) rule: &'static str,
}

impl Region {
    /// A part that is as sure as its meaning is.
    pub(super) fn new(span: Span, meaning: Meaning, rule: &'static str) -> Self {
        let applicability = match meaning {
            Meaning::Labels | Meaning::Text | Meaning::Command | Meaning::Example => Applicability::Review,
            Meaning::Prose => Applicability::Offered,
            _ => Applicability::Certain,
        };
        Self { span, meaning, applicability, rule }
    }

    /// The same part, no surer than `most`.
    pub(super) fn at_most(self, most: Applicability) -> Self {
        Self { applicability: self.applicability.min(most), ..self }
    }

    /// Whether this place takes the mention for a reference.
    fn takes(&self, mention: &Mention, text: &str) -> bool {
        let is_path = mention.spelling == Spelling::Path;
        match self.meaning {
            Meaning::Names | Meaning::BareKey => !is_path || !(mention.bare || mention.rooted),
            Meaning::Paths => is_path && !mention.rooted,
            Meaning::Rooted => is_path,
            Meaning::Labels => !mention.bare,
            Meaning::Folders | Meaning::Either => !mention.rooted,
            _ if mention.rooted || is_vague(mention, text) => false,
            Meaning::Text | Meaning::Prose => !mention.bare,
            Meaning::Command => !mention.bare || command::expects(text, mention),
            Meaning::Example => !mention.bare || (!is_path && command::expects(text, mention)),
        }
    }

    fn class(&self, class: Class) -> Class {
        if self.meaning == Meaning::Prose && class == Class::Config { Class::Prose } else { class }
    }
}

/// Whether a path is but one word that moves and one that is not there:
/// `shop/shop`, which may be a repository, or any two alternatives.
fn is_vague(mention: &Mention, text: &str) -> bool {
    let token = text.get(mention.token.range()).unwrap_or_default();
    let old = text.get(mention.span.range()).unwrap_or_default();
    mention.spelling == Spelling::Path
        && mention.known == Known::Stranger
        && !old.contains('/')
        && token.matches('/').count() == 1
        && !token.contains('.')
}

/// What follows and what does not, of the names in `regions` of `text`.
pub(super) fn settle(
    regions: &[Region],
    (base, text, class): (&RelPath, &str, Class),
    renames: &Renames<'_>,
) -> (Vec<Follow>, Vec<Unhandled>) {
    let (mut follows, mut unhandled) = (Vec::new(), Vec::new());
    for region in regions {
        let Some(part) = text.get(region.span.range()) else { continue };
        let mentions = renames.mentions(base, part.as_bytes());
        for mention in chosen(region, part, mentions) {
            match follow(region, part, class, &mention) {
                Ok(follow) => follows.push(follow),
                Err(stays) => unhandled.extend(stays),
            }
        }
    }
    follows.sort_by_key(|follow| follow.span);
    follows.dedup_by(|next, first| first.span.overlaps(next.span));
    (follows, unhandled)
}

/// The mentions that the region takes, one for each word.
fn chosen(region: &Region, part: &str, mut mentions: Vec<Mention>) -> Vec<Mention> {
    mentions.retain(|mention| region.takes(mention, part));
    let first =
        if matches!(region.meaning, Meaning::Folders | Meaning::Labels | Meaning::Paths | Meaning::Rooted) {
            Spelling::Path
        } else {
            Spelling::Dotted
        };
    mentions.sort_by_key(|mention| (mention.span.start, mention.spelling != first));
    mentions.dedup_by(|next, kept| kept.token.overlaps(next.token));
    mentions
}

fn follow(region: &Region, part: &str, class: Class, mention: &Mention) -> Result<Follow, Option<Unhandled>> {
    let shifted = |span: Span| Span::new(span.start + region.span.start, span.end + region.span.start);
    let class = region.class(class);
    let subject = part.get(mention.token.range()).unwrap_or_default().to_owned();
    let is_stranger = mention.known == Known::Stranger;
    if is_stranger && mention.spelling == Spelling::Dotted {
        let reason = format!("the module has nothing of the name behind `{}`", &part[mention.span.range()]);
        let unhandled = Unhandled { span: shifted(mention.token), class, subject, reason };
        return Err((class == Class::Config).then_some(unhandled));
    }
    let leaves_folder = region.meaning == Meaning::Labels && mention.new.starts_with("..");
    if leaves_folder {
        let reason = "the file leaves the folder of its build rule".to_owned();
        return Err(Some(Unhandled { span: shifted(mention.token), class, subject, reason }));
    }
    let new = match region.meaning {
        Meaning::Folders if mention.spelling == Spelling::Dotted => mention.new.replace('.', "/"),
        Meaning::BareKey if mention.new.contains(['.', '/']) => format!("\"{}\"", mention.new),
        _ => mention.new.clone(),
    };
    Ok(Follow {
        span: shifted(mention.span),
        new,
        class,
        applicability: if is_stranger {
            region.applicability.min(Applicability::Review)
        } else {
            region.applicability
        },
        subject,
        rule: region.rule.to_owned(),
    })
}
