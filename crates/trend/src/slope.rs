//! The trend of a metric and its uncertainty.
//!
//! The slope is the median of the slopes between all pairs of points (Theil
//! 1950, Sen 1968): a single odd week does not turn it. Its interval is Sen's,
//! from the variance of Kendall's rank correlation with ties (Hollander & Wolfe,
//! "Nonparametric Statistical Methods", 9.3). It takes the points for
//! independent, which commits are not quite, so that the true interval is
//! rather wider than narrower.

/// The fewest points that a trend is made of: with fewer, no interval of 90 %
/// exists.
const FEWEST: usize = 5;

/// The 95 % quantile of the normal distribution: 5 % on either side.
const QUANTILE: f64 = 1.644_853_626_951_472_7;

/// A slope and the interval in which it lies with 90 %.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Slope {
    /// The change in one unit of x.
    pub slope: f64,
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
    /// How many points there were.
    pub points: usize,
}

/// The slope of `points`, each x and y; `None` when they are too few to say
/// anything of the uncertainty.
#[must_use]
pub fn slope(points: &[(f64, f64)]) -> Option<Slope> {
    let mut slopes = Vec::with_capacity(points.len() * points.len() / 2);
    for (at, (x, y)) in points.iter().enumerate() {
        let later = points.get(at + 1..).unwrap_or_default();
        slopes.extend(later.iter().filter(|(other, _)| other != x).map(|(ox, oy)| (oy - y) / (ox - x)));
    }
    slopes.retain(|slope| slope.is_finite());
    slopes.sort_by(f64::total_cmp);
    let count = points.len();
    if count < FEWEST || slopes.is_empty() {
        return None;
    }
    let reach = QUANTILE * variance(points).sqrt();
    let middle = slopes.len() as f64;
    // Ranks from 1; the ends lie symmetrically around the middle.
    let low = ((middle - reach) / 2.0).floor();
    let high = ((middle + reach) / 2.0).ceil() + 1.0;
    Some(Slope {
        slope: median(&slopes),
        low: ranked(&slopes, low),
        high: ranked(&slopes, high),
        points: count,
    })
}

/// The variance of Kendall's S, with ties in x and in y.
fn variance(points: &[(f64, f64)]) -> f64 {
    let term = |count: usize| {
        let n = count as f64;
        n * (n - 1.0) * (2.0 * n + 5.0)
    };
    let tied = |values: Vec<f64>| ties(values).into_iter().map(term).sum::<f64>();
    let x = tied(points.iter().map(|(x, _)| *x).collect());
    let y = tied(points.iter().map(|(_, y)| *y).collect());
    ((term(points.len()) - x - y) / 18.0).max(0.0)
}

/// How many there are of each value that occurs more than once.
fn ties(mut values: Vec<f64>) -> Vec<usize> {
    values.sort_by(f64::total_cmp);
    values.chunk_by(|a, b| a == b).map(<[f64]>::len).filter(|count| *count > 1).collect()
}

fn median(sorted: &[f64]) -> f64 {
    let at = |index: usize| sorted.get(index).copied().unwrap_or_default();
    let half = sorted.len() / 2;
    if sorted.len() % 2 == 1 { at(half) } else { f64::midpoint(at(half.saturating_sub(1)), at(half)) }
}

/// The value of rank `rank`, from 1; the outermost beyond the ends.
fn ranked(sorted: &[f64], rank: f64) -> f64 {
    let last = sorted.len().saturating_sub(1);
    let index = (rank.max(1.0) as usize - 1).min(last);
    sorted.get(index).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn line(values: &[f64]) -> Option<Slope> {
        let points: Vec<(f64, f64)> = (0..).map(f64::from).zip(values.iter().copied()).collect();
        slope(&points)
    }

    #[test]
    fn one_odd_point_does_not_turn_a_line() {
        let found = line(&[50.0, 48.0, 46.0, 900.0, 42.0, 40.0, 38.0, 36.0]).unwrap();
        assert_eq!(found.slope, -2.0);
        assert!(found.low <= -2.0 && found.high >= -2.0);
    }

    #[test]
    fn few_points_say_nothing() {
        assert_eq!(line(&[4.0, 3.0, 2.0, 1.0]), None);
        assert_eq!(slope(&[(1.0, 1.0); 9]), None, "all at one time");
    }

    /// As in Hollander & Wolfe: the ranks of the ends for ten points without
    /// ties at 90 % are 12 and 34 of 45.
    #[test]
    fn the_ends_of_the_interval_stand_where_the_table_says() {
        let values = [0.0, 3.0, 1.0, 7.0, 4.0, 12.0, 8.0, 15.0, 11.0, 20.0];
        let mut slopes: Vec<f64> = Vec::new();
        for a in 0..10_usize {
            slopes.extend((a + 1..10).map(|b| (values[b] - values[a]) / (b - a) as f64));
        }
        slopes.sort_by(f64::total_cmp);
        let found = line(&values).unwrap();
        let rank = |value: f64| slopes.iter().position(|slope| *slope == value).unwrap() + 1;
        assert!((12..=14).contains(&rank(found.low)), "{}", rank(found.low));
        assert!((32..=34).contains(&rank(found.high)), "{}", rank(found.high));
    }

    proptest! {
        #[test]
        fn the_slope_lies_in_its_interval_and_follows_the_values(
            values in prop::collection::vec(-1e6f64..1e6, 5..40), factor in -50f64..50.0,
        ) {
            let found = line(&values).unwrap();
            prop_assert!(found.low <= found.slope && found.slope <= found.high);
            // A steeper line is steeper by as much.
            let tilted: Vec<f64> = (0..).map(f64::from).zip(&values).map(|(x, y)| y + factor * x).collect();
            let tilted = line(&tilted).unwrap();
            prop_assert!((tilted.slope - found.slope - factor).abs() < 1e-6 * (1.0 + found.slope.abs()));
        }

        #[test]
        fn a_line_without_noise_is_certain(start in -1e3f64..1e3, step in -100i32..100, count in 5usize..30) {
            let values: Vec<f64> = (0..count).map(|at| start.round() + f64::from(step) * at as f64).collect();
            let found = line(&values).unwrap();
            prop_assert_eq!((found.low, found.slope, found.high), (step.into(), step.into(), step.into()));
        }
    }
}
