//! Need that schools do not see while they are closed, and what comes forward after.

/// A source whose sight of need depends on school terms.
#[derive(Clone, Debug, PartialEq)]
pub struct SchoolSource {
    /// Need arising a day.
    pub daily: f64,
    /// Share of it seen while schools are closed.
    pub visibility: f64,
    /// Share of the unseen that comes forward after return.
    pub resurfacing: f64,
    /// Mean delay from the first day of term, days.
    pub resurfacing_days: f64,
    /// Breaks as first day and first day of term after, in order, not touching.
    pub breaks: Vec<(f64, f64)>,
}

impl SchoolSource {
    /// Contacts expected from `from` to `to`. Unseen need is a Poisson stream thinned and shifted, so
    /// counts are Poisson with this mean.
    pub fn contacts(&self, from: f64, to: f64) -> f64 {
        let mut closed = 0.0;
        let mut released = 0.0;
        for &(first, back) in &self.breaks {
            closed += (back.min(to) - first.max(from)).max(0.0);
            released += self.unseen(first, back)
                * self.resurfacing
                * (self.forward_by(to - back) - self.forward_by(from - back));
        }
        self.daily * (to - from - closed * (1.0 - self.visibility)) + released
    }

    /// Families hidden at `t`: all whose need has arisen unseen and who have not come forward, those
    /// who never will among them.
    pub fn hidden(&self, t: f64) -> f64 {
        self.breaks
            .iter()
            .map(|&(first, back)| {
                let unseen = self.unseen(first, back.min(t));
                unseen * (1.0 - self.resurfacing * self.forward_by(t - back))
            })
            .sum()
    }

    fn unseen(&self, first: f64, upto: f64) -> f64 {
        self.daily * (1.0 - self.visibility) * (upto - first).max(0.0)
    }

    /// Share of those who come forward who have done so `days` after the first day of term.
    fn forward_by(&self, days: f64) -> f64 {
        if days <= 0.0 { 0.0 } else { 1.0 - (-days / self.resurfacing_days).exp() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source() -> SchoolSource {
        SchoolSource {
            daily: 4.0,
            visibility: 0.25,
            resurfacing: 0.4,
            resurfacing_days: 10.0,
            breaks: vec![(7.0, 21.0), (70.0, 112.0)],
        }
    }

    #[test]
    fn nothing_is_lost_but_what_stays_hidden() {
        let source = source();
        let end = 400.0;
        let hidden = 4.0 * 0.75 * 56.0 * 0.6;
        assert!((source.contacts(0.0, end) + hidden - 4.0 * end).abs() < 1e-6);
        assert!((source.hidden(end) - hidden).abs() < 1e-6);
        // At any time what has arisen is what came forward plus what is hidden.
        for t in [3.0, 10.0, 25.0, 90.0, 115.0] {
            assert!((source.contacts(0.0, t) + source.hidden(t) - 4.0 * t).abs() < 1e-9, "{t}");
        }
    }

    #[test]
    fn first_week_back_has_the_peak() {
        let source = source();
        assert!((source.contacts(7.0, 14.0) - 7.0).abs() < 1e-9);
        let back = source.contacts(112.0, 119.0) - 28.0;
        let released = 4.0 * 0.75 * 42.0 * 0.4 * (1.0 - (-0.7_f64).exp());
        assert!((back - released).abs() < 0.1, "{back} {released}");
    }
}
