//! Which commits stand for a stretch of history.
//!
//! A commit stands for a day, a week or a month when it is the last one before
//! the next begins, in UTC; weeks begin on Monday. So a later run looks at the
//! same commits again, however late it comes.

use jiff::civil::{Date, Weekday};
use jiff::{Timestamp, ToSpan as _, tz::TimeZone};

/// How often a commit is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Every {
    /// Each one.
    Commit,
    /// The last of a day.
    Day,
    /// The last of a week.
    Week,
    /// The last of a month.
    Month,
}

impl Every {
    /// The first day of what `day` lies in.
    fn begin(self, day: Date) -> Date {
        match self {
            Self::Commit | Self::Day => day,
            Self::Week => {
                day.nth_weekday(-1, Weekday::Monday).ok().filter(|_| !is_monday(day)).unwrap_or(day)
            }
            Self::Month => day.first_of_month(),
        }
    }
}

fn is_monday(day: Date) -> bool {
    day.weekday() == Weekday::Monday
}

/// A commit that is looked at: its place among the commits.
pub type Sample = usize;

/// The places of those of `times` (seconds since 1970, none earlier than the
/// one before it) that are looked at; the first and the last always are.
#[must_use]
pub fn samples(times: &[i64], every: Every) -> Vec<Sample> {
    let begin = |time: &i64| every.begin(day(*time));
    let ends = |at: usize| match (times.get(at), times.get(at + 1)) {
        (Some(time), Some(next)) => at == 0 || every == Every::Commit || begin(time) != begin(next),
        _ => true,
    };
    (0..times.len()).filter(|at| ends(*at)).collect()
}

/// The day of a time in seconds since 1970, in UTC.
#[must_use]
pub fn day(time: i64) -> Date {
    let time = Timestamp::from_second(time).unwrap_or(Timestamp::UNIX_EPOCH);
    time.to_zoned(TimeZone::UTC).date()
}

/// The time `days` later, whole days from midnight on, as a day; `None` when
/// that is further away than anybody plans.
pub(crate) fn later(time: i64, days: f64) -> Option<Date> {
    const FAR: f64 = 20.0 * 365.25;
    if !(0.0..=FAR).contains(&days) {
        return None;
    }
    day(time).checked_add((days.ceil() as i64).days()).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const DAY: i64 = 86_400;
    /// 2025-07-07, a Monday.
    const MONDAY: i64 = 1_751_846_400;

    #[test]
    fn a_week_ends_before_monday() {
        let times = [MONDAY - 20 * DAY, MONDAY - 9 * DAY, MONDAY - 1, MONDAY, MONDAY + DAY, MONDAY + 8 * DAY];
        assert_eq!(samples(&times, Every::Week), [0, 1, 2, 4, 5]);
        assert_eq!(samples(&times, Every::Day), [0, 1, 2, 3, 4, 5]);
        assert_eq!(samples(&times, Every::Month), [0, 1, 5]);
        assert_eq!(samples(&[], Every::Week), [0_usize; 0]);
    }

    #[test]
    fn what_is_too_far_away_is_no_day() {
        assert_eq!(later(MONDAY, 0.5).map(|day| day.to_string()), Some("2025-07-08".to_owned()));
        for days in [-1.0, 1e9, f64::NAN, f64::INFINITY] {
            assert_eq!(later(MONDAY, days), None);
        }
    }

    proptest! {
        #[test]
        fn a_later_run_looks_at_the_same_commits(
            mut times in prop::collection::vec(0i64..4_000_000_000, 2..40),
            cut in 1usize..40,
            every in prop::sample::select(vec![Every::Commit, Every::Day, Every::Week, Every::Month]),
        ) {
            times.sort_unstable();
            let cut = cut.min(times.len() - 1);
            let (early, all) = (samples(&times[..cut], every), samples(&times, every));
            // All but the last of the earlier run, which was not the last of its week.
            prop_assert!(early[..early.len() - 1].iter().all(|at| all.contains(at)));
            prop_assert_eq!((all[0], all[all.len() - 1]), (0, times.len() - 1));
        }
    }
}
