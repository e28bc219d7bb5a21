//! When interventions change what: which version of the terms is in force in each week and area.
//!
//! An intervention's strength is 0 before it begins, rises over its ramp, and is 1 from then on until
//! it ends. Dates are no uncertain figures, so the strengths follow from the scenario alone; weeks and
//! areas in which all strengths are the same share a **version** of the terms. Changes take effect
//! week by week, with the strength of the week's middle.

use std::collections::BTreeMap;

use crate::scenario::{Draw, Intervention, Quantity, Scenario};

/// The versions of a scenario's terms, and when each is in force where.
pub(super) struct Timetable {
    areas: usize,
    /// For each version the strength of each intervention, from 0 to 1.
    strengths: Vec<Vec<f64>>,
    /// Index into `strengths` by week and area, week-major.
    versions: Vec<usize>,
}

impl Timetable {
    /// The timetable of a scenario. Version 0 is always the one without any intervention.
    pub fn new(scenario: &Scenario) -> Self {
        let areas = scenario.areas.len();
        let changing: Vec<&Intervention> =
            scenario.interventions.iter().filter(|intervention| !intervention.effects.is_empty()).collect();
        let mut strengths = vec![vec![0.0; changing.len()]];
        let mut known = BTreeMap::from([(bits(&strengths[0]), 0)]);
        let mut versions = Vec::with_capacity(scenario.total_weeks() as usize * areas);
        for week in 0..scenario.total_weeks() {
            let middle = f64::from(week) * 7.0 + 3.5;
            for area in 0..areas {
                let here: Vec<f64> =
                    changing.iter().map(|intervention| intervention.strength(area, middle)).collect();
                let version = *known.entry(bits(&here)).or_insert_with(|| {
                    strengths.push(here.clone());
                    strengths.len() - 1
                });
                versions.push(version);
            }
        }
        Self { areas, strengths, versions }
    }

    /// Of the versions of something, the one in force in each area in a week (from the run's first).
    pub fn in_force<'v, T>(&self, versions: &'v [T], week: usize) -> Vec<&'v T> {
        let areas = &self.versions[week * self.areas..(week + 1) * self.areas];
        areas.iter().map(|&version| &versions[version]).collect()
    }

    /// Whether there is more than one version.
    pub fn changes(&self) -> bool {
        self.strengths.len() > 1
    }

    /// What each version makes of a draw.
    pub fn draws<'d>(&'d self, scenario: &'d Scenario, draw: &'d Draw) -> impl Iterator<Item = Draw> + 'd {
        self.strengths.iter().map(move |strengths| {
            let mut changed = draw.clone();
            let effects = scenario.interventions.iter().filter(|it| !it.effects.is_empty()).zip(strengths);
            for (intervention, &strength) in effects.filter(|(_, strength)| **strength > 0.0) {
                for effect in &intervention.effects {
                    let Quantity(target) = effect.target;
                    let value = &mut changed.0[target as usize];
                    *value = effect.change.apply(*value, strength, draw);
                }
            }
            changed
        })
    }
}

fn bits(strengths: &[f64]) -> Vec<u64> {
    strengths.iter().map(|strength| strength.to_bits()).collect()
}
