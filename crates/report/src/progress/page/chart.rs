//! The chart of one metric: what was measured, the target, and where the trend
//! leads.
//!
//! The library draws with colours of its own kind, of which none is ever seen:
//! the page's style turns each into one of its own, light or dark.

use jiff::civil::Date;
use plotters::coord::types::RangedCoordf64;
use plotters::prelude::*;
use repot_trend::{Better, Forecast, Outlook};

use crate::page::text::in_html;

/// The size of a chart in pixels; a page may scale it.
const WIDTH: u32 = 340;
const HEIGHT: u32 = 180;

const AXIS: RGBColor = RGBColor(1, 0, 0);
const GRID: RGBColor = RGBColor(2, 0, 0);
const TEXT: RGBColor = RGBColor(3, 0, 0);
const FIGURE: RGBColor = RGBColor(4, 0, 0);
const TARGET: RGBColor = RGBColor(5, 0, 0);
const TREND: RGBColor = RGBColor(6, 0, 0);
const BAND: RGBColor = RGBColor(7, 0, 0);

const DAY: f64 = 86_400.0;

/// What a chart shows.
pub(super) struct Chart<'a> {
    /// What it is called for those who do not see it.
    pub(super) label: &'a str,
    pub(super) better: Better,
    /// The time, the figure and what stands beside it.
    pub(super) points: &'a [(i64, f64, String)],
    pub(super) target: Option<f64>,
    pub(super) forecast: Option<&'a Forecast>,
}

type Plane<'a, 'b> = ChartContext<'a, SVGBackend<'b>, Cartesian2d<RangedCoordf64, RangedCoordf64>>;
type Drawn = Result<Vec<(i32, i32)>, DrawingAreaErrorKind<std::io::Error>>;

impl Chart<'_> {
    /// The chart as SVG for a page; nothing with fewer than two points.
    pub(super) fn svg(&self) -> String {
        let mut svg = String::new();
        // Text has no way to fail; without a chart, the figures are on the page.
        match self.draw(&mut svg) {
            Ok(places) if self.points.len() > 1 => self.framed(&svg, &places),
            _ => String::new(),
        }
    }

    fn framed(&self, svg: &str, places: &[(i32, i32)]) -> String {
        let body = svg.split_once('>').map_or("", |(_, body)| body).trim_end().trim_end_matches("</svg>");
        let dot = |((x, y), (_, _, text)): (&(i32, i32), &(i64, f64, String))| {
            format!(
                "<circle class=\"dot\" cx=\"{x}\" cy=\"{y}\" r=\"4\"><title>{}</title></circle>\n",
                in_html(text)
            )
        };
        let dots: String = places.iter().zip(self.points).map(dot).collect();
        let label = in_html(self.label);
        format!(
            "<svg class=\"chart\" role=\"img\" aria-label=\"{label}\" viewBox=\"0 0 {WIDTH} {HEIGHT}\">{body}{dots}</svg>\n"
        )
    }

    /// Draws, and gives the places of the points.
    fn draw(&self, svg: &mut String) -> Drawn {
        let area = SVGBackend::with_string(svg, (WIDTH, HEIGHT)).into_drawing_area();
        let (days, figures) = (self.days(), self.figures());
        let wide = format!("{}", figures.end).len().clamp(3, 9) as u32;
        let mut plane = ChartBuilder::on(&area)
            .margin_top(10)
            .margin_right(14)
            .x_label_area_size(22)
            .y_label_area_size(14 + 7 * wide)
            .build_cartesian_2d(days.clone(), figures.clone())?;
        let text = ("sans-serif", 11).into_font().color(&TEXT);
        let label = |day: &f64| date(*day).map_or_else(String::new, |day| day.strftime("%b %-d").to_string());
        plane
            .configure_mesh()
            .disable_x_mesh()
            .axis_style(AXIS)
            .bold_line_style(GRID)
            .light_line_style(TRANSPARENT)
            .label_style(text)
            .x_labels(((days.end - days.start) as usize).clamp(2, 5))
            .y_labels((figures.end.floor() as usize + 1).clamp(2, 6))
            .x_label_formatter(&label)
            .y_label_formatter(&|figure| format!("{}", (figure * 10.0).round() / 10.0))
            .draw()?;
        self.lines(&mut plane, &days)?;
        let places = self.line().map(|point| plane.backend_coord(&point)).collect();
        area.present()?;
        Ok(places)
    }

    fn lines(
        &self,
        plane: &mut Plane<'_, '_>,
        days: &std::ops::Range<f64>,
    ) -> Result<(), DrawingAreaErrorKind<std::io::Error>> {
        if let (Some(last), Some(target)) = (self.line().last(), self.target) {
            let clip = |day: Date| point_towards(last, (number(day), target), days.end);
            if let Some((day, earliest, latest)) = self.towards() {
                let late = latest.map_or((days.end, last.1), clip);
                let corners =
                    vec![last, clip(earliest), (clip(earliest).0.max(late.0), clip(earliest).1), late];
                plane.draw_series(std::iter::once(Polygon::new(corners, BAND.filled())))?;
                plane.draw_series(LineSeries::new([last, clip(day)], TREND.stroke_width(2)))?;
            }
        }
        if let Some(target) = self.target {
            let ends = [(days.start, target), (days.end, target)];
            plane.draw_series(DashedLineSeries::new(ends, 5, 4, TARGET.stroke_width(1)))?;
        }
        plane.draw_series(LineSeries::new(self.line(), FIGURE.stroke_width(2)))?;
        Ok(())
    }

    fn line(&self) -> impl Iterator<Item = (f64, f64)> + Clone + '_ {
        self.points.iter().map(|(time, value, _)| (*time as f64 / DAY, *value))
    }

    /// The day of the forecast, the earliest and the latest.
    fn towards(&self) -> Option<(Date, Date, Option<Date>)> {
        match self.forecast?.outlook {
            Outlook::Towards { day: Some(day), earliest: Some(earliest), latest } => {
                Some((day, earliest, latest))
            }
            _ => None,
        }
    }

    /// The days to be seen: those that were measured, and at most as many again
    /// for the forecast.
    fn days(&self) -> std::ops::Range<f64> {
        let (first, last) =
            (self.line().next().map_or(0.0, |it| it.0), self.line().last().map_or(1.0, |it| it.0));
        let length = (last - first).max(1.0);
        let ahead = self.towards().map_or(0.0, |(day, _, latest)| number(latest.unwrap_or(day)) - last);
        first..last + ahead.clamp(length * 0.02, length)
    }

    /// The figures to be seen: from 0, and for shares up to 100.
    fn figures(&self) -> std::ops::Range<f64> {
        let most = self.line().map(|(_, value)| value).chain(self.target).fold(1.0, f64::max);
        let least = self.line().map(|(_, value)| value).fold(0.0, f64::min);
        least..if self.better == Better::Higher { most.max(100.0) } else { most * 1.08 }
    }
}

/// Where the way from `from` to `to` leaves the chart at `end`; `to` when it
/// does not.
fn point_towards(from: (f64, f64), to: (f64, f64), end: f64) -> (f64, f64) {
    if to.0 <= end {
        return to;
    }
    (end, from.1 + (to.1 - from.1) * (end - from.0) / (to.0 - from.0))
}

fn number(day: Date) -> f64 {
    let since = day.since(Date::constant(1970, 1, 1)).map_or(0, |span| span.get_days());
    f64::from(since)
}

fn date(day: f64) -> Option<Date> {
    Date::constant(1970, 1, 1).checked_add(jiff::Span::new().try_days(day.floor() as i64).ok()?).ok()
}
