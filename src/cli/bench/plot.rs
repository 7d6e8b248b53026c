//! The chart: warm-up curves of methods, and the runs of whole programs, as SVG alone or within a page.
//!
//! Curves stand on logarithmic axes: start-up and steady state are orders of magnitude apart, in time and in speed. Each run
//! is a thin line, the one in the middle a thick one; a dot marks where nine tenths of the steady state's speed are reached.

use std::fmt::Write;

use super::child::Run;
use super::report::{Subject, steady, time, to_peak};
use super::stats;

/// Told apart also by those who see fewer colours.
const COLOURS: [&str; 8] =
    ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#8a6d00", "#56b4e9", "#444444", "#e69f00"];
const WIDTH: f64 = 900.0;
const LEFT: f64 = 84.0;
const RIGHT: f64 = 24.0;
const TOP: f64 = 40.0;
const BOTTOM: f64 = 52.0;
const CURVES_HEIGHT: f64 = 320.0;
/// Of a row of dots.
const ROW_HEIGHT: f64 = 34.0;
/// More points than pixels help nobody.
const POINTS_MAX: usize = 500;

pub(super) fn svg(subjects: &[Subject]) -> String {
    let mut body = String::new();
    let mut y = 0.0;
    for subject in subjects {
        let (chart, height) = match subject.is_method {
            true => curves(subject),
            false => dots(subject),
        };
        let _ = write!(body, "<g transform=\"translate(0 {y})\">\n{chart}</g>\n");
        y += height;
    }
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {y}\" width=\"{WIDTH}\" height=\"{y}\" \
         font-family=\"Helvetica, Arial, 'DejaVu Sans', sans-serif\" font-size=\"13\" fill=\"#222\">\n\
         <rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n{body}</svg>\n"
    )
}

/// A page with the chart and the tables.
pub(super) fn html(subjects: &[Subject], command: &str) -> String {
    let tables: String =
        subjects.iter().map(|subject| format!("<pre>{}</pre>\n", escape(&subject.table()))).collect();
    format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>carafe bench</title>\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<style>\n\
         body {{ font-family: Helvetica, Arial, sans-serif; margin: 2em auto; max-width: 1000px; color: #222; }}\n\
         pre {{ overflow-x: auto; background: #f6f6f6; padding: 1em; }} svg {{ max-width: 100%; height: auto; }}\n\
         </style></head><body>\n<h1>carafe bench</h1>\n<p><code>{}</code></p>\n{}{tables}</body></html>\n",
        escape(command),
        svg(subjects)
    )
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// A logarithmic axis from value to pixel.
struct Axis {
    low: f64,
    high: f64,
    from: f64,
    to: f64,
}

impl Axis {
    fn new(values: impl Iterator<Item = f64> + Clone, from: f64, to: f64) -> Axis {
        let low = values.clone().fold(f64::INFINITY, f64::min);
        let high = values.fold(f64::NEG_INFINITY, f64::max);
        if !(low > 0.0 && high.is_finite()) {
            return Axis { low: 0.1, high: 10.0, from, to };
        }
        // Some room at both ends, and never less than a third of a decade.
        let room = ((high / low).log10() * 0.06).max((0.33 - (high / low).log10()).max(0.0) / 2.0).max(0.02);
        Axis { low: low / 10f64.powf(room), high: high * 10f64.powf(room), from, to }
    }

    fn place(&self, value: f64) -> f64 {
        let share = (value / self.low).log10() / (self.high / self.low).log10();
        self.from + share.clamp(-0.01, 1.01) * (self.to - self.from)
    }

    /// Round values: 1, 2 and 5 of each decade, or 1 only if there are many; all numbers between in a short range.
    fn ticks(&self) -> Vec<f64> {
        let decades = (self.high / self.low).log10();
        let steps: &[f64] = match decades {
            d if d > 5.0 => &[1.0],
            d if d > 0.8 => &[1.0, 2.0, 5.0],
            d if d > 0.4 => &[1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0],
            _ => &[
                1.0, 1.2, 1.4, 1.6, 1.8, 2.0, 2.2, 2.5, 2.8, 3.0, 3.5, 4.0, 4.5, 5.0, 5.5, 6.0, 7.0, 8.0, 9.0,
            ],
        };
        let first = self.low.log10().floor() as i32;
        let last = self.high.log10().ceil() as i32;
        (first..=last)
            .flat_map(|decade| steps.iter().map(move |step| step * 10f64.powi(decade)))
            .filter(|tick| (self.low..=self.high).contains(tick))
            .collect()
    }
}

fn tick_label(seconds: f64) -> String {
    let (value, unit) = match seconds {
        s if s >= 0.9999 => (s, "s"),
        s if s >= 0.9999e-3 => (s * 1e3, "ms"),
        s if s >= 0.9999e-6 => (s * 1e6, "µs"),
        s => (s * 1e9, "ns"),
    };
    let rounded = (value * 100.0).round() / 100.0;
    format!("{rounded} {unit}")
}

/// Frame, grid, ticks and titles of a chart.
fn frame(out: &mut String, title: &str, bottom: f64, x: (&Axis, &str), y: Option<(&Axis, &str)>) {
    let right = WIDTH - RIGHT;
    let _ = writeln!(
        out,
        "<text x=\"{LEFT}\" y=\"24\" font-size=\"15\" font-weight=\"bold\">{}</text>",
        escape(title)
    );
    for tick in x.0.ticks() {
        let at = x.0.place(tick);
        let _ = writeln!(
            out,
            "<line x1=\"{at:.1}\" x2=\"{at:.1}\" y1=\"{TOP}\" y2=\"{bottom}\" stroke=\"#e4e4e4\"/>\
             <text x=\"{at:.1}\" y=\"{:.1}\" text-anchor=\"middle\" font-size=\"12\">{}</text>",
            bottom + 18.0,
            tick_label(tick)
        );
    }
    let _ = writeln!(
        out,
        "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\" fill=\"#555\">{}</text>",
        (LEFT + right) / 2.0,
        bottom + 38.0,
        x.1
    );
    if let Some((axis, title)) = y {
        for tick in axis.ticks() {
            let at = axis.place(tick);
            let _ = writeln!(
                out,
                "<line x1=\"{LEFT}\" x2=\"{right}\" y1=\"{at:.1}\" y2=\"{at:.1}\" stroke=\"#e4e4e4\"/>\
                 <text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\" font-size=\"12\">{}</text>",
                LEFT - 8.0,
                at + 4.0,
                tick_label(tick)
            );
        }
        let middle = (TOP + bottom) / 2.0;
        let _ = writeln!(
            out,
            "<text transform=\"translate(18 {middle:.1}) rotate(-90)\" text-anchor=\"middle\" fill=\"#555\">{title}</text>"
        );
    }
    let _ = writeln!(
        out,
        "<rect x=\"{LEFT}\" y=\"{TOP}\" width=\"{:.1}\" height=\"{:.1}\" fill=\"none\" stroke=\"#999\"/>",
        right - LEFT,
        bottom - TOP
    );
}

/// The warm-up curves of a method, and the height they take.
fn curves(subject: &Subject) -> (String, f64) {
    let legend = 24.0 * subject.rows.len().div_ceil(3) as f64;
    let bottom = TOP + CURVES_HEIGHT;
    let lines: Vec<Vec<Vec<(f64, f64)>>> =
        subject.rows.iter().map(|row| row.runs.iter().map(curve).collect()).collect();
    let points = || lines.iter().flatten().flatten();
    let x = Axis::new(points().map(|point| point.0), LEFT, WIDTH - RIGHT);
    let y = Axis::new(points().map(|point| point.1), bottom, TOP);
    let mut out = String::new();
    frame(
        &mut out,
        &subject.name,
        bottom,
        (&x, "time since the process began"),
        Some((&y, "time of a call")),
    );
    for (n, (row, lines)) in subject.rows.iter().zip(&lines).enumerate() {
        let colour = COLOURS[n % COLOURS.len()];
        let middle = middle_run(&row.runs);
        for (run, line) in lines.iter().enumerate() {
            let path: Vec<String> =
                line.iter().map(|(at, time)| format!("{:.1},{:.1}", x.place(*at), y.place(*time))).collect();
            let (width, opacity) = if Some(run) == middle { (2.2, 1.0) } else { (1.0, 0.35) };
            let _ = writeln!(
                out,
                "<polyline points=\"{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"{width}\" \
                 stroke-opacity=\"{opacity}\" stroke-linejoin=\"round\"><title>{}, run {}</title></polyline>",
                path.join(" "),
                escape(&row.label),
                run + 1
            );
        }
        if let Some(run) = middle.map(|run| &row.runs[run])
            && let Some(peak) = to_peak(run)
        {
            let level = stats::median(&steady(run).0);
            let _ = writeln!(
                out,
                "<circle cx=\"{:.1}\" cy=\"{:.1}\" r=\"4.5\" fill=\"#fff\" stroke=\"{colour}\" stroke-width=\"2\">\
                 <title>{}: 90 % of its speed after {}</title></circle>",
                x.place(peak),
                y.place(level / 0.9),
                escape(&row.label),
                time(peak)
            );
        }
        let (column, line) = ((n % 3) as f64, (n / 3) as f64);
        let (at, down) = (LEFT + column * 264.0, bottom + BOTTOM + 8.0 + line * 24.0);
        let label = match row.summary(true) {
            Some(summary) => format!("{}: {}", row.label, time(summary.time)),
            None => format!("{}: failed", row.label),
        };
        let _ = writeln!(
            out,
            "<line x1=\"{at}\" x2=\"{:.1}\" y1=\"{down}\" y2=\"{down}\" stroke=\"{colour}\" stroke-width=\"3\"/>\
             <text x=\"{:.1}\" y=\"{:.1}\">{}</text>",
            at + 22.0,
            at + 28.0,
            down + 4.5,
            escape(&label)
        );
    }
    (out, bottom + BOTTOM + legend + 16.0)
}

/// A run's smoothed curve, with no more points than can be seen: groups of samples become one of their median.
fn curve(run: &Run) -> Vec<(f64, f64)> {
    let times: Vec<f64> = run.samples.iter().map(|sample| sample.seconds_per_call).collect();
    let smooth = if times.len() > 50 { stats::smoothed(&times) } else { times };
    let all: Vec<(f64, f64)> = run.samples.iter().map(|sample| sample.end).zip(smooth).collect();
    // The first samples are far apart on the axis, the last ones close together.
    let mut points: Vec<(f64, f64)> = Vec::new();
    let mut from = 0;
    while from < all.len() {
        let step = (all[from].0 * 0.004).max(all.last().map_or(0.0, |last| last.0) / POINTS_MAX as f64 * 0.2);
        let to = from + all[from..].partition_point(|point| point.0 < all[from].0 + step).max(1);
        let values: Vec<f64> = all[from..to].iter().map(|point| point.1).collect();
        points.push((all[from].0, stats::median(&values)));
        from = to;
    }
    points
}

/// The run whose steady state is the median of all, or next to it.
fn middle_run(runs: &[Run]) -> Option<usize> {
    let mut levels: Vec<(f64, usize)> =
        runs.iter().enumerate().map(|(n, run)| (stats::median(&steady(run).0), n)).collect();
    levels.sort_by(|a, b| a.0.total_cmp(&b.0));
    levels.get(levels.len().saturating_sub(1) / 2).map(|level| level.1)
}

/// The runs of a program: a row of dots for each machine, with the median and its interval.
fn dots(subject: &Subject) -> (String, f64) {
    let bottom = TOP + ROW_HEIGHT * subject.rows.len() as f64 + 8.0;
    let left = LEFT + 110.0;
    let walls = subject.rows.iter().flat_map(|row| row.runs.iter().map(|run| run.wall));
    let x = Axis::new(walls, left, WIDTH - RIGHT);
    let mut out = String::new();
    frame(&mut out, &subject.name, bottom, (&x, "time of a whole run"), None);
    for (n, row) in subject.rows.iter().enumerate() {
        let (colour, y) = (COLOURS[n % COLOURS.len()], TOP + ROW_HEIGHT * (n as f64 + 0.5) + 4.0);
        let _ =
            writeln!(out, "<text x=\"{:.1}\" y=\"{:.1}\">{}</text>", LEFT + 8.0, y + 4.5, escape(&row.label));
        let Some(summary) = row.summary(false) else { continue };
        if let Some((low, high)) = summary.interval {
            let _ = writeln!(
                out,
                "<rect x=\"{:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"16\" fill=\"{colour}\" fill-opacity=\"0.2\"/>",
                x.place(low),
                y - 8.0,
                (x.place(high) - x.place(low)).max(1.0)
            );
        }
        for (number, run) in row.runs.iter().enumerate() {
            let _ = writeln!(
                out,
                "<circle cx=\"{:.1}\" cy=\"{y:.1}\" r=\"4\" fill=\"{colour}\" fill-opacity=\"0.65\">\
                 <title>{}, run {}: {}</title></circle>",
                x.place(run.wall),
                escape(&row.label),
                number + 1,
                time(run.wall)
            );
        }
        let at = x.place(summary.time);
        let _ = writeln!(
            out,
            "<line x1=\"{at:.1}\" x2=\"{at:.1}\" y1=\"{:.1}\" y2=\"{:.1}\" stroke=\"{colour}\" stroke-width=\"2.5\"/>\
             <text x=\"{:.1}\" y=\"{:.1}\" font-size=\"11\" text-anchor=\"middle\" fill=\"#555\">{}</text>",
            y - 10.0,
            y + 10.0,
            at,
            y - 11.0,
            time(summary.time)
        );
    }
    (out, bottom + BOTTOM)
}

#[cfg(test)]
mod tests {
    use super::super::child::Sample;
    use super::super::report::Row;
    use super::*;

    fn subject(is_method: bool) -> Subject {
        let run = |scale: f64| {
            let samples = (0..200).map(|n| Sample {
                calls: 1,
                end: 0.1 + 0.01 * f64::from(n),
                seconds_per_call: scale * if n < 30 { 0.1 } else { 0.001 },
            });
            Run { wall: scale, samples: samples.collect(), ..Run::default() }
        };
        let row = |label: &str, scale: f64| Row {
            label: label.to_owned(),
            runs: vec![run(scale), run(1.1 * scale), run(1.2 * scale)],
            error: None,
        };
        let failed = Row { label: "gone".to_owned(), runs: vec![], error: Some("x".to_owned()) };
        Subject { name: "A<B>.c".to_owned(), is_method, rows: vec![row("one", 1.0), row("two", 3.0), failed] }
    }

    /// Every tag that opens also closes, and no number is missing.
    fn check(text: &str) {
        for tag in ["g", "text", "title", "polyline", "circle", "svg"] {
            let closing = text.matches(&format!("</{tag}>")).count();
            let opening =
                text.matches(&format!("<{tag} ")).count() + text.matches(&format!("<{tag}>")).count();
            assert_eq!(opening, closing, "{tag}");
        }
        assert!(!text.contains("NaN") && !text.contains("inf") && !text.contains("A<B>"));
    }

    #[test]
    fn charts_are_well_formed() {
        for is_method in [true, false] {
            let text = svg(&[subject(is_method)]);
            check(&text);
            assert_eq!(text.matches(if is_method { "<polyline" } else { "<circle" }).count(), 6);
        }
        let page = html(&[subject(true), subject(false)], "carafe bench <x>");
        assert!(page.contains("carafe bench &lt;x&gt;") && page.matches("<svg").count() == 1);
    }

    #[test]
    fn nothing_measured_is_no_chart_but_no_failure() {
        let empty = Subject { name: "x".to_owned(), is_method: true, rows: vec![] };
        check(&svg(&[empty]));
        check(&svg(&[]));
    }

    #[test]
    fn axes_have_round_ticks() {
        let axis = Axis::new([0.013, 4.0].into_iter(), 0.0, 100.0);
        let ticks: Vec<String> = axis.ticks().into_iter().map(tick_label).collect();
        assert_eq!(ticks, ["10 ms", "20 ms", "50 ms", "100 ms", "200 ms", "500 ms", "1 s", "2 s", "5 s"]);
        assert!(axis.place(0.013) > 0.0 && axis.place(4.0) < 100.0);
        let narrow = Axis::new([1.0, 1.01].into_iter(), 0.0, 100.0);
        assert!(narrow.ticks().len() >= 3, "{:?}", narrow.ticks());
    }

    #[test]
    fn curves_are_thinned() {
        let samples = (0..100_000).map(|n| Sample {
            calls: 1,
            end: 0.1 + 0.001 * f64::from(n),
            seconds_per_call: 0.001,
        });
        let points = curve(&Run { samples: samples.collect(), ..Run::default() });
        assert!((100..3000).contains(&points.len()), "{}", points.len());
    }
}
