//! What `caseflow explain` weighs.

use super::super::faults::words;
use super::super::file::ScenarioFile;
use super::super::model::ExplainSettings;
use super::super::tree::Path;
use super::Context;
use super::figures::Limits;

/// Pounds a year for a post.
const COST: Limits = Limits::over(0.0, 1_000_000.0, "pounds a year: over 0, at most 1,000,000");
/// Pounds for a family's week of waiting.
const PRICE: Limits = Limits::between(0.0, 1_000_000.0, "pounds: 0 or more, at most 1,000,000");
/// Largest step, as a share of posts.
const LARGEST_STEP: f64 = 0.5;

impl Context<'_> {
    /// Reads `[explain]`. The two prices are judgements and stand in the register like any figure.
    pub(super) fn explain(&mut self, file: &ScenarioFile) -> ExplainSettings {
        let path = Path::of(&["explain"]);
        let given = file.explain.clone().unwrap_or_default();
        let step_share = given.step_share.unwrap_or(0.15);
        if !(step_share > 0.0 && step_share <= LARGEST_STEP) {
            let message = format!("a step of {step_share}");
            self.fault(
                &path.key("step_share"),
                words(message, "a share of today's posts over 0 and at most 0.5, such as 0.1"),
            );
        }
        let cost = given.cost_of_post.as_ref();
        let price = given.price_of_waiting_week.as_ref();
        ExplainSettings {
            cost_of_post: self.number(&path.key("cost_of_post"), cost, 50_000.0, &COST),
            price_of_waiting_week: self.number(&path.key("price_of_waiting_week"), price, 100.0, &PRICE),
            steps: self.whole(&path.key("steps"), given.steps, 2, 1, 5) as u32,
            step_share,
            figures: self.whole(&path.key("figures"), given.figures, 12, 1, 50) as u32,
        }
    }
}
