//! Which commits a report looks at: what `--period`, `--since`, `--until` and
//! `--every` mean in a repository.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, ToSpan as _};
use repot_git::{Commit, Git, Since};
use repot_trend::{Every, samples};

use crate::args::{self, Interval, Period};
use crate::error::Failure;

/// The commits of a report.
pub struct Window {
    /// All of them, the oldest first; at least one.
    pub commits: Vec<Commit>,
    /// The places of those that are looked at, ascending.
    pub samples: Vec<usize>,
    /// The place at which the stretch begins that the report is about; it is
    /// among the samples.
    pub from: usize,
    /// What the stretch is called.
    pub name: Option<&'static str>,
    /// Whether a shallow clone cuts it off.
    pub is_cut: bool,
}

impl Window {
    /// The window that `args` ask for; `None` when there is no commit yet.
    ///
    /// # Errors
    ///
    /// [`Failure`] when a name is none, or git cannot be asked.
    pub fn new(args: &args::Report, git: &Git) -> Result<Option<Self>, Failure> {
        let until = match &args.until {
            Some(text) => Some(last(git, text)?),
            None => git.head()?,
        };
        let Some(until) = until else { return Ok(None) };
        let period = args.period.or(if args.since.is_none() { Some(Period::Week) } else { None });
        let now = Since::Commit(&until);
        let end = git.history(now, &until)?.commits.pop().map_or(0, |commit| commit.time);
        let history = match (&args.since, period) {
            (Some(text), _) => match first(git, text)? {
                Beginning::Commit(id) => git.history(Since::Commit(&id), &until)?,
                Beginning::Time(time) => git.history(Since::Time(time), &until)?,
            },
            (None, Some(period)) => git.history(Since::Time(before(end, look_back(period))), &until)?,
            (None, None) => git.history(now, &until)?,
        };
        Ok(Some(Self::of(history.commits, history.is_cut, period, args.every)))
    }

    fn of(commits: Vec<Commit>, is_cut: bool, period: Option<Period>, every: Option<Interval>) -> Self {
        let times: Vec<i64> = commits.iter().map(|commit| commit.time).collect();
        let end = times.last().copied().unwrap_or_default();
        let from = period.map_or(0, |period| {
            let start = before(end, length(period));
            times.partition_point(|time| *time <= start).saturating_sub(1)
        });
        let mut samples = samples(&times, every.map_or_else(|| usual(period), Into::into));
        if let Err(at) = samples.binary_search(&from) {
            samples.insert(at, from);
        }
        Self { commits, samples, from, name: period.map(name), is_cut }
    }
}

enum Beginning {
    Commit(String),
    Time(i64),
}

fn name(period: Period) -> &'static str {
    match period {
        Period::Week => "week",
        Period::Month => "month",
        Period::Quarter => "quarter",
    }
}

fn length(period: Period) -> Span {
    match period {
        Period::Week => 7.days(),
        Period::Month => 1.month(),
        Period::Quarter => 3.months(),
    }
}

/// How far back the charts and the trend of a period reach.
fn look_back(period: Period) -> Span {
    match period {
        Period::Week => 84.days(),
        Period::Month => 6.months(),
        Period::Quarter => 12.months(),
    }
}

fn usual(period: Option<Period>) -> Every {
    if period == Some(Period::Quarter) { Every::Month } else { Every::Week }
}

impl From<Interval> for Every {
    fn from(interval: Interval) -> Self {
        match interval {
            Interval::Commit => Self::Commit,
            Interval::Day => Self::Day,
            Interval::Week => Self::Week,
            Interval::Month => Self::Month,
        }
    }
}

/// The second that lies `span` before `time`, by the calendar of UTC.
fn before(time: i64, span: Span) -> i64 {
    let zoned = Timestamp::from_second(time).map(|time| time.to_zoned(TimeZone::UTC));
    let earlier = zoned.and_then(|zoned| zoned.checked_sub(span));
    earlier.map_or(time, |zoned| zoned.timestamp().as_second())
}

fn midnight(day: Date) -> i64 {
    day.to_zoned(TimeZone::UTC).map_or(0, |zoned| zoned.timestamp().as_second())
}

/// A commit, or the beginning of a day.
fn first(git: &Git, text: &str) -> Result<Beginning, Failure> {
    if let Some(id) = git.commit(text)? {
        return Ok(Beginning::Commit(id));
    }
    text.parse::<Date>().map(|day| Beginning::Time(midnight(day))).map_err(|_| unknown(text))
}

/// A commit, or the last one of a day.
fn last(git: &Git, text: &str) -> Result<String, Failure> {
    if let Some(id) = git.commit(text)? {
        return Ok(id);
    }
    let day: Date = text.parse().map_err(|_| unknown(text))?;
    let next = midnight(day.tomorrow().unwrap_or(day));
    let head = git.head()?;
    let found = head.map(|head| git.last_before(&head, next)).transpose()?.flatten();
    found.ok_or_else(|| {
        Failure::hinted(format!("there is no commit up to {text}"), "name a later day, or a commit")
    })
}

fn unknown(text: &str) -> Failure {
    let hint = "name a commit, a branch or a tag that is here, or a day such as 2025-07-01; a shallow clone lacks older commits (`git fetch --unshallow`)";
    Failure::hinted(format!("`{text}` is neither a commit nor a day"), hint)
}
