//! Localities, made of wards.
//!
//! Consumes an authority's wards and the way in which they are to be put together; produces areas with
//! their share of the children and their need. Invariants: every ward is in exactly one area; the shares of
//! children sum to 1; need weighted by children has mean 1.

use super::tables::Ward;

/// Wards together in one area have at least this many children when the program groups them.
const FEWEST_CHILDREN: f64 = 300.0;
/// Children for whom one area is made when nobody says how many areas there are.
const CHILDREN_AN_AREA: f64 = 12_000.0;
/// Most areas made when nobody says how many.
const MOST_AREAS: usize = 8;
/// Half of the range put around an area's need: nothing published says how closely need follows poverty.
pub const NEED_RANGE: f64 = 0.2;

/// How wards are put together.
#[derive(Clone, Debug, PartialEq)]
pub enum Grouping {
    /// The districts of a county; elsewhere wards alike in deprivation.
    Usual,
    /// So many areas of about equal numbers of children, of wards alike in deprivation.
    Number(usize),
    /// Each ward by itself.
    Wards,
    /// As a council says: area by ward name or code.
    Given(Vec<(String, String)>),
}

/// A locality.
#[derive(Clone, Debug, PartialEq)]
pub struct Area {
    /// Name for readers.
    pub name: String,
    /// The wards in it, by name.
    pub wards: Vec<String>,
    /// Its share of the authority's children.
    pub share: f64,
    /// Need for each child, relative to the authority's mean.
    pub need: f64,
    /// Share of children aged 0-15 in income-deprived households.
    pub deprived: f64,
    /// Whether neighbourhoods with suppressed counts make `deprived` too low.
    pub suppressed: bool,
    /// How the wards came together.
    pub how: String,
}

/// Puts wards together.
///
/// # Errors
/// If a given grouping leaves wards out or names unknown ones; each fault in words.
pub fn group(wards: &[&Ward], grouping: &Grouping) -> Result<Vec<Area>, Vec<String>> {
    let districts = {
        let mut names: Vec<&str> = wards.iter().map(|ward| ward.district.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        names
    };
    let groups = match grouping {
        Grouping::Wards => one_each(wards),
        Grouping::Given(pairs) => given(wards, pairs)?,
        Grouping::Number(number) => alike(wards, *number),
        Grouping::Usual if districts.len() > 1 => districts
            .iter()
            .map(|district| Group {
                name: (*district).to_owned(),
                wards: wards.iter().copied().filter(|ward| ward.district == *district).collect(),
                how: format!("the wards of {district}"),
            })
            .collect(),
        Grouping::Usual => {
            let children: f64 = wards.iter().map(|ward| ward.children).sum();
            alike(wards, ((children / CHILDREN_AN_AREA).round() as usize).clamp(1, MOST_AREAS))
        }
    };
    Ok(weighed(groups))
}

struct Group<'a> {
    name: String,
    wards: Vec<&'a Ward>,
    how: String,
}

fn one_each<'a>(wards: &[&'a Ward]) -> Vec<Group<'a>> {
    let name = |ward: &Ward| {
        let alike = wards.iter().filter(|other| other.name == ward.name).count();
        if alike > 1 { format!("{}, {}", ward.name, ward.district) } else { ward.name.clone() }
    };
    let group = |ward: &&'a Ward| Group { name: name(ward), wards: vec![*ward], how: "one ward".to_owned() };
    wards.iter().map(group).collect()
}

/// Wards in order of deprivation, cut where the children before reach each equal part.
fn alike<'a>(wards: &[&'a Ward], number: usize) -> Vec<Group<'a>> {
    let mut ordered: Vec<&Ward> = wards.to_vec();
    ordered.sort_by(|a, b| deprived(&[b]).total_cmp(&deprived(&[a])).then(a.code.cmp(&b.code)));
    let total: f64 = ordered.iter().map(|ward| ward.children).sum();
    let number = number.clamp(1, ordered.len());
    let mut groups: Vec<Group> = Vec::new();
    let mut before = 0.0;
    let mut open: Vec<&Ward> = Vec::new();
    for (index, ward) in ordered.iter().enumerate() {
        open.push(ward);
        before += ward.children;
        let made = groups.len() + 1;
        let left = ordered.len() - index - 1;
        let due = before >= total * made as f64 / number as f64 || left < number - made + 1;
        let enough = open.iter().map(|ward| ward.children).sum::<f64>() >= FEWEST_CHILDREN.min(total);
        if made < number && due && (enough || left < number - made + 1) {
            groups.push(Group { name: String::new(), wards: std::mem::take(&mut open), how: String::new() });
        }
    }
    groups.push(Group { name: String::new(), wards: open, how: String::new() });
    let count = groups.len();
    for (index, group) in groups.iter_mut().enumerate() {
        group.name = match (count, index) {
            (1, _) => "Whole authority".to_owned(),
            (_, 0) => format!("Area {}, most deprived", index + 1),
            (_, last) if last + 1 == count => format!("Area {}, least deprived", index + 1),
            _ => format!("Area {}", index + 1),
        };
        group.how = "wards alike in deprivation, not neighbours: give a grouping of your own".to_owned();
    }
    groups
}

fn given<'a>(wards: &[&'a Ward], pairs: &[(String, String)]) -> Result<Vec<Group<'a>>, Vec<String>> {
    let plain = |text: &str| text.trim().to_lowercase();
    let mut faults = Vec::new();
    let mut groups: Vec<Group> = Vec::new();
    let mut placed = vec![0_usize; wards.len()];
    for (ward, area) in pairs {
        let wanted = plain(ward);
        let found = wards.iter().position(|own| plain(&own.code) == wanted || plain(&own.name) == wanted);
        let Some(index) = found else {
            faults.push(format!("\"{ward}\" is no ward of this authority (2024 names and codes)"));
            continue;
        };
        placed[index] += 1;
        match groups.iter_mut().find(|group| group.name == area.trim()) {
            Some(group) => group.wards.push(wards[index]),
            None => groups.push(Group {
                name: area.trim().to_owned(),
                wards: vec![wards[index]],
                how: "the grouping file".to_owned(),
            }),
        }
    }
    for (ward, times) in wards.iter().zip(&placed) {
        match times {
            0 => faults.push(format!("{} ({}) is in no area", ward.name, ward.code)),
            1 => {}
            _ => faults.push(format!("{} ({}) is in {times} areas", ward.name, ward.code)),
        }
    }
    if faults.is_empty() { Ok(groups) } else { Err(faults) }
}

fn weighed(groups: Vec<Group>) -> Vec<Area> {
    let children = |wards: &[&Ward]| wards.iter().map(|ward| ward.children).sum::<f64>();
    let total: f64 = groups.iter().map(|group| children(&group.wards)).sum();
    let mean = {
        let all: f64 = groups.iter().map(|group| deprived(&group.wards) * children(&group.wards)).sum();
        all / total
    };
    let area = |group: Group| {
        let own = deprived(&group.wards);
        Area {
            share: children(&group.wards) / total,
            // Where nobody is counted as deprived (the smallest places), need is taken to be even.
            need: if mean > 0.0 { (own / mean).clamp(0.2, 4.0) } else { 1.0 },
            deprived: own,
            suppressed: group.wards.iter().any(|ward| ward.suppressed > 0),
            wards: group.wards.iter().map(|ward| ward.name.clone()).collect(),
            name: group.name,
            how: group.how,
        }
    };
    let mut areas: Vec<Area> =
        groups.into_iter().filter(|group| children(&group.wards) > 0.0).map(area).collect();
    let weighted: f64 = areas.iter().map(|area| area.need * area.share).sum();
    for area in &mut areas {
        area.need /= weighted;
    }
    areas
}

/// Share of children aged 0-15 in income-deprived households.
fn deprived(wards: &[&Ward]) -> f64 {
    let children: f64 = wards.iter().map(|ward| ward.children_0_15).sum();
    let deprived: f64 = wards.iter().map(|ward| ward.income_deprived).sum();
    if children > 0.0 { (deprived / children).min(1.0) } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ward(name: &str, children: f64, deprived: f64) -> Ward {
        Ward {
            code: name.to_uppercase(),
            name: name.to_owned(),
            district: "Here".to_owned(),
            children,
            children_0_15: children,
            income_deprived: deprived * children,
            suppressed: 0,
        }
    }

    #[test]
    fn every_ward_is_in_one_area_and_need_has_mean_one() {
        let wards: Vec<Ward> =
            (0..13).map(|n| ward(&format!("w{n}"), 500.0 + 100.0 * n as f64, 0.05 * n as f64)).collect();
        let wards: Vec<&Ward> = wards.iter().collect();
        for grouping in
            [Grouping::Usual, Grouping::Wards, Grouping::Number(1), Grouping::Number(4), Grouping::Number(99)]
        {
            let areas = group(&wards, &grouping).expect("groups");
            assert_eq!(areas.iter().map(|area| area.wards.len()).sum::<usize>(), 13, "{grouping:?}");
            let shares: f64 = areas.iter().map(|area| area.share).sum();
            let need: f64 = areas.iter().map(|area| area.share * area.need).sum();
            assert!((shares - 1.0).abs() < 1e-12 && (need - 1.0).abs() < 1e-12, "{grouping:?}");
        }
        let four = group(&wards, &Grouping::Number(4)).expect("groups");
        assert_eq!(four.len(), 4);
        assert!(four.windows(2).all(|pair| pair[0].need > pair[1].need), "the most deprived first");
    }

    #[test]
    fn a_given_grouping_must_be_complete_and_says_all_that_is_wrong() {
        let (a, b) = (ward("a", 100.0, 0.5), ward("b", 300.0, 0.1));
        let wards = [&a, &b];
        let pair = |ward: &str, area: &str| (ward.to_owned(), area.to_owned());
        let faults = group(&wards, &Grouping::Given(vec![pair("a", "x"), pair("c", "x"), pair("A", "y")]));
        assert_eq!(faults.expect_err("three faults").len(), 3);
        let areas = group(&wards, &Grouping::Given(vec![pair("A", "x"), pair("b", "y")])).expect("whole");
        assert_eq!(areas[0].need / areas[1].need, 5.0);
    }
}
