//! When a target will be met if things go on as they do, and how sure that is.

use jiff::civil::Date;

use crate::sample::later;
use crate::slope::{Slope, slope};

/// What can be said of the days to come.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Outlook {
    /// The target is met already.
    Met,
    /// There are too few points for a trend.
    TooFew,
    /// The interval of the slope holds zero: it may go either way, or not at all.
    NoTrend,
    /// It moves away from the target.
    Away,
    /// It moves towards the target and meets it on a day.
    Towards {
        /// At the median slope; `None` beyond twenty years.
        day: Option<Date>,
        /// At the steepest slope of the interval.
        earliest: Option<Date>,
        /// At the flattest; `None` beyond twenty years.
        latest: Option<Date>,
    },
}

/// The trend of a metric and when its target is met.
#[derive(Debug, Clone, PartialEq)]
pub struct Forecast {
    /// The change in a day; `None` with too few points.
    pub per_day: Option<Slope>,
    /// What that means for the target.
    pub outlook: Outlook,
}

const DAY: f64 = 86_400.0;

/// The forecast of `values`, each the seconds since 1970 and a figure, for the
/// number `target`; `is_met` says whether the last figure meets it. The line
/// begins at the last figure: what is left, at the pace of all.
#[must_use]
pub fn forecast(values: &[(i64, f64)], target: f64, is_met: bool) -> Forecast {
    let first = values.first().map_or(0, |(time, _)| *time);
    let points: Vec<(f64, f64)> =
        values.iter().map(|(time, value)| ((time - first) as f64 / DAY, *value)).collect();
    let per_day = slope(&points);
    let outlook = match (is_met, per_day, values.last()) {
        (true, ..) => Outlook::Met,
        (false, Some(slope), Some(last)) => outlook(slope, *last, target),
        _ => Outlook::TooFew,
    };
    Forecast { per_day, outlook }
}

fn outlook(slope: Slope, (time, value): (i64, f64), target: f64) -> Outlook {
    let left = target - value;
    if slope.low <= 0.0 && slope.high >= 0.0 {
        return Outlook::NoTrend;
    }
    if slope.slope.is_sign_negative() != left.is_sign_negative() {
        return Outlook::Away;
    }
    let (flat, steep) =
        if slope.low.abs() < slope.high.abs() { (slope.low, slope.high) } else { (slope.high, slope.low) };
    let day = |per_day: f64| later(time, left / per_day);
    Outlook::Towards { day: day(slope.slope), earliest: day(steep), latest: day(flat) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A week apart, from 2025-07-07 on.
    fn weekly(values: &[f64]) -> Vec<(i64, f64)> {
        (0..).map(|week| 1_751_846_400 + week * 7 * 86_400).zip(values.iter().copied()).collect()
    }

    fn day(date: Option<Date>) -> String {
        date.map_or_else(String::new, |date| date.to_string())
    }

    #[test]
    fn what_is_left_is_done_at_the_pace_so_far() {
        let found = forecast(&weekly(&[50.0, 40.0, 30.0, 20.0, 10.0]), 0.0, false);
        let Outlook::Towards { day: at, earliest, latest } = found.outlook else { panic!("{found:?}") };
        assert_eq!([day(at), day(earliest), day(latest)], ["2025-08-11", "2025-08-11", "2025-08-11"]);
        let shares = forecast(&weekly(&[10.0, 20.0, 30.0, 40.0, 50.0]), 90.0, false);
        let Outlook::Towards { day: at, .. } = shares.outlook else { panic!("{shares:?}") };
        assert_eq!(day(at), "2025-09-01");
    }

    #[test]
    fn uncertain_progress_has_an_early_and_a_late_day() {
        let found = forecast(&weekly(&[90.0, 84.0, 86.0, 70.0, 72.0, 60.0, 61.0, 50.0]), 0.0, false);
        let Outlook::Towards { day: Some(day), earliest: Some(early), latest: Some(late) } = found.outlook
        else {
            panic!("{found:?}")
        };
        assert!(early < day && day < late, "{early} {day} {late}");
    }

    #[test]
    fn no_day_is_named_where_none_is_known() {
        let outlook = |values: &[f64]| forecast(&weekly(values), 0.0, false).outlook;
        assert_eq!(outlook(&[5.0, 4.0, 3.0, 2.0]), Outlook::TooFew);
        assert_eq!(outlook(&[5.0, 5.0, 5.0, 5.0, 5.0, 5.0]), Outlook::NoTrend);
        assert_eq!(outlook(&[5.0, 9.0, 4.0, 8.0, 5.0, 7.0]), Outlook::NoTrend);
        assert_eq!(outlook(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]), Outlook::Away);
        assert_eq!(forecast(&weekly(&[1.0, 0.0]), 0.0, true).outlook, Outlook::Met);
        assert_eq!(forecast(&[], 0.0, false).outlook, Outlook::TooFew);
    }
}
