//! What monitoring found as text for the terminal.

use super::overview::{ChanceOverview, MonitorOverview};
use crate::report::number::readable;
use crate::report::terminal::{percent, plain_table, push_table, push_wrapped};

/// Figures shown.
const SHOWN: usize = 12;

impl MonitorOverview {
    /// The content as text of at most `width` columns, but no narrower than 80.
    pub fn text(&self, width: usize) -> String {
        let width = width.clamp(80, usize::from(u16::MAX));
        let mut out = String::new();
        let hash: String = self.scenario_sha256.chars().take(8).collect();
        push_wrapped(&mut out, &format!("Observed beside the forecast: {}", self.title), width);
        let words =
            format!("{} runs of scenario {} ({hash}), seed {}.", self.replications, self.scenario, self.seed);
        push_wrapped(&mut out, &words, width);
        out.push('\n');
        push_wrapped(&mut out, &self.sentence, width);
        out.push('\n');
        self.push_series(&mut out, width);
        out.push('\n');
        push_wrapped(&mut out, &self.alarm_sentence(), width);
        for signal in &self.signals {
            let words = format!("- {} (chance {}).", signal.sentence, percent(signal.chance));
            push_wrapped(&mut out, &words, width);
        }
        out.push('\n');
        self.push_figures(&mut out, width);
        self.push_promises(&mut out, width);
        for note in &self.notes {
            push_wrapped(&mut out, &format!("Note: {note}."), width);
        }
        out
    }

    fn push_series(&self, out: &mut String, width: usize) {
        let mut table = plain_table(width);
        table.set_header([
            "Observed",
            "From",
            "To",
            "Number",
            "Mean\nobserved",
            "Mean\nforecast",
            "In the range of\n9 in 10 runs",
        ]);
        for series in &self.series {
            table.add_row([
                series.name.clone(),
                series.span[0].clone(),
                series.span[1].clone(),
                format!("{} {}", series.periods, series.period),
                readable(series.observed),
                readable(series.forecast),
                format!("{} (about {} expected)", series.within, (0.9 * series.periods as f64).round()),
            ]);
        }
        push_table(out, &table);
    }

    fn push_figures(&self, out: &mut String, width: usize) {
        if self.figures.is_empty() {
            return;
        }
        let words = format!(
            "What the observations say of the uncertain figures: of {} of {}, by more than chance (5% for all together). \
             {} effective runs of {} stand behind it.",
            self.figures.len(),
            self.uncertain,
            readable(self.effective.floor()),
            self.replications
        );
        push_wrapped(out, &words, width);
        let mut table = plain_table(width);
        table.set_header(["Figure", "Before (9 in 10)", "After (9 in 10)", "Known\nbetter by", "Moved"]);
        for figure in self.figures.iter().take(SHOWN) {
            table.add_row([
                figure.parameter.clone(),
                ranged(figure.before),
                ranged(figure.after),
                percent(figure.learnt),
                if figure.moved { "yes" } else { "within luck" }.to_owned(),
            ]);
        }
        push_table(out, &table);
        if self.figures.len() > SHOWN {
            push_wrapped(
                out,
                &format!("The other {} are in parameters.csv.", self.figures.len() - SHOWN),
                width,
            );
        }
        out.push('\n');
    }

    fn push_promises(&self, out: &mut String, width: usize) {
        if self.promises.is_empty() {
            return;
        }
        let posts = if self.recommended { "the posts recommended" } else { "the posts of now" };
        push_wrapped(out, &format!("Chance of keeping each promise with {posts} (95% interval)"), width);
        let mut table = plain_table(width);
        table.set_header(["Promise", "Area", "Wanted", "Before", "Given what was observed"]);
        for promise in &self.promises {
            table.add_row([
                format!("{}{}", promise.name, if promise.counted { " *" } else { "" }),
                promise.area_name.clone(),
                percent(promise.wanted),
                chance(promise.before),
                chance(promise.after),
            ]);
        }
        push_table(out, &table);
        push_wrapped(out, "* the verdict rests on it: the posts were to keep it.", width);
    }
}

/// A mean and its range on one line, with as many digits as tell the ends apart.
pub(in crate::report) fn ranged([mean, low, high]: [f64; 3]) -> String {
    let width = (high - low).abs();
    let decimals = match width {
        w if w.is_nan() || w <= 0.0 || w >= 20.0 => 0,
        w if w >= 2.0 => 1,
        w if w >= 0.2 => 2,
        w if w >= 0.02 => 3,
        _ => 4,
    };
    let shown = |value: f64| match decimals {
        0 => readable(value.round()),
        decimals => format!("{value:.decimals$}"),
    };
    format!("{} ({} to {})", shown(mean), shown(low), shown(high))
}

fn chance(of: ChanceOverview) -> String {
    format!("{} ({} to {})", percent(of.share), percent(of.low), percent(of.high))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_has_digits_enough_and_no_more() {
        assert_eq!(ranged([2013.4, 1700.2, 2400.9]), "2,010 (1,700 to 2,400)");
        assert_eq!(ranged([0.812, 0.61, 1.0]), "0.81 (0.61 to 1.00)");
        assert_eq!(ranged([28.04, 24.06, 33.91]), "28.0 (24.1 to 33.9)");
        assert_eq!(ranged([3.0, 3.0, 3.0]), "3 (3 to 3)");
    }
}
