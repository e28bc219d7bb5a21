//! Shares that make a whole.

use std::collections::BTreeMap;

use super::super::faults::{suggestion, words};
use super::super::model::{Destination, Quantity, Share};
use super::super::number::{RawNumber, RawShare};
use super::super::tree::Path;
use super::Context;
use super::figures::SHARE;

/// How far a sum of shares may be from 1: rounding of the figures as typed, no more.
const TOLERANCE: f64 = 1e-6;

impl Context<'_> {
    /// A list of shares that sum to 1.
    pub(super) fn shares(&mut self, path: &Path, shares: &[RawNumber]) -> Vec<Quantity> {
        let sum: Option<f64> = shares.iter().map(|share| share.described.value).sum();
        if let Some(sum) = sum {
            self.check_sum(path, sum);
        }
        shares
            .iter()
            .enumerate()
            .map(|(index, share)| self.required(&path.item(index), Some(share), &SHARE))
            .collect()
    }

    /// Notes a fault when shares that should make a whole do not.
    pub(super) fn check_sum(&mut self, path: &Path, sum: f64) {
        if sum.is_finite() && (sum - 1.0).abs() > TOLERANCE && !self.is_touched(path) {
            let gap = (1.0 - sum).abs();
            let side = if sum < 1.0 { "too little" } else { "too much" };
            let message = format!("the shares sum to {}, not to 1", tidy(sum));
            self.fault(path, words(message, format!("{} {side}; check the figures", tidy(gap))));
        }
    }

    /// A split of families over stages and ends. At most one share may be "rest".
    pub(super) fn split(
        &mut self,
        path: &Path,
        next: Option<&BTreeMap<String, RawShare>>,
    ) -> Vec<(Destination, Share)> {
        let Some(next) = next.filter(|next| !next.is_empty() || self.is_touched(path)) else {
            self.disconnected = true;
            if !self.is_touched(path) {
                let help = "for example next = { closed = 0.8, assessment = \"rest\" }";
                self.fault(path, words("nothing says where families go next", help));
            }
            return Vec::new();
        };
        let mut rests = 0;
        let mut sum = 0.0;
        let mut split = Vec::new();
        for (to, share) in next {
            let path = path.key(to);
            let destination = self.destination_key(&path, to);
            let share = match share {
                RawShare::Rest => {
                    rests += 1;
                    if rests == 2 {
                        let help = "one share may be \"rest\"; give the others as numbers";
                        self.fault(&path, words("there are two shares that are \"rest\"", help));
                    }
                    Share::Rest
                }
                RawShare::Number(number) => {
                    sum += number.described.value.unwrap_or(f64::NAN);
                    Share::Of(self.required(&path, Some(number), &SHARE))
                }
            };
            split.extend(destination.map(|destination| (destination, share)));
        }
        if rests == 0 {
            let faults = self.faults.len();
            self.check_sum(path, sum);
            if self.faults.len() > faults
                && sum < 1.0
                && let Some(fault) = self.faults.last_mut()
            {
                fault.help =
                    format!("{} of families would vanish; one share may be \"rest\"", tidy(1.0 - sum));
            }
        } else if sum > 1.0 + TOLERANCE && !self.is_touched(path) {
            let message = format!("the shares sum to {}, which leaves nothing for the \"rest\"", tidy(sum));
            self.fault(path, words(message, "shares beside a \"rest\" sum to at most 1"));
        }
        split
    }

    /// A stage or end named as the value of a key.
    pub(super) fn destination(&mut self, path: &Path, name: Option<&str>) -> Option<Destination> {
        match name {
            Some(name) => self.look_up_destination(path, name, false),
            None => {
                self.disconnected = true;
                self.fault(path, words("`to` is missing", "name the stage or end to which families go"));
                None
            }
        }
    }

    fn destination_key(&mut self, path: &Path, name: &str) -> Option<Destination> {
        self.look_up_destination(path, name, true)
    }

    fn look_up_destination(&mut self, path: &Path, name: &str, is_key: bool) -> Option<Destination> {
        let position = |ids: &[String]| ids.iter().position(|id| id == name);
        if let Some(stage) = position(&self.names.stages) {
            return Some(Destination::Stage(stage));
        }
        if let Some(end) = position(&self.names.ends) {
            return Some(Destination::End(end));
        }
        self.disconnected = true;
        if !self.is_broken(&Path::of(&["stages", name])) && !self.is_broken(&Path::of(&["ends", name])) {
            let names = (self.names.stages.clone(), self.names.ends.clone());
            let known: Vec<&str> = names.0.iter().chain(&names.1).map(String::as_str).collect();
            let words = words(format!("there is no stage or end called `{name}`"), suggestion(name, &known));
            if is_key { self.fault_at_key(path, words) } else { self.fault(path, words) }
        }
        None
    }
}

/// A sum without the noise of its last binary digits.
pub(super) fn tidy(sum: f64) -> String {
    let text = format!("{sum:.6}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
