//! From runs to figures: the summary of each machine, as a table and as JSON.

use std::fmt::Write;

use super::child::Run;
use super::json::Json;
use super::stats;

/// What was measured: a method, or whole runs of a program; for each machine its runs.
pub(super) struct Subject {
    pub(super) name: String,
    pub(super) is_method: bool,
    pub(super) rows: Vec<Row>,
}

pub(super) struct Row {
    pub(super) label: String,
    pub(super) runs: Vec<Run>,
    pub(super) error: Option<String>,
}

/// Times in seconds. A figure that is not known, or that the measurement does not give, is `None`.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Summary {
    pub(super) startup: Option<f64>,
    pub(super) to_peak: Option<f64>,
    /// Of a call in the steady state, or of a whole run.
    pub(super) time: f64,
    pub(super) interval: Option<(f64, f64)>,
    /// All runs came to a steady state.
    pub(super) is_steady: bool,
    pub(super) cpu: Option<f64>,
    pub(super) peak_bytes: u64,
    pub(super) collections: Option<f64>,
    pub(super) compile_seconds: Option<f64>,
    pub(super) code_bytes: Option<f64>,
}

impl Row {
    pub(super) fn summary(&self, is_method: bool) -> Option<Summary> {
        if self.runs.is_empty() {
            return None;
        }
        let middle = |figure: fn(&Run) -> Option<f64>| {
            let known: Vec<f64> = self.runs.iter().filter_map(figure).collect();
            (!known.is_empty()).then(|| stats::median(&known))
        };
        let series: Vec<Vec<f64>> = match is_method {
            true => self.runs.iter().map(|run| steady(run).0).collect(),
            false => vec![self.runs.iter().map(|run| run.wall).collect()],
        };
        // A whole run is as long as it is.
        let is_steady = !is_method || self.runs.iter().all(|run| steady(run).1);
        Some(Summary {
            startup: middle(|run| run.startup),
            to_peak: if is_method { middle(to_peak) } else { None },
            time: stats::median(&series.concat()),
            interval: stats::median_interval(&series),
            is_steady,
            cpu: middle(|run| Some(run.cpu)),
            peak_bytes: self.runs.iter().map(|run| run.peak_bytes).max().unwrap_or(0),
            collections: middle(|run| run.collections.map(|n| n as f64)),
            compile_seconds: middle(|run| run.compile_seconds),
            code_bytes: middle(|run| run.code_bytes.map(|n| n as f64)),
        })
    }
}

/// Times of a run's steady state, or of its last third if it has none, and which of the two.
pub(super) fn steady(run: &Run) -> (Vec<f64>, bool) {
    let times: Vec<f64> = run.samples.iter().map(|sample| sample.seconds_per_call).collect();
    match stats::steady_from(&times) {
        Some(from) => (times[from..].to_vec(), true),
        None => (times[times.len() - times.len().div_ceil(3)..].to_vec(), false),
    }
}

/// When calls came to nine tenths of the steady state's speed, in seconds since the process began.
pub(super) fn to_peak(run: &Run) -> Option<f64> {
    let level = stats::median(&steady(run).0);
    let times: Vec<f64> = run.samples.iter().map(|sample| sample.seconds_per_call).collect();
    let reached = stats::smoothed(&times).iter().position(|time| *time <= level / 0.9)?;
    Some(run.samples[reached].end)
}

// ---- the table ---------------------------------------------------------------------------------------------------------

impl Subject {
    pub(super) fn table(&self) -> String {
        let what = if self.is_method { "steady state of a call" } else { "a whole run" };
        let head = ["", "start-up", "to 90 %", what, "", "ratio", "cpu", "peak", "GCs", "compiling", "code"];
        let summaries: Vec<Option<Summary>> =
            self.rows.iter().map(|row| row.summary(self.is_method)).collect();
        let first = summaries.iter().flatten().next().map_or(f64::NAN, |summary| summary.time);
        let mut lines = vec![head.map(str::to_owned).to_vec()];
        for (row, summary) in self.rows.iter().zip(&summaries) {
            let Some(s) = summary else {
                lines.push(vec![row.label.clone(), "failed".to_owned()]);
                continue;
            };
            let or_dash = |text: Option<String>| text.unwrap_or_else(|| "-".to_owned());
            let interval =
                s.interval.map_or_else(String::new, |(low, high)| format!("{}..{}", time(low), time(high)));
            let unsteady = if s.is_steady { "" } else { "~" };
            lines.push(vec![
                row.label.clone(),
                or_dash(s.startup.map(time)),
                or_dash(s.to_peak.map(time)),
                format!("{unsteady}{}", time(s.time)),
                interval,
                format!("{:.3}", s.time / first),
                or_dash(s.cpu.map(time)),
                size(s.peak_bytes as f64),
                or_dash(s.collections.map(|n| format!("{n:.0}"))),
                or_dash(s.compile_seconds.map(time)),
                or_dash(s.code_bytes.map(size)),
            ]);
        }
        let mut text = format!("{}\n{}", self.name, aligned(&lines));
        if summaries.iter().flatten().any(|summary| !summary.is_steady) {
            text += "  ~ no steady state in every run: the last third of the samples stands in for it\n";
        }
        for row in &self.rows {
            if let Some(error) = &row.error {
                let _ = writeln!(text, "  {}: {error}", row.label);
            }
        }
        let mut outputs = self.rows.iter().flat_map(|row| row.runs.iter().map(|run| run.output));
        if let Some(first) = outputs.next()
            && !self.is_method
            && outputs.any(|output| output != first)
        {
            text += "  Not all runs printed the same.\n";
        }
        text
    }

    pub(super) fn json(&self) -> Json {
        let rows = self.rows.iter().map(|row| {
            let summary = row.summary(self.is_method);
            let s = summary.as_ref();
            let interval = s
                .and_then(|s| s.interval)
                .map_or(Json::Null, |(low, high)| Json::List(vec![Json::Number(low), Json::Number(high)]));
            Json::Object(vec![
                ("machine", Json::text(&row.label)),
                ("error", row.error.as_ref().map_or(Json::Null, Json::text)),
                ("startup_seconds", Json::maybe(s.and_then(|s| s.startup))),
                ("to_90_percent_seconds", Json::maybe(s.and_then(|s| s.to_peak))),
                ("median_seconds", Json::maybe(s.map(|s| s.time))),
                ("interval_95_seconds", interval),
                ("steady", s.map_or(Json::Null, |s| Json::Bool(s.is_steady))),
                ("cpu_seconds", Json::maybe(s.and_then(|s| s.cpu))),
                ("peak_bytes", Json::maybe(s.map(|s| s.peak_bytes as f64))),
                ("collections", Json::maybe(s.and_then(|s| s.collections))),
                ("compile_seconds", Json::maybe(s.and_then(|s| s.compile_seconds))),
                ("code_bytes", Json::maybe(s.and_then(|s| s.code_bytes))),
                ("runs", Json::List(row.runs.iter().map(run_json).collect())),
            ])
        });
        Json::Object(vec![
            ("name", Json::text(&self.name)),
            ("kind", Json::text(if self.is_method { "method" } else { "program" })),
            ("machines", Json::List(rows.collect())),
        ])
    }
}

fn run_json(run: &Run) -> Json {
    let each = |figure: fn(&super::child::Sample) -> f64| {
        Json::List(run.samples.iter().map(|sample| Json::Number(figure(sample))).collect())
    };
    Json::Object(vec![
        ("wall_seconds", Json::Number(run.wall)),
        ("cpu_seconds", Json::Number(run.cpu)),
        ("startup_seconds", Json::maybe(run.startup)),
        ("peak_bytes", Json::Number(run.peak_bytes as f64)),
        ("sample_end_seconds", each(|sample| sample.end)),
        ("sample_calls", each(|sample| sample.calls as f64)),
        ("sample_seconds_per_call", each(|sample| sample.seconds_per_call)),
    ])
}

/// The geometric means of the ratios to the first machine, if there are several subjects.
pub(super) fn means(subjects: &[Subject]) -> Option<String> {
    let first = subjects.first().filter(|_| subjects.len() > 1)?;
    let mut lines = Vec::new();
    for (n, row) in first.rows.iter().enumerate() {
        let ratios: Vec<f64> = subjects
            .iter()
            .filter_map(|subject| {
                let time = |n: usize| subject.rows[n].summary(subject.is_method).map(|s| s.time);
                Some(time(n)? / time(0)?)
            })
            .collect();
        let text = if ratios.is_empty() {
            "failed".to_owned()
        } else {
            format!("{:.3}", stats::geometric_mean(&ratios))
        };
        lines.push(vec![row.label.clone(), text]);
    }
    Some(format!("Geometric mean of the ratios\n{}", aligned(&lines)))
}

/// The first column to the left, the others to the right.
fn aligned(lines: &[Vec<String>]) -> String {
    let columns = lines.iter().map(Vec::len).max().unwrap_or(0);
    let width = |n: usize| lines.iter().filter_map(|line| line.get(n)).map(|cell| cell.chars().count()).max();
    let widths: Vec<usize> = (0..columns).map(|n| width(n).unwrap_or(0)).collect();
    let mut text = String::new();
    for line in lines {
        let mut out = format!("  {:<1$}", line[0], widths[0]);
        for (cell, width) in line.iter().zip(&widths).skip(1) {
            let _ = write!(out, "  {cell:>width$}");
        }
        let _ = writeln!(text, "{}", out.trim_end());
    }
    text
}

/// Three digits and a unit.
pub(super) fn time(seconds: f64) -> String {
    let (value, unit) = match seconds {
        s if s >= 1.0 => (s, "s"),
        s if s >= 1e-3 => (s * 1e3, "ms"),
        s if s >= 1e-6 => (s * 1e6, "us"),
        s => (s * 1e9, "ns"),
    };
    format!("{} {unit}", three_digits(value))
}

pub(super) fn size(bytes: f64) -> String {
    let (value, unit) = match bytes {
        b if b >= 1e9 => (b / f64::from(1 << 30), "GiB"),
        b if b >= 1e6 => (b / f64::from(1 << 20), "MiB"),
        b => (b / 1024.0, "KiB"),
    };
    format!("{} {unit}", three_digits(value))
}

fn three_digits(value: f64) -> String {
    match value {
        v if v >= 99.95 => format!("{v:.0}"),
        v if v >= 9.995 => format!("{v:.1}"),
        v => format!("{v:.2}"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::child::Sample;
    use super::*;

    fn run(times: &[f64]) -> Run {
        let mut end = 0.1;
        let samples = times.iter().map(|time| {
            end += time;
            Sample { calls: 1, end, seconds_per_call: *time }
        });
        Run { samples: samples.collect(), startup: Some(0.1), peak_bytes: 3 << 20, ..Run::default() }
    }

    #[test]
    fn a_method_that_warms_up() {
        let times = [vec![0.4; 10], vec![0.01; 90]].concat();
        let row = Row { label: "m".to_owned(), runs: vec![run(&times)], error: None };
        let summary = row.summary(true).unwrap();
        assert!(summary.is_steady && (summary.time - 0.01).abs() < 1e-9);
        let to_peak = summary.to_peak.unwrap();
        assert!((4.0..4.2).contains(&to_peak), "{to_peak}");
    }

    #[test]
    fn a_program_is_as_long_as_its_runs() {
        let runs = [2.0, 1.0, 3.0].map(|wall| Run { wall, ..Run::default() });
        let row = Row { label: "m".to_owned(), runs: runs.to_vec(), error: None };
        let summary = row.summary(false).unwrap();
        assert_eq!((summary.time, summary.interval), (2.0, Some((1.0, 3.0))));
        assert!(Row { label: String::new(), runs: vec![], error: None }.summary(false).is_none());
    }

    #[test]
    fn tables_and_json() {
        let times = vec![0.01; 20];
        let fine = Row { label: "one".to_owned(), runs: vec![run(&times)], error: None };
        let bad = Row { label: "two".to_owned(), runs: vec![], error: Some("ended".to_owned()) };
        let subject = Subject { name: "A.b".to_owned(), is_method: true, rows: vec![fine, bad] };
        let table = subject.table();
        assert!(table.contains("10.0 ms  10.0 ms..10.0 ms  1.000"), "{table}");
        assert!(table.contains("two    failed") && table.contains("  two: ended"), "{table}");
        let json = subject.json().to_string();
        assert!(json.contains("\"median_seconds\": 0.01") && json.contains("\"error\": \"ended\""), "{json}");
        assert!(means(&[subject]).is_none());
    }

    #[test]
    fn figures_have_three_digits() {
        for (seconds, text) in [
            (12.345, "12.3 s"),
            (0.9999, "1000 ms"),
            (0.0123, "12.3 ms"),
            (4.5e-6, "4.50 us"),
            (9e-9, "9.00 ns"),
        ] {
            assert_eq!(time(seconds), text);
        }
        assert_eq!(
            (size(2048.0), size(150e6), size(3e9)),
            ("2.00 KiB".into(), "143 MiB".into(), "2.79 GiB".into())
        );
    }
}
