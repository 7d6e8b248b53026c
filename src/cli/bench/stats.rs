//! What `carafe bench` says about a series of times: medians with intervals, and where the steady state begins.
//!
//! Medians rather than means throughout: what disturbs a measurement makes it longer, never shorter. Random draws come from a
//! fixed seed, so that the same samples give the same report. Deliberately absent: units, which are the caller's.

/// Of how many resamplings an interval is made.
const RESAMPLES: usize = 1000;
/// As many samples of one run are enough for an interval.
const SAMPLES_MAX: usize = 1000;
/// A level within this share of the final one is the same level.
const SAME: f64 = 0.03;
/// Fewer samples say nothing about a steady state.
const STEADY_MIN: usize = 9;

/// The middle value; of an even number of them the mean of the two in the middle. Not a number if there are none.
pub(super) fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    median_of(&mut sorted)
}

fn median_of(values: &mut [f64]) -> f64 {
    if values.is_empty() {
        return f64::NAN;
    }
    let (half, even) = (values.len() / 2, values.len().is_multiple_of(2));
    let (below, &mut middle, _) = values.select_nth_unstable_by(half, f64::total_cmp);
    if !even {
        return middle;
    }
    let before = below.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    (before + middle) / 2.0
}

/// The bounds between which the median lies with 95 % confidence, for runs with samples each: runs are drawn with
/// replacement, then samples in each (samples of one run resemble each other more than those of different ones).
pub(super) fn median_interval(runs: &[Vec<f64>]) -> Option<(f64, f64)> {
    let runs: Vec<Vec<f64>> = runs.iter().filter(|run| !run.is_empty()).map(|run| thinned(run)).collect();
    if runs.iter().map(Vec::len).sum::<usize>() < 3 {
        return None;
    }
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let mut drawn = Vec::new();
    let mut medians: Vec<f64> = (0..RESAMPLES)
        .map(|_| {
            drawn.clear();
            for _ in 0..runs.len() {
                let run = &runs[random.below(runs.len())];
                drawn.extend((0..run.len()).map(|_| run[random.below(run.len())]));
            }
            median_of(&mut drawn)
        })
        .collect();
    medians.sort_by(f64::total_cmp);
    Some((medians[RESAMPLES / 40], medians[RESAMPLES - 1 - RESAMPLES / 40]))
}

fn thinned(run: &[f64]) -> Vec<f64> {
    let stride = run.len().div_ceil(SAMPLES_MAX);
    run.iter().step_by(stride).copied().collect()
}

/// How far a window reaches to both sides.
fn reach(count: usize) -> usize {
    (count / 40).clamp(1, 25)
}

/// The series with each value replaced by the median of a window around it, which is shorter at the ends.
pub(super) fn smoothed(values: &[f64]) -> Vec<f64> {
    let reach = reach(values.len());
    let mut window = Vec::new();
    (0..values.len())
        .map(|n| {
            // The same reach on both sides, or the ends would lean to the inside.
            let reach = reach.min(n).min(values.len() - 1 - n);
            window.clear();
            window.extend_from_slice(&values[n - reach..=n + reach]);
            median_of(&mut window)
        })
        .collect()
}

/// From which sample on a series keeps to the level of its last third; `None` if it does not: it still gets faster or slower
/// when it ends, or there are too few samples to say.
pub(super) fn steady_from(values: &[f64]) -> Option<usize> {
    if values.len() < STEADY_MIN {
        return None;
    }
    let third = values.len() - values.len() / 3;
    let level = median(&values[third..]);
    let deviations: Vec<f64> = values[third..].iter().map(|value| (value - level).abs()).collect();
    // Half of the last third lies within this: the noise that a smoothed level still has.
    let noise = median(&deviations);
    let tolerance = (SAME * level).max(2.0 * noise);
    let smooth = smoothed(values);
    // The last samples have no whole window; they are allowed to be far off.
    let (same, end) = (|value: &f64| (value - level).abs() <= tolerance, values.len() - reach(values.len()));
    let from = smooth[..end].iter().rposition(|value| !same(value)).map_or(0, |last| last + 1);
    // A trend within the last third is no level, though each part of it may be near the middle.
    let (first, second) = values[third..].split_at((values.len() - third) / 2);
    let drift = (median(first) - median(second)).abs();
    (from <= third && drift <= tolerance).then_some(from)
}

/// The geometric mean.
pub(super) fn geometric_mean(values: &[f64]) -> f64 {
    (values.iter().map(|value| value.ln()).sum::<f64>() / values.len() as f64).exp()
}

/// xorshift64*
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let drawn = self.0.wrapping_mul(0x2545_f491_4f6c_dd1d);
        ((u128::from(drawn) * bound as u128) >> 64) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A level with a little noise that is not random.
    fn level(count: usize, value: f64) -> Vec<f64> {
        (0..count).map(|n| value * (1.0 + 0.01 * ((n * 7 % 5) as f64 - 2.0))).collect()
    }

    #[test]
    fn medians() {
        assert_eq!(median(&[3.0]), 3.0);
        assert_eq!(median(&[9.0, 1.0, 2.0]), 2.0);
        assert_eq!(median(&[4.0, 1.0, 9.0, 2.0]), 3.0);
        assert_eq!(median(&[5.0, 5.0, 1.0, 5.0, 5.0, 100.0]), 5.0);
        assert!(median(&[]).is_nan());
    }

    #[test]
    fn intervals_hold_the_median_and_narrow() {
        let few = [level(10, 1.0)];
        let many = [level(500, 1.0), level(500, 1.0)];
        let (low, high) = median_interval(&few).unwrap();
        assert!(low <= 1.0 && 1.0 <= high && low >= 0.98 && high <= 1.02, "{low} {high}");
        let (narrow_low, narrow_high) = median_interval(&many).unwrap();
        assert!(narrow_high - narrow_low < high - low);
        assert_eq!(median_interval(&many), median_interval(&many), "drawn from a fixed seed");
        assert_eq!(median_interval(&[vec![1.0, 2.0]]), None);
        assert_eq!(median_interval(&[vec![7.0, 7.0, 7.0]]), Some((7.0, 7.0)));
    }

    /// Runs that differ among each other make the interval wide, however many samples each has.
    #[test]
    fn intervals_know_of_runs() {
        let alike = median_interval(&[level(300, 1.5), level(300, 1.5)]).unwrap();
        let apart = median_interval(&[level(300, 1.0), level(300, 2.0)]).unwrap();
        assert!(alike.1 - alike.0 < 0.05, "{alike:?}");
        assert!(apart.0 < 1.1 && apart.1 > 1.9, "{apart:?}");
    }

    #[test]
    fn a_level_is_steady_at_once() {
        assert_eq!(steady_from(&level(100, 5.0)), Some(0));
        assert_eq!(steady_from(&level(8, 5.0)), None, "too few");
    }

    #[test]
    fn warming_up_ends_where_the_level_begins() {
        let series = [level(30, 40.0), level(20, 12.0), level(100, 5.0)].concat();
        let from = steady_from(&series).unwrap();
        assert!((48..=53).contains(&from), "{from}");
    }

    #[test]
    fn a_late_change_is_not_steady() {
        assert_eq!(steady_from(&[level(80, 5.0), level(20, 3.0)].concat()), None);
        let falling: Vec<f64> = (0..100).map(|n| 10.0 - 0.08 * f64::from(n)).collect();
        assert_eq!(steady_from(&falling), None);
    }

    /// A pause of the collector now and then is no change of level.
    #[test]
    fn outliers_do_not_matter() {
        let mut series = level(100, 5.0);
        for n in (5..100).step_by(13) {
            series[n] = 60.0;
        }
        assert_eq!(steady_from(&series), Some(0));
        series[99] = 60.0;
        assert_eq!(steady_from(&series), Some(0), "at the end, too");
    }

    #[test]
    fn smoothing_keeps_levels_and_drops_outliers() {
        let smooth = smoothed(&[1.0, 1.0, 90.0, 1.0, 1.0]);
        assert_eq!(smooth, [1.0; 5]);
        assert_eq!(smoothed(&[1.0, 1.0, 2.0, 2.0]), [1.0, 1.0, 2.0, 2.0]);
        assert!(smoothed(&[]).is_empty());
    }

    #[test]
    fn geometric_means() {
        assert!((geometric_mean(&[1.0, 4.0]) - 2.0).abs() < 1e-12);
        assert!((geometric_mean(&[0.5, 2.0, 1.0]) - 1.0).abs() < 1e-12);
    }
}
