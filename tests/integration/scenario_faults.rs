//! Faults of scenario files: each is found, at its line, in plain words, with what would be right.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use caseflow::scenario::{self, Basis, Scenario, load, load_text, load_text_with};
use proptest::prelude::*;

/// A small valid scenario. Each malformed one changes a piece of it.
const VALID: &str = r#"name = "small"
start = 2025-01-06
warm_up_weeks = 4
horizon_weeks = 26

[areas.north]
population = 10000
schools = "local"

[areas.south]
population = 8000
need = { value = 1.2, low = 1.0, high = 1.5, basis = "judgement", source = "the service manager" }

[school_calendars.local]
holidays = [{ name = "spring", from = 2025-04-07, to = 2025-04-21 }]

[sources.school]
rate_per_10k = 100
weekday = [1.3, 1.2, 1.2, 1.2, 1.2, 0.5, 0.4]
visibility = 0.25

[pathway]
entry = "contact"

[demand]
year_noise = { cv = 0.15, correlation = 0.5 }
children = { mean = 1.9, shape = 2.0, max = 8 }

[demand.shocks.storm]
multiplier = 0.5
from = 2025-02-03
to = 2025-02-10

[desks.front]
fte = 1

[teams.help]
fte = 4
points_per_fte = 12

[stages.contact]
desk = "front"
front_door = true
minutes = 30
next = { help = 0.4, closed = "rest" }

[stages.help]
team = "help"
hours_per_week = 2
duration = { distribution = "lognormal", mean = 100, cv = 0.6 }
next = { closed = 0.9, contact = 0.1 }

[stages.help.hazards.crisis]
rate_per_week = 0.005
to = "contact"

[ends.closed]
returns = { share = 0.2 }

[clocks.allocated]
starts = "enter:help"
stops = "start:help"
working_days = 10

[standards.allocation]
clock = "allocated"
required_share = 0.85
"#;

/// A change to the valid scenario, and the fault that it must give.
struct Case {
    /// What stands in the valid scenario (once).
    old: &'static str,
    /// What is written instead.
    new: &'static str,
    /// Text on the line where the fault must be told, after the change.
    at: &'static str,
    /// Part of the message.
    message: &'static str,
    /// Part of the help.
    help: &'static str,
}

const fn case(
    old: &'static str,
    new: &'static str,
    at: &'static str,
    message: &'static str,
    help: &'static str,
) -> Case {
    Case { old, new, at, message, help }
}

/// Each has one fault.
const MALFORMED: &[Case] = &[
    // Syntax.
    case(
        "name = \"small\"",
        "name = small",
        "name = small",
        "text has to stand in quotes",
        "name = \"North\"",
    ),
    case("fte = 1\n", "fte = 1\nfte = 2\n", "fte = 2", "already set above", "keep one"),
    case("[areas.north]", "[areas.north", "[areas.north", "heading is not closed", "[areas.north]"),
    case("horizon_weeks = 26", "horizon_weeks =", "horizon_weeks =", "value is missing", "key = value"),
    case("minutes = 30", "minutes = 030", "minutes = 030", "may not start with 0", "write 7"),
    // Form.
    case(
        "population = 10000",
        "populaton = 10000",
        "populaton",
        "no field called `populaton`",
        "`population`",
    ),
    case(
        "population = 10000",
        "population = \"many\"",
        "\"many\"",
        "a number belongs here, not \"many\"",
        "0.39",
    ),
    case("horizon_weeks = 26", "horizon_weeks = 26.5", "26.5", "a whole number belongs here", "12"),
    case(
        "front_door = true",
        "front_door = \"yes\"",
        "\"yes\"",
        "true or false belongs here",
        "without quotes",
    ),
    case("name = \"small\"", "name = 7", "name = 7", "text in quotes belongs here, not 7", "\"North\""),
    case(
        "start = 2025-01-06",
        "start = \"monday\"",
        "start = \"monday\"",
        "a date belongs here",
        "2020-09-01",
    ),
    case(
        "start = 2025-01-06",
        "start = 2025-01-06T09:00:00",
        "start =",
        "a date belongs here",
        "without a time",
    ),
    case(
        "basis = \"judgement\"",
        "basis = \"guess\"",
        "guess",
        "\"guess\" is not one of the words",
        "measured",
    ),
    case("holidays = [{", "holidays = 3 #", "holidays = 3", "a list belongs here", "square brackets"),
    case(
        "distribution = \"lognormal\"",
        "distribution = \"normal\"",
        "\"normal\"",
        "is not one of the words",
        "lognormal",
    ),
    case("closed = \"rest\"", "closed = \"remainder\"", "remainder", "a share belongs here", "rest"),
    case(
        "horizon_weeks = 26",
        "horizon_weeks = 26\nexperiment = 3",
        "experiment = 3",
        "a table belongs here, not 3",
        "",
    ),
    case("duration = {", "duration = \"long\" # {", "duration =", "a duration belongs here", "lognormal"),
    // Dates.
    case("start = 2025-01-06", "start = 2025-01-07", "start =", "is a Tuesday", "2025-01-06"),
    case("start = 2025-01-06\n", "", "name =", "`start` is missing", "a Monday"),
    case("horizon_weeks = 26", "horizon_weeks = 0", "horizon_weeks", "0 is out of range", "1 to 1043"),
    case("horizon_weeks = 26", "horizon_weeks = 2000", "horizon_weeks", "2000 is out of range", "1 to 1043"),
    case(
        "from = 2025-02-03",
        "from = 2025-02-11",
        "to = 2025-02-10",
        "ends before it begins",
        "later than `from`",
    ),
    case(
        "from = 2025-02-03\nto = 2025-02-10",
        "from = 2024-02-03\nto = 2024-02-10",
        "to = 2024",
        "outside the run",
        "2024-12-09",
    ),
    case(
        "from = 2025-02-03\nto = 2025-02-10",
        "from = 2026-02-03",
        "from = 2026",
        "outside the run",
        "2025-07-06",
    ),
    case("to = 2025-04-21", "to = 2025-04-01", "spring", "before it begins", "last day without school"),
    // Figures.
    case("visibility = 0.25", "visibility = 1.25", "visibility", "1.25 is out of range", "from 0 to 1"),
    case("population = 10000", "population = -5", "population = -5", "-5 is out of range", "0 or more"),
    case("population = 10000", "population = 2e9", "population = 2e9", "out of range", "10 million"),
    case("population = 10000", "population = nan", "population = nan", "NaN is not a number", "0 or more"),
    case("cv = 0.6", "cv = inf", "cv = inf", "inf is not a number", "coefficient of variation"),
    case("mean = 100", "mean = 0", "mean = 0", "0 is out of range for `mean`", "over 0"),
    case("low = 1.0, high = 1.5", "low = 1.3, high = 1.5", "low = 1.3", "not in order", "low ≤ value ≤ high"),
    case("low = 1.0, high = 1.5", "low = 1.0", "low = 1.0", "`low` but no `high`", "both, or neither"),
    case("value = 1.2, low", "low", "low = 1.0", "needs its `value`", "value = 0.39"),
    case(
        "help = 0.4",
        "help = { value = 0.4, low = 0.3, high = 1.2 }",
        "high = 1.2",
        "1.2 is out of range",
        "from 0 to 1",
    ),
    case(
        "visibility = 0.25",
        "visibility = { value = 0.25, low = 0.1, high = 0.4, shape = \"lognormal\" }",
        "visibility",
        "could come out over 1",
        "pert",
    ),
    case("fte = 4", "fte = -1", "fte = -1", "-1 is out of range", "0 or more"),
    case("fte = 4", "fte = 4\nfte_each = 1.5", "fte_each", "1.5 is out of range", "at most 1"),
    case("correlation = 0.5", "correlation = 1", "correlation", "1 is out of range", "under 1"),
    case("mean = 1.9, shape", "mean = 6.5, shape", "mean = 6.5", "cannot come from this shape", "under 5.45"),
    case(
        "1.3, 1.2, 1.2, 1.2, 1.2, 0.5, 0.4",
        "1.3, 1.2",
        "weekday",
        "7 days, and there are 2",
        "Monday first",
    ),
    case(
        "1.3, 1.2, 1.2, 1.2, 1.2, 0.5, 0.4",
        "0, 0, 0, 0, 0, 0, 0",
        "weekday",
        "weights are all 0",
        "over 0",
    ),
    case(
        "1.3, 1.2, 1.2, 1.2, 1.2, 0.5, 0.4",
        "1, 1, 1, 1, 1, -1, 1",
        "weekday",
        "-1 is out of range",
        "0 or more",
    ),
    // Shares.
    case(
        "closed = 0.9",
        "closed = 0.8",
        "closed = 0.8",
        "sum to 0.9, not to 1",
        "0.1 of families would vanish",
    ),
    case("closed = 0.9", "closed = 1.0", "closed = 1.0", "sum to 1.1, not to 1", "too much"),
    case("help = 0.4", "help = \"rest\"", "help = \"rest\"", "two shares that are \"rest\"", "one share"),
    case(
        "next = { closed = 0.9, contact = 0.1 }\n",
        "",
        "[stages.help]",
        "nothing says where families go",
        "next = {",
    ),
    case(
        "children = { mean = 1.9, shape = 2.0, max = 8 }",
        "children = { shares = [0.5, 0.4] }",
        "shares",
        "sum to 0.9",
        "0.1 too little",
    ),
    // Durations.
    case("cv = 0.6", "cv = 0.6, shape = 2", "shape = 2 }", "`shape` has no meaning", "`mean` and `cv`"),
    case(
        "distribution = \"lognormal\", mean = 100, cv = 0.6",
        "distribution = \"bands\", edges = [0, 30, 20], shares = [0.5, 0.5]",
        "edges",
        "20 does not lie above 30",
        "rise",
    ),
    case(
        "distribution = \"lognormal\", mean = 100, cv = 0.6",
        "distribution = \"bands\", edges = [0, 30], shares = [0.5, 0.5]",
        "edges",
        "2 edges make 1 bands, and there are 2",
        "one edge more",
    ),
    case(
        "distribution = \"lognormal\", mean = 100, cv = 0.6",
        "mean = 100",
        "mean = 100",
        "nothing says how this duration is distributed",
        "lognormal",
    ),
    case(
        "duration = { distribution = \"lognormal\", mean = 100, cv = 0.6 }\n",
        "",
        "[stages.help]",
        "how long the team holds",
        "duration =",
    ),
    case("minutes = 30\n", "", "[stages.contact]", "how many minutes", "[desks.front]"),
    // References.
    case("team = \"help\"", "team = \"halp\"", "team = \"halp\"", "no [teams.halp]", "`help`"),
    case("desk = \"front\"", "desk = \"back_office\"", "back_office", "no [desks.back_office]", "front"),
    case("closed = 0.9", "clsed = 0.9", "clsed", "no stage or end called `clsed`", "`closed`"),
    case("entry = \"contact\"", "entry = \"contct\"", "contct", "no [stages.contct]", "`contact`"),
    case("to = \"contact\"", "to = \"nowhere_at_all\"", "nowhere", "no stage or end called", "known are"),
    case(
        "schools = \"local\"",
        "schools = \"locl\"",
        "locl",
        "no school calendar called \"locl\"",
        "`local`",
    ),
    case("multiplier = 0.5", "multiplier = 0.5\nareas = [\"nrth\"]", "nrth", "no [areas.nrth]", "`north`"),
    case(
        "multiplier = 0.5",
        "multiplier = 0.5\nareas = [\"north\", \"north\"]",
        "\"north\", \"north\"",
        "named twice",
        "once",
    ),
    case("clock = \"allocated\"", "clock = \"alocated\"", "alocated", "no [clocks.alocated]", "`allocated`"),
    // The pathway as a whole.
    case(
        "[ends.closed]",
        "[stages.spare]\nnext = { closed = 1 }\n\n[ends.closed]",
        "[stages.spare]",
        "no family can get to this stage",
        "`next`",
    ),
    case(
        "[ends.closed]",
        "[stages.limbo]\nnext = { limbo = 1 }\nduration = 5\n\n[stages.help.hazards.drift]\nrate_per_week = 0.01\nto = \"limbo\"\n\n[ends.closed]",
        "next = { limbo",
        "can never leave",
        "to an end",
    ),
    case(
        "[ends.closed]",
        "[stages.spin]\nnext = { spin = 0.5, closed = 0.5 }\n\n[stages.help.hazards.drift]\nrate_per_week = 0.01\nto = \"spin\"\n\n[ends.closed]",
        "[stages.spin]",
        "without any time passing",
        "duration over 0",
    ),
    case("stops = \"start:help\"", "stops = \"start:halp\"", "start:halp", "no [stages.halp]", "`help`"),
    case("stops = \"start:help\"", "stops = \"begin:help\"", "begin:help", "not a moment", "enter:STAGE"),
    case(
        "stops = \"start:help\"",
        "stops = \"enter:help\"",
        "stops =",
        "stops at the moment it starts",
        "later",
    ),
    case(
        "stops = \"start:help\"",
        "stops = \"arrival\"",
        "stops =",
        "nothing can stop at the arrival",
        "first moment",
    ),
    case("working_days = 10", "working_days = 10\ndays = 14", "days = 14", "said twice", "not both"),
    // People.
    case(
        "fte = 4\n",
        "",
        "[teams.help]",
        "families wait for this team in north, south",
        "[areas.north.teams.help]",
    ),
    case("fte = 1\n", "fte = 0\n", "[desks.front]", "which has no people", "`fte`"),
    case(
        "fte = 1\n",
        "fte = 1\nfrom_hour = 17\n",
        "from_hour = 17",
        "before it begins at 17",
        "from_hour = 9",
    ),
    case(
        "points_per_fte = 12",
        "points_per_fte = 12\nserves = [\"north\"]",
        "team = \"help\"",
        "families of south get here",
        "`serves`",
    ),
    case("points_per_fte = 12", "points_per_fte = 0", "points_per_fte = 0", "0 is out of range", "no limit"),
    case("fte = 4", "fte = 4\nworkers = [{ fte = 2 }]", "fte = 4", "both `fte` and `workers`", "each group"),
    case(
        "desk = \"front\"",
        "desk = \"front\"\nteam = \"help\"",
        "team = \"help\"",
        "has desk and team",
        "one of",
    ),
    case(
        "front_door = true",
        "front_door = true\nreview = { first_days = 90 }",
        "review",
        "`review` has no meaning here",
        "`team`",
    ),
    case(
        "hours_per_week = 2",
        "hours_per_week = 2\nhours_total = 3",
        "hours_total",
        "said twice",
        "not both",
    ),
    // Published figures.
    case(
        "required_share = 0.85\n",
        "required_share = 0.85\n[published.asked]\nmeasure = \"referals\"\nvalue = 9\nsource = \"x\"\n",
        "referals",
        "nothing is measured under the name",
        "`referrals`",
    ),
    case(
        "required_share = 0.85\n",
        "required_share = 0.85\n[published.asked]\nmeasure = \"fte_in_post\"\nvalue = 9\nsource = \"x\"\n",
        "fte_in_post\"",
        "`fte_in_post` is not measured of the council",
        "`team`",
    ),
    case(
        "required_share = 0.85\n",
        "required_share = 0.85\n[published.asked]\nmeasure = \"referrals\"\nvalue = 9\nsource = \"x\"\nteam = \"help\"\n",
        "measure = \"referrals\"",
        "`referrals` is not measured of a team",
        "leave `team`",
    ),
    case(
        "required_share = 0.85\n",
        "required_share = 0.85\n[published.asked]\nmeasure = [\"open_families\", \"children_per_fte\"]\nvalue = 9\nsource = \"x\"\nteam = \"help\"\n",
        "children_per_fte",
        "cannot be added up",
        "fte_holding",
    ),
    case(
        "required_share = 0.85\n",
        "required_share = 0.85\n[published.asked]\nmeasure = [\"referrals\", \"open_families\"]\nvalue = 9\nsource = \"x\"\n",
        "open_families\"",
        "are not of one kind",
        "levels to levels",
    ),
    case(
        "required_share = 0.85\n",
        "required_share = 0.85\n[published.asked]\nmeasure = \"open_families\"\nvalue = 9\nsource = \"x\"\nper = \"year\"\n",
        "per = \"year\"",
        "a level or a share is not counted over a time",
        "level",
    ),
    case(
        "required_share = 0.85\n",
        "required_share = 0.85\n[published.asked]\nmeasure = \"referrals\"\nvalue = 9\nsource = \"x\"\nlow = 10\nhigh = 20\n",
        "low = 10",
        "are not in order",
        "low ≤ value ≤ high",
    ),
    case(
        "required_share = 0.85\n",
        "required_share = 0.85\n[published.asked]\nmeasure = \"referrals\"\nvalue = 9\nsource = \"x\"\non = 2024-05-01\nto = 2024-06-01\n",
        "on = 2024-05-01",
        "the time is said twice",
        "`from` and `to`",
    ),
    case(
        "required_share = 0.85\n",
        "required_share = 0.85\n[published.asked]\nmeasure = \"re_referrals\"\nvalue = 9\nsource = \"x\"\nover = \"referrals\"\ncounts = \"children\"\n",
        "counts",
        "a quotient is not turned",
        "counts children",
    ),
    case(
        "required_share = 0.85\n",
        "required_share = 0.85\n[published.asked]\nmeasure = \"open_families\"\nvalue = 9\nsource = \"x\"\nteam = \"helpers\"\n",
        "helpers",
        "there is no [teams.helpers]",
        "help",
    ),
    case(
        "required_share = 0.85\n",
        "required_share = 0.85\n[published.asked]\nmeasure = \"referrals\"\nvalue = 9\n",
        "[published.asked]",
        "a published figure needs its `source`",
        "say where",
    ),
    // Standards and the start.
    case(
        "clock = \"allocated\"",
        "measure = \"childen_per_fte\"\nteam = \"help\"\nat_most = 16",
        "childen_per_fte",
        "nothing is measured under the name",
        "`children_per_fte`",
    ),
    case(
        "clock = \"allocated\"",
        "measure = \"families_per_fte\"\nteam = \"help\"",
        "[standards.allocation]",
        "no threshold",
        "`at_most`",
    ),
    case("[ends.closed]", "[staffing]\nstep = 0\n[ends.closed]", "step", "0 is out of range", "such as 0.5"),
    case(
        "[ends.closed]",
        "[staffing]\nroles = [\"helpers\"]\n[ends.closed]",
        "helpers",
        "no team has the role",
        "did you mean `help`",
    ),
    case(
        "[ends.closed]",
        "[staffing.posts.help.nowhere]\nleast = 1\n[ends.closed]",
        "nowhere",
        "has no unit",
        "known are: north, south",
    ),
    case("required_share = 0.85\n", "", "[standards.allocation]", "`required_share` is missing", "0.85"),
    case("required_share = 0.85", "required_share = 85", "required_share", "85 is out of range", "at most 1"),
    case(
        "[ends.closed]",
        "[initial.north]\nhelp = 10\n\n[ends.closed]",
        "warm_up_weeks",
        "both are given",
        "warm_up_weeks = 0",
    ),
    case(
        "warm_up_weeks = 4\n",
        "initial.north.contact = 10\n",
        "initial.north.contact",
        "at a desk cannot be given",
        "desks start empty",
    ),
    case(
        "warm_up_weeks = 4\n",
        "initial.north.help = -1\n",
        "initial.north.help",
        "-1 is out of range",
        "from 0",
    ),
    // People as they are.
    case(
        "points_per_fte = 12",
        "points_per_fte = 12\nworkforce = { leave_days = 400 }",
        "workforce = { leave_days = 400 }",
        "400 is out of range for `leave_days`",
        "working days a year",
    ),
    case(
        "points_per_fte = 12",
        "points_per_fte = 12\nworkforce = { ramp_weeks = -1 }",
        "workforce = { ramp_weeks = -1 }",
        "-1 is out of range for `ramp_weeks`",
        "weeks: 0 or more",
    ),
    case(
        "points_per_fte = 12",
        "points_per_fte = 12\nworkforce = { vacant_share = 1.2 }",
        "workforce = { vacant_share = 1.2 }",
        "1.2 is out of range for `vacant_share`",
        "from 0 to 1",
    ),
    case(
        "points_per_fte = 12",
        "points_per_fte = 12\nworkforce = { case_holding_share = 0 }",
        "workforce = { case_holding_share = 0 }",
        "0 is out of range for `case_holding_share`",
        "over 0",
    ),
    case(
        "points_per_fte = 12",
        "points_per_fte = 12\nworkforce = { sickness_long_days = 0 }",
        "workforce = { sickness_long_days = 0 }",
        "0 is out of range for `sickness_long_days`",
        "over 0",
    ),
    case(
        "points_per_fte = 12",
        "points_per_fte = 12\nworkforce = { leavers = -0.1 }",
        "workforce = { leavers = -0.1 }",
        "-0.1 is out of range for `leavers`",
        "11.8 in a hundred",
    ),
    case(
        "points_per_fte = 12",
        "points_per_fte = 12\nworkforce = { sickness_elasticity = -1 }",
        "workforce = { sickness_elasticity = -1 }",
        "-1 is out of range",
        "0 turns it off",
    ),
    case(
        "points_per_fte = 12",
        "points_per_fte = 12\nworkforce = { agency_productivity = 0 }",
        "workforce = { agency_productivity = 0 }",
        "0 is out of range",
        "permanent worker",
    ),
    case(
        "points_per_fte = 12",
        "points_per_fte = 12\nworkforce = { takeover_hours = -4 }",
        "workforce = { takeover_hours = -4 }",
        "-4 is out of range",
        "hours: 0 or more",
    ),
    case(
        "points_per_fte = 12",
        "points_per_fte = 12\nworkforce = { cover = 2 }",
        "workforce = { cover = 2 }",
        "2 is out of range for `cover`",
        "from 0 to 1",
    ),
    case(
        "points_per_fte = 12",
        "points_per_fte = 12\nworkforce = { time_to_hire = 0 }",
        "workforce = { time_to_hire = 0 }",
        "filling a vacancy takes some time",
        "leavers = 0",
    ),
    case(
        "points_per_fte = 12",
        "points_per_fte = 12\nworkforce = { time_to_hire = { mean = 3 } }",
        "workforce = { time_to_hire = { mean = 3 } }",
        "nothing says how this duration is distributed",
        "lognormal",
    ),
    case(
        "points_per_fte = 12",
        "points_per_fte = 12\nworkforce = { time_to_hire = { distribution = \"exponential\", mean = -3 } }",
        "workforce = { time_to_hire = { distribution = \"exponential\", mean = -3 } }",
        "-3 is out of range for `mean`",
        "over 0",
    ),
    case(
        "points_per_fte = 12",
        "points_per_fte = 12\nworkforce = { managers = { span = 0 } }",
        "workforce = { managers = { span = 0 } }",
        "0 is out of range for `span`",
        "for each manager",
    ),
    case(
        "points_per_fte = 12",
        "points_per_fte = 12\nworkforce = { managers = { deputy = 1 } }",
        "workforce = { managers = { deputy = 1 } }",
        "true or false belongs here, not 1",
        "without quotes",
    ),
    case(
        "points_per_fte = 12",
        "points_per_fte = 12\nworkforce = { leaving = 0.1 }",
        "workforce = { leaving = 0.1 }",
        "no field called `leaving`",
        "leav",
    ),
    case(
        "points_per_fte = 12",
        "points_per_fte = 12\nworkforce = true",
        "workforce = true",
        "a table belongs here, not true",
        "",
    ),
    case(
        "points_per_fte = 12",
        "points_per_fte = 12\npresent_share = 0.8\nworkforce = {}",
        "present_share",
        "both `present_share` and `workforce` say who is away",
        "without = [\"teams.help.present_share\"]",
    ),
    case("fte = 1\n", "fte = 1\nworkforce = {}\n", "workforce", "no field called `workforce`", ""),
    case(
        "points_per_fte = 12",
        "points_per_fte = 12\nproductivity = 0",
        "productivity = 0",
        "0 is out of range for `productivity`",
        "factor over 0",
    ),
    case(
        "points_per_fte = 12",
        "points_per_fte = 12\nfloating = { fte = 1, areas = [\"west\"] }",
        "floating = { fte = 1, areas = [\"west\"] }",
        "no [areas.west]",
        "",
    ),
    case(
        "points_per_fte = 12",
        "points_per_fte = 12\nfloating = { areas = [\"north\"] }",
        "floating = { areas = [\"north\"] }",
        "`fte` is missing",
        "full-time equivalents",
    ),
    case(
        "points_per_fte = 12",
        "points_per_fte = 12\nfloating = { fte = 1, areas = [] }",
        "floating = { fte = 1, areas = [] }",
        "the list is empty",
        "leave the line out",
    ),
    case(
        "points_per_fte = 12",
        "points_per_fte = 12\nserves = \"all_areas\"\nfloating = { fte = 1 }",
        "floating",
        "this team is one unit",
        "serves = \"each_area\"",
    ),
    case(
        "population = 10000",
        "population = 10000\nteams.help = { productivity = -1 }",
        "productivity",
        "-1 is out of range",
        "1 changes nothing",
    ),
    // Interventions.
    case(
        "[teams.help]\n",
        "[interventions.x]\nname = \"Nothing\"\n[teams.help]\n",
        "[interventions.x]",
        "changes nothing",
        "effects",
    ),
    case(
        "[teams.help]\n",
        "[interventions.x]\neffects.e = { parameters = [\"sources.school.visibility\"] }\n[teams.help]\n",
        "effects.e",
        "either `multiply` or `replace`",
        "multiply = 0.9",
    ),
    case(
        "[teams.help]\n",
        "[interventions.x]\neffects.e = { multiply = 0.9 }\n[teams.help]\n",
        "effects.e",
        "names the figures",
        "assumptions.csv",
    ),
    case(
        "[teams.help]\n",
        "[interventions.x]\neffects.e = { parameters = [\"sources.school.visibilty\"], multiply = 0.9 }\n[teams.help]\n",
        "\"sources.school.visibilty\"",
        "no figure `sources.school.visibilty`",
        "sources.school.visibility",
    ),
    case(
        "[teams.help]\n",
        "[interventions.x]\neffects.e = { parameters = [\"sources.school.visibility\"], multiply = 5 }\n[teams.help]\n",
        "\"sources.school.visibility\"",
        "could become 1.25",
        "a share lies from 0 to 1",
    ),
    case(
        "[teams.help]\n",
        "[interventions.x]\neffects.e = { parameters = [\"sources.school.visibility\"], replace = -0.1 }\n[teams.help]\n",
        "\"sources.school.visibility\"",
        "could become -0.1",
        "a share",
    ),
    case(
        "[teams.help]\n",
        "[interventions.x]\neffects.e = { parameters = [\"sources.school.visibility\"], multiply = -1 }\n[teams.help]\n",
        "multiply = -1",
        "-1 is out of range",
        "a factor",
    ),
    case(
        "[teams.help]\n",
        "[interventions.x]\neffects.a = { parameters = [\"sources.school.visibility\"], multiply = 2.5 }\neffects.b = { parameters = [\"sources.*.visibility\"], multiply = 2 }\n[teams.help]\n",
        "\"sources.*.visibility\"",
        "could become 1.25",
        "",
    ),
    case(
        "[teams.help]\n",
        "[interventions.x]\neffects.e = { parameters = [\"teams.help.fte\"], multiply = 2 }\n[teams.help]\n",
        "\"teams.help.fte\"",
        "cannot change at a date",
        "posts come and go",
    ),
    case(
        "[teams.help]\n",
        "[interventions.x]\neffects.e = { parameters = [\"demand.trend_per_year\"], replace = 0.1 }\n[teams.help]\n",
        "\"demand.trend_per_year\"",
        "cannot change at a date",
        "use a shock",
    ),
    case(
        "[teams.help]\n",
        "[interventions.x]\nareas = [\"south\"]\neffects.e = { parameters = [\"areas.north.population\"], multiply = 2 }\n[teams.help]\n",
        "\"areas.north.population\"",
        "does not reach",
        "add \"north\"",
    ),
    case(
        "[teams.help]\n",
        "[interventions.x]\nposts.helpers = { add = 1 }\n[teams.help]\n",
        "posts.helpers",
        "no [teams.helpers]",
        "help",
    ),
    case(
        "[teams.help]\n",
        "[interventions.x]\nposts.help = { }\n[teams.help]\n",
        "posts.help",
        "`add` is missing",
        "full-time",
    ),
    case(
        "[teams.help]\n",
        "[interventions.x]\nposts.front = { add = -1 }\n[teams.help]\n",
        "add = -1",
        "do not go this way",
        "a last day",
    ),
    case(
        "[teams.help]\n",
        "[interventions.x]\nposts.front = { add = 1, recruited = true }\n[teams.help]\n",
        "recruited",
        "there from the first day",
        "",
    ),
    case(
        "[teams.help]\n",
        "[interventions.x]\nareas = [\"north\"]\nposts.front = { add = 1 }\n[teams.help]\n",
        "posts.front",
        "shared by areas",
        "an intervention of its own",
    ),
    case(
        "[teams.help]\n",
        "[interventions.x]\nmoves.m = { team = \"help\", from = \"north\", to = \"south\" }\n[teams.help]\n",
        "moves.m",
        "`fte` is missing",
        "over 0",
    ),
    case(
        "[teams.help]\n",
        "[interventions.x]\nmoves.m = { team = \"help\", from = \"north\", to = \"north\", fte = 1 }\n[teams.help]\n",
        "moves.m",
        "posts move to where they are",
        "two areas",
    ),
    case(
        "[teams.help]\n",
        "[interventions.x]\nmoves.m = { team = \"help\", from = \"north\", fte = 1 }\n[teams.help]\n",
        "moves.m",
        "`to` is missing",
        "from where to where",
    ),
    case(
        "[teams.help]\n",
        "[interventions.x]\nwaves = [{ from = 2025-02-03, areas = [\"north\"] }, { from = 2025-03-03, areas = [\"north\"] }]\nposts.help = { add = 1 }\n[teams.help]\n",
        "areas = [\"north\"] }]",
        "in an earlier wave already",
        "joins once",
    ),
    case(
        "[teams.help]\n",
        "[interventions.x]\nwaves = [{ areas = [\"north\"] }]\nposts.help = { add = 1 }\n[teams.help]\n",
        "{ areas = [\"north\"] }",
        "`from` is missing",
        "first day",
    ),
    case(
        "[teams.help]\n",
        "[interventions.x]\nfrom  = 2025-02-03\nwaves = [{ from = 2025-02-03, areas = [\"north\"] }]\nposts.help = { add = 1 }\n[teams.help]\n",
        "from  =",
        "both `waves` and `from`",
        "each wave",
    ),
    case(
        "[teams.help]\n",
        "[interventions.x]\nfrom = 2026-02-03\nposts.help = { add = 1 }\n[teams.help]\n",
        "from = 2026-02-03",
        "wholly outside the run",
        "",
    ),
    case(
        "[teams.help]\n",
        "[interventions.x]\nposts.help = { add = 1 }\ndip = { share = 0.1 }\n[teams.help]\n",
        "dip",
        "`weeks` is missing",
        "",
    ),
    case(
        "[teams.help]\n",
        "[interventions.x]\nposts.help = { add = 1 }\ndip = { share = 1.5, weeks = 4 }\n[teams.help]\n",
        "share = 1.5",
        "1.5 is out of range",
        "",
    ),
    case(
        "[teams.help]\n",
        "[interventions.x]\ncosts = { one_off = -5 }\n[teams.help]\n",
        "one_off = -5",
        "-5 is out of range",
        "pounds",
    ),
    case(
        "[teams.help]\n",
        "[interventions.x]\nposts.help = { add = 1 }\nramp_weeks = -1\n[teams.help]\n",
        "ramp_weeks = -1",
        "-1 is out of range",
        "weeks",
    ),
    case(
        "[teams.help]\n",
        "[interventions.x]\nposts.help = { ad = 1 }\n[teams.help]\n",
        "ad = 1",
        "no field called `ad`",
        "add",
    ),
    // What one team does at another's stage.
    case(
        "hours_per_week = 2\n",
        "hours_per_week = 2\noverlap_days = 5\n",
        "overlap_days = 5",
        "this stage has no `level`",
        "lower level is a step down",
    ),
    case(
        "hours_per_week = 2\n",
        "hours_per_week = 2\nlevel = 0\noverlap_days = 5\n",
        "overlap_days = 5",
        "this stage has no `level`",
        "lower level is a step down",
    ),
    case(
        "hours_per_week = 2\n",
        "hours_per_week = 2\nopen_contacts = -1\n",
        "open_contacts = -1",
        "-1 is out of range",
        "family and week",
    ),
    case(
        "hours_per_week = 2\n",
        "hours_per_week = 2\nopen_contacts = 1\nopen_contact_hours = -1\n",
        "open_contact_hours",
        "-1 is out of range for `open_contact_hours`",
        "hours: 0 or more",
    ),
    case(
        "hours_per_week = 2\n",
        "hours_per_week = 2\nsupport = { team = \"time\", hours_per_child = 3 }\n",
        "support = { team = \"time\", hours_per_child = 3 }",
        "no [teams.time]",
        "help",
    ),
    case(
        "hours_per_week = 2\n",
        "hours_per_week = 2\nsupport = { hours_per_child = 3 }\n",
        "support = { hours_per_child = 3 }",
        "`team` is missing",
        "pooled",
    ),
    case(
        "hours_per_week = 2\n",
        "hours_per_week = 2\nsupport = { team = \"help\", hours_per_child = 3 }\n",
        "support = { team = \"help\", hours_per_child = 3 }",
        "`help` holds families itself, in [stages.help]",
        "holds no stage",
    ),
    case(
        "hours_per_week = 2\n",
        "hours_per_week = 2\noversight = { team = \"help\", hours = 0.3 }\n",
        "oversight = { team = \"help\", hours = 0.3 }",
        "it cannot oversee it as well",
        "name another team",
    ),
    case(
        "hours_per_week = 2\n",
        "hours_per_week = 2\noversight = { hours = 0.3 }\n",
        "oversight = { hours = 0.3 }",
        "`team` is missing",
        "oversees",
    ),
    case(
        "minutes = 30",
        "minutes = 30\noverlap_days = 5",
        "overlap_days",
        "`overlap_days` has no meaning here",
        "held by a `team`",
    ),
    case(
        "minutes = 30",
        "minutes = 30\nopen_contacts = 1",
        "open_contacts",
        "`open_contacts` has no meaning here",
        "held by a `team`",
    ),
    case(
        "minutes = 30",
        "minutes = 30\nsupport = { team = \"help\", hours_per_child = 3 }",
        "support",
        "`support` has no meaning here",
        "held by a `team`",
    ),
    case(
        "minutes = 30",
        "minutes = 30\noversight = { team = \"help\", hours = 1 }",
        "oversight",
        "`oversight` has no meaning here",
        "held by a `team`",
    ),
    case(
        "[stages.help]\nteam = \"help\"\n",
        "[teams.time]\nfte = 2\n[stages.help]\nteam = \"help\"\nsupport = { team = \"time\" }\n",
        "support",
        "`hours_per_child` is missing",
        "hours a week",
    ),
    case(
        "[stages.help]\nteam = \"help\"\n",
        "[teams.time]\nfte = 2\n[stages.help]\nteam = \"help\"\nsupport = { team = \"time\", hours_per_child = 3, spill_share = 2 }\n",
        "support",
        "2 is out of range for `spill_share`",
        "from 0 to 1",
    ),
    case(
        "[stages.help]\nteam = \"help\"\n",
        "[teams.time]\n[stages.help]\nteam = \"help\"\nsupport = { team = \"time\", hours_per_child = 3 }\n",
        "[teams.time]",
        "other teams count on this team in north, south",
        "give `fte`",
    ),
    case(
        "[stages.help]\nteam = \"help\"\n",
        "[teams.time]\nfte = 2\nserves = [\"north\"]\n[stages.help]\nteam = \"help\"\nsupport = { team = \"time\", hours_per_child = 3 }\n",
        "support",
        "families of south get here, but `time` does not serve them",
        "serves",
    ),
    case(
        "[stages.help]\nteam = \"help\"\n",
        "[teams.lead]\nfte = 2\n[stages.help]\nteam = \"help\"\noversight = { team = \"lead\" }\n",
        "oversight",
        "`hours` is missing",
        "hours a week",
    ),
    case(
        "[stages.help]\nteam = \"help\"\n",
        "[teams.lead]\nfte = 0\n[stages.help]\nteam = \"help\"\noversight = { team = \"lead\", hours = 0.3 }\n",
        "[teams.lead]",
        "other teams count on this team in north, south",
        "give `fte`",
    ),
    case(
        "[stages.help]\nteam = \"help\"\n",
        "[teams.lead]\nfte = 2\nserves = [\"south\"]\n[stages.help]\nteam = \"help\"\noversight = { team = \"lead\", hours = 0.3 }\n",
        "oversight",
        "families of north get here, but `lead` does not serve them",
        "serves",
    ),
    case(
        "[stages.help]\nteam = \"help\"\n",
        "[teams.lead]\nfte = 2\n[stages.help]\nteam = \"help\"\nsupport = { team = \"lead\", hours_per_child = 3 }\noversight = { team = \"lead\", hours = 0.3 }\n",
        "oversight",
        "gives its pooled hours to `support`",
        "another team",
    ),
    // Who leads.
    case(
        "name = \"small\"",
        "name = \"small\"\nlead_practitioner = \"nobody\"",
        "nobody",
        "is not one of the words",
        "family_help",
    ),
    case(
        "hours_per_week = 2\n",
        "hours_per_week = 2\nfamily_help = { tem = \"help\" }\n",
        "family_help = { tem = \"help\" }",
        "no field called `tem`",
        "team",
    ),
    case(
        "hours_per_week = 2\n",
        "hours_per_week = 2\nfamily_help = \"help\"\n",
        "family_help = \"help\"",
        "a table belongs here",
        "",
    ),
    case(
        "hours_per_week = 2\n",
        "hours_per_week = 2\nfamily_help = { family_help = { priority = 3 } }\n",
        "family_help = { family_help = { priority = 3 } }",
        "an overlay has no overlay",
        "[stages.help.family_help]",
    ),
    // Names.
    case("name = \"small\"", "name = \"../small\"", "../small", "cannot name a folder", "a-z"),
    case("[areas.north]", "[areas.\"North West\"]", "North West", "cannot be an id", "a-z"),
    case("[ends.closed]", "[ends.help]\n\n[ends.closed]", "[ends.help]", "also a [stages.help]", "rename"),
];

fn line_of(text: &str, part: &str) -> usize {
    let at = text.find(part).unwrap_or_else(|| panic!("`{part}` is not in the text"));
    text[..at].matches('\n').count() + 1
}

#[test]
fn the_valid_scenario_is_valid() {
    let scenario = load_text("small.toml", VALID).unwrap_or_else(|faults| panic!("{faults}"));
    assert_eq!(scenario.name, "small");
    assert!(scenario.notes.is_empty(), "{:?}", scenario.notes);
}

#[test]
fn every_malformed_scenario_has_one_fault_at_its_line_in_plain_words() {
    let mut wrong = String::new();
    for case in MALFORMED {
        assert_eq!(
            VALID.matches(case.old).count(),
            1,
            "`{}` must stand once in the valid scenario",
            case.old
        );
        let text = VALID.replace(case.old, case.new);
        let Err(faults) = load_text("small.toml", &text) else {
            writeln!(wrong, "`{}` was accepted", case.new).unwrap();
            continue;
        };
        let told = faults.list();
        let fault = &told[0];
        let right = told.len() == 1
            && fault.file == "small.toml"
            && fault.line == line_of(&text, case.at)
            && fault.message.contains(case.message)
            && fault.help.contains(case.help);
        if !right {
            writeln!(wrong, "`{}` (line {}) gave\n{faults}", case.new, line_of(&text, case.at)).unwrap();
        }
        // Rendering shows the file, the message and the help.
        let rendered = faults.render(false);
        let shown = rendered.replace(['│', '\n', ' '], "").contains(&fault.message.replace(' ', ""));
        assert!(rendered.contains("small.toml") && shown, "{rendered}");
    }
    assert!(wrong.is_empty(), "{wrong}");
}

fn folder_with(files: &[(&str, &str)]) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        fs::write(folder.path().join(name), text).unwrap();
    }
    let first = folder.path().join(files[0].0);
    (folder, first)
}

fn load_layers(files: &[(&str, &str)], overrides: &[(&str, &str)]) -> Result<Scenario, scenario::Faults> {
    let (_folder, path) = folder_with(files);
    let overrides: Vec<_> =
        overrides.iter().map(|(path, value)| ((*path).to_owned(), (*value).to_owned())).collect();
    load(&path, &overrides)
}

fn figure(scenario: &Scenario, path: &str) -> f64 {
    parameter(scenario, path).value
}

fn parameter<'s>(scenario: &'s Scenario, path: &str) -> &'s scenario::Parameter {
    let found = scenario.parameters.iter().find(|parameter| parameter.path == path);
    found.unwrap_or_else(|| panic!("no parameter {path}"))
}

#[test]
fn many_faults_in_two_layers_are_all_told_at_their_lines() {
    let base = VALID
        .replace("visibility = 0.25", "visibility = 7")
        .replace("cv = 0.6", "cv = \"wide\"")
        .replace("points_per_fte = 12", "points_per_ftes = 12");
    let top = "extends = \"base.toml\"\nname = \"top\"\n\n[areas.south]\nneed = -1\n\n[areas.east]\n\n[stages.contact.next]\nhelp = 1.4\n\n[stages.help]\nteam = \"halp\"\n";
    let faults =
        load_layers(&[("top.toml", top), ("base.toml", &base)], &[("areas.north.population", "lots")])
            .unwrap_err();
    let told: Vec<(String, usize, String)> = faults
        .list()
        .iter()
        .map(|fault| {
            let file = Path::new(&fault.file).file_name().unwrap().to_string_lossy().into_owned();
            (file, fault.line, fault.path.clone())
        })
        .collect();
    let expected = [
        ("--set", 1, "areas.north.population"),
        ("base.toml", line_of(&base, "visibility = 7"), "sources.school.visibility"),
        ("base.toml", line_of(&base, "points_per_ftes"), "teams.help.points_per_ftes"),
        ("base.toml", line_of(&base, "cv = \"wide\""), "stages.help.duration.cv"),
        ("top.toml", 5, "areas.south.need"),
        ("top.toml", 7, "areas.east.population"),
        ("top.toml", 9, "stages.contact.next"),
        ("top.toml", 10, "stages.contact.next.help"),
        ("top.toml", 13, "stages.help.team"),
    ];
    for (file, line, path) in expected {
        assert!(
            told.contains(&(file.to_owned(), line, path.to_owned())),
            "{file}:{line} {path} in\n{told:#?}"
        );
    }
    assert_eq!(told.len(), expected.len(), "{told:#?}");
}

#[test]
fn an_overlay_changes_only_what_it_names() {
    let top = "extends = \"base.toml\"\n[areas.south]\nneed = { high = 1.6 }\n[teams.help]\nfte = 5.5\n[stages.help.next]\nclosed = 0.7\ncontact = 0.3\n";
    let scenario = load_layers(&[("top.toml", top), ("base.toml", VALID)], &[]).unwrap();
    // The name of the layer below is not handed on; the file's name stands in.
    assert_eq!(scenario.name, "top");
    let need = parameter(&scenario, "areas.south.need");
    assert_eq!((need.value, need.low, need.high), (1.2, Some(1.0), Some(1.6)));
    assert_eq!(need.basis, Some(Basis::Judgement));
    assert_eq!(figure(&scenario, "teams.help.fte"), 5.5);
    assert_eq!(figure(&scenario, "teams.help.points_per_fte"), 12.0);
    assert_eq!(figure(&scenario, "stages.help.next.closed"), 0.7);
}

#[test]
fn a_plain_number_or_a_new_value_replaces_a_described_number_whole() {
    for new in ["1.4", "{ value = 1.4 }"] {
        let top = format!("extends = \"base.toml\"\nareas.south.need = {new}\n");
        let scenario = load_layers(&[("top.toml", &top), ("base.toml", VALID)], &[]).unwrap();
        let need = parameter(&scenario, "areas.south.need");
        assert_eq!((need.value, need.low, need.basis, need.source.as_str()), (1.4, None, None, ""), "{new}");
    }
}

#[test]
fn an_alternative_replaces_what_it_is_an_alternative_to() {
    let top = "extends = \"base.toml\"\n[clocks.allocated]\ndays = 14\n[stages.help]\nhours_total = 30\n";
    let scenario = load_layers(&[("top.toml", top), ("base.toml", VALID)], &[]).unwrap();
    assert!(!scenario.clocks[0].working_days);
    assert_eq!(figure(&scenario, "stages.help.hours_total"), 30.0);
}

#[test]
fn without_takes_away_and_overrides_come_last() {
    let top = "extends = \"base.toml\"\nwithout = [\"areas.south\", \"standards\"]\n[teams.help]\nfte = 5\n";
    let files = [("top.toml", top), ("base.toml", VALID)];
    let scenario =
        load_layers(&files, &[("teams.help.fte", "6"), ("title", "Six workers"), ("start", "2025-01-13")])
            .unwrap();
    assert_eq!(scenario.areas.len(), 1);
    assert!(scenario.standards.is_empty());
    assert_eq!(figure(&scenario, "teams.help.fte"), 6.0);
    assert_eq!(scenario.title, "Six workers");
    assert_eq!(scenario.start.to_string(), "2025-01-13");
}

#[test]
fn layers_that_cannot_be_read_are_clear_faults() {
    let fault = |files: &[(&str, &str)]| load_layers(files, &[]).unwrap_err().list()[0].clone();
    let circle = fault(&[("a.toml", "extends = \"b.toml\""), ("b.toml", "\nextends = \"a.toml\"")]);
    assert!(
        circle.message.contains("extends itself") && circle.line == 2 && circle.file.ends_with("b.toml"),
        "{circle}"
    );
    let missing = fault(&[("a.toml", "name = \"a\"\nextends = \"b.toml\"")]);
    assert!(missing.message.contains("there is no file") && missing.line == 2, "{missing}");
    let unknown = fault(&[("a.toml", "extends = \"englnd\"")]);
    assert!(unknown.help.contains("england"), "{unknown}");
    let away = fault(&[("a.toml", "extends = \"b.toml\"\nwithout = [\"areas.nroth\"]"), ("b.toml", VALID)]);
    assert!(away.help.contains("`north`") && away.line == 2, "{away}");
    let alone = fault(&[("a.toml", "without = [\"areas.nroth\"]")]);
    assert!(alone.message.contains("extends none"), "{alone}");
    let gone = load(Path::new("no/such/scenario.toml"), &[]).unwrap_err();
    assert!(gone.to_string().contains("there is no file no/such/scenario.toml"), "{gone}");
    let folder = tempfile::tempdir().unwrap();
    assert!(load(folder.path(), &[]).unwrap_err().to_string().contains("is a folder"));
    let path = folder.path().join("latin.toml");
    fs::write(&path, b"name = \"a\"\ntitle = \"caf\xe9\"\n").unwrap();
    let latin = load(&path, &[]).unwrap_err().to_string();
    assert!(latin.contains("not UTF-8") && latin.contains("line 2"), "{latin}");
}

#[test]
fn overrides_that_cannot_be_are_faults_of_their_own() {
    let fault = |path: &str, value: &str| {
        load_text_with("small.toml", VALID, &[(path.to_owned(), value.to_owned())]).unwrap_err().list()[0]
            .clone()
    };
    for (path, value, message) in [
        ("areas.nroth.need", "1", "no `nroth` in [areas]"),
        ("areas..need", "1", "not a path"),
        ("extends", "england", "cannot be set here"),
        ("areas.north.need", "[1", "is not a value"),
        ("areas.north.needs", "1", "no field called `needs`"),
        ("areas.north.need", "high", "a number belongs here"),
        ("school_calendars.local.holidays.9.name", "x", "is a list"),
    ] {
        let fault = fault(path, value);
        assert_eq!(fault.file, "--set");
        assert!(fault.message.contains(message), "{path}={value}: {fault}");
    }
    let set = [("school_calendars.local.holidays.0.name".to_owned(), "Easter".to_owned())];
    let scenario = load_text_with("small.toml", VALID, &set).unwrap();
    assert!(scenario.areas[0].schools.breaks.iter().any(|item| item.name == "Easter"));
}

#[test]
fn editors_marks_and_line_ends_make_no_difference() {
    let windows = format!("\u{feff}{}", VALID.replace('\n', "\r\n"));
    let scenario = load_text("small.toml", &windows).unwrap();
    assert_eq!(scenario.hash, load_text("small.toml", VALID).unwrap().hash);
    let faulty = windows.replace("visibility = 0.25", "visibility = 7");
    assert_eq!(load_text("small.toml", &faulty).unwrap_err().list()[0].line, line_of(VALID, "visibility"));
}

#[test]
fn the_hash_follows_the_content_and_not_its_order_or_layers() {
    let hash = |text: &str| load_text("small.toml", text).unwrap().hash;
    let moved = VALID.replace("[desks.front]\nfte = 1\n\n", "") + "\n[desks.front]\nfte = 1.0 # a comment\n";
    assert_eq!(hash(VALID), hash(&moved));
    assert_ne!(hash(VALID), hash(&VALID.replace("fte = 4", "fte = 5")));
    let layered =
        load_layers(&[("a.toml", "extends = \"b.toml\"\nname = \"small\""), ("b.toml", VALID)], &[]).unwrap();
    assert_eq!(hash(VALID), layered.hash);
}

#[test]
fn the_register_holds_every_figure_once_sorted_by_path() {
    let scenario = load_text("small.toml", VALID).unwrap();
    let paths: Vec<&str> = scenario.parameters.iter().map(|parameter| parameter.path.as_str()).collect();
    let mut sorted = paths.clone();
    sorted.sort_unstable();
    sorted.dedup();
    assert_eq!(paths, sorted);
    // Plain figures have no basis; figures that the program supplies say so.
    assert_eq!(parameter(&scenario, "areas.north.population").basis, None);
    let usual = parameter(&scenario, "teams.help.hours_per_week");
    assert_eq!(
        (usual.value, usual.basis, usual.source.as_str()),
        (37.0, Some(Basis::Judgement), "caseflow default")
    );
    // Quantities point at their own figure.
    let draw = scenario.central_draw();
    assert_eq!(draw[scenario.areas[1].population], 8000.0);
    assert_eq!(draw[scenario.stages[0].points], 0.0);
    assert_eq!(draw[scenario.units[0].workers[0].fte], 4.0);
    assert_eq!(scenario.units.len(), 2);
}

#[test]
fn an_empty_workforce_takes_the_defaults() {
    let text = VALID.replace("points_per_fte = 12", "points_per_fte = 12\nworkforce = { managers = {} }");
    let scenario = load_text("small.toml", &text).unwrap();
    for (key, usual) in [
        ("case_holding_share", 1.0),
        ("vacant_share", 0.0),
        ("leave_days", 30.0),
        ("leave_holiday_weight", 2.25),
        ("training_days", 5.0),
        ("sickness_spells", 1.3),
        ("sickness_short_share", 0.9),
        ("sickness_short_days", 4.0),
        ("sickness_long_days", 80.0),
        ("sickness_elasticity", 0.26),
        ("leavers", 0.118),
        ("leaving_elasticity", 0.33),
        ("time_to_hire.mean", 21.0),
        ("time_to_hire.shape", 4.0),
        ("agency_share", 0.6),
        ("agency_delay_days", 28.0),
        ("agency_productivity", 0.9),
        ("ramp_weeks", 10.0),
        ("ramp_from", 0.5),
        ("newly_qualified_share", 0.0),
        ("newly_qualified_weeks", 52.0),
        ("newly_qualified_limit", 0.7),
        ("newly_qualified_hours", 0.9),
        ("takeover_hours", 4.0),
        ("cover", 0.3),
        ("managers.span", 6.0),
        ("managers.deputy_hours_share", 0.5),
    ] {
        let figure = parameter(&scenario, &format!("teams.help.workforce.{key}"));
        assert_eq!((figure.value, figure.source.as_str()), (usual, "caseflow default"), "{key}");
        assert_eq!(figure.basis, Some(Basis::Judgement));
    }
    let workforce = scenario.teams[0].workforce.as_ref().unwrap();
    let draw = scenario.central_draw();
    // Each field holds its own figure.
    assert_eq!((draw[workforce.ramp_weeks], draw[workforce.newly_qualified_limit]), (10.0, 0.7));
    assert_eq!((draw[workforce.cover], draw[workforce.leave_holiday_weight]), (0.3, 2.25));
    assert!(!workforce.managers.as_ref().unwrap().deputy);
    assert!(matches!(workforce.time_to_hire, scenario::Duration::Scaled(7.0, _)));
    assert!(!scenario.parameters.iter().any(|figure| figure.path == "teams.help.present_share"));
    assert!(load_text("small.toml", VALID).unwrap().teams[0].workforce.is_none());
}

#[test]
fn a_workforce_takes_the_place_of_a_present_share_below() {
    let base = VALID.replace("points_per_fte = 12", "points_per_fte = 12\npresent_share = 0.8");
    let top = "extends = \"base.toml\"\nwithout = [\"teams.help.present_share\"]\n[teams.help.workforce]\nleavers = 0.2\n";
    let scenario = load_layers(&[("top.toml", top), ("base.toml", &base)], &[]).unwrap();
    let workforce = scenario.teams[0].workforce.as_ref().unwrap();
    assert_eq!(scenario.central_draw()[workforce.leavers], 0.2);
}

#[test]
fn floating_staff_are_a_unit_that_serves_no_area_and_helps_others() {
    let floats = |floating: &str| {
        let team = format!("points_per_fte = 12\nfloating = {{ fte = 3, fte_each = 0.5, {floating} }}");
        let text = VALID.replace("points_per_fte = 12", &team);
        load_text(
            "small.toml",
            &text.replace("population = 10000", "population = 10000\nteams.help.productivity = 0.9"),
        )
    };
    let scenario = floats("experience = 0.8").unwrap();
    let draw = scenario.central_draw();
    let unit = &scenario.units[2];
    assert_eq!(
        (unit.id.as_str(), unit.areas.as_slice(), unit.helps.as_slice()),
        ("floating", &[][..], &[0, 1][..])
    );
    assert_eq!((draw[unit.workers[0].fte], unit.workers[0].fte_each), (3.0, 0.5));
    assert_eq!(draw[unit.workers[0].experience], 0.8);
    assert!(scenario.units[..2].iter().all(|unit| unit.helps.is_empty()));
    let productivity: Vec<f64> = scenario.units.iter().map(|unit| draw[unit.productivity]).collect();
    assert_eq!(productivity, [0.9, 1.0, 1.0]);
    assert_eq!(figure(&scenario, "areas.north.teams.help.productivity"), 0.9);
    assert_eq!(floats("areas = [\"south\"]").unwrap().units[2].helps, [1]);
    // A unit without workers of its own is served by those who float, but only where they help.
    let alone = |areas: &str| {
        let text = VALID.replace("fte = 4\n", &format!("floating = {{ fte = 3, areas = {areas} }}\n"));
        load_text("small.toml", &text)
    };
    assert_eq!(alone("[\"north\", \"south\"]").unwrap().units.len(), 3);
    let faults = alone("[\"north\"]").unwrap_err();
    assert!(faults.list()[0].message.contains("in south, where it has no workers"), "{faults}");
}

#[test]
fn an_area_cannot_share_its_name_with_floating_staff() {
    let text = VALID
        .replace("[areas.south]", "[areas.floating]")
        .replace("points_per_fte = 12", "points_per_fte = 12\nfloating = { fte = 1 }");
    let faults = load_text("small.toml", &text).unwrap_err();
    assert_eq!(faults.list().len(), 1, "{faults}");
    assert!(faults.list()[0].message.contains("an area is called `floating`"), "{faults}");
}

/// The valid scenario with two more teams, all that one team can do for another, and two ways to lead.
fn with_others() -> String {
    VALID.replace(
        "[stages.help]\nteam = \"help\"\n",
        r#"[teams.time]
fte = 0

[teams.lead]
fte = 2

[stages.help.family_help]
team = "lead"
hours_total = 30
oversight = { team = "help", hours = 0.4 }

[stages.help]
team = "help"
level = 2
overlap_days = 14
open_contacts = 0.1
support = { team = "time", hours_per_child = 3 }
oversight = { team = "lead", hours = 0.3 }
"#,
    )
}

#[test]
fn what_teams_do_for_others_is_read() {
    let scenario = load_text("small.toml", &with_others()).unwrap();
    assert!(scenario.notes.is_empty(), "{:?}", scenario.notes);
    let draw = scenario.central_draw();
    let stage = &scenario.stages[1];
    // Teams are sorted: help, lead, time.
    let support = stage.support.unwrap();
    assert_eq!((support.team, draw[support.hours_per_child], draw[support.spill_share]), (2, 3.0, 1.0));
    let oversight = stage.oversight.unwrap();
    assert_eq!((oversight.team, draw[oversight.hours]), (1, 0.3));
    assert_eq!((draw[stage.overlap_days], draw[stage.open_contacts]), (14.0, 0.1));
    assert_eq!(draw[stage.open_contact_hours], 0.5);
    assert_eq!(stage.holder.team(), Some(0));
}

#[test]
fn family_help_is_laid_on_the_stage_after_all_layers() {
    let set = |pairs: &[(&str, &str)]| {
        let pairs: Vec<_> =
            pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        load_text_with("small.toml", &with_others(), &pairs)
    };
    let led = set(&[("lead_practitioner", "family_help")]).unwrap();
    let stage = &led.stages[1];
    assert_eq!((stage.holder.team(), stage.oversight.unwrap().team), (Some(1), 0));
    // What the overlay does not name stays; an alternative takes the other's place.
    assert_eq!((stage.level, led.central_draw()[stage.overlap_days]), (2, 14.0));
    assert!(matches!(stage.work, scenario::Work::Total(hours) if led.central_draw()[hours] == 30.0));
    // It wins over the stage's own keys, and is changed by its own.
    let own = set(&[("lead_practitioner", "family_help"), ("stages.help.hours_per_week", "9")]).unwrap();
    assert_eq!(figure(&own, "stages.help.hours_total"), 30.0);
    let changed =
        set(&[("lead_practitioner", "family_help"), ("stages.help.family_help.hours_total", "31")]).unwrap();
    assert_eq!(figure(&changed, "stages.help.hours_total"), 31.0);
    // Where it is not used it changes nothing.
    let classic = set(&[("lead_practitioner", "classic")]).unwrap();
    assert_eq!(classic.stages[1].holder.team(), Some(0));
    assert!(set(&[("stages.help.family_help.hours_total", "-1")]).is_ok());
}

#[test]
fn faults_of_family_help_point_into_its_table() {
    for (wrong, message) in [("hours_total = -30", "out of range"), ("hours_totals = 30", "no field")] {
        let text = with_others()
            .replace("hours_total = 30", wrong)
            .replace("name = \"small\"", "name = \"small\"\nlead_practitioner = \"family_help\"");
        let faults = load_text("small.toml", &text).unwrap_err();
        let fault = &faults.list()[0];
        assert_eq!((faults.list().len(), fault.line), (1, line_of(&text, wrong)), "{faults}");
        assert!(fault.message.contains(message), "{faults}");
    }
}

#[test]
fn a_scenario_led_by_family_help_is_read_back_from_its_effective_text() {
    let text = "lead_practitioner = \"family_help\"\n".to_owned() + &with_others();
    let (_folder, path) = folder_with(&[("small.toml", &text)]);
    let first = load(&path, &[]).unwrap();
    let again = load_text("small.toml", &scenario::effective(&path, &[]).unwrap()).unwrap();
    assert_eq!((&first.hash, &first.parameters), (&again.hash, &again.parameters));
}

#[test]
fn a_draw_belongs_to_the_parameters_name() {
    use caseflow::random::StreamKey;
    let key = StreamKey::master(1).child(3);
    let one = load_text("small.toml", VALID).unwrap();
    let more = VALID.replace("visibility = 0.25", "visibility = { value = 0.25, low = 0.1, high = 0.4 }");
    let two = load_text("small.toml", &more).unwrap();
    let need = |scenario: &Scenario| scenario.draw(key)[scenario.areas[1].need];
    assert_eq!(need(&one), need(&two));
    assert!(need(&one) != 1.2 && (1.0..=1.5).contains(&need(&one)));
    assert_ne!(two.draw(key), two.draw(StreamKey::master(1).child(4)));
    assert_eq!(two.draw(key)[two.areas[0].population], 10_000.0);
}

#[test]
fn the_committed_schema_is_the_one_the_program_prints() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/schema.json");
    let committed = fs::read_to_string(&path).unwrap();
    let printed = serde_json::to_string_pretty(&scenario::schema()).unwrap() + "\n";
    assert!(committed == printed, "write it anew: cargo run -- schema > scenarios/schema.json");
}

/// Every property name in a schema, wherever it stands.
fn fields(schema: &serde_json::Value, found: &mut Vec<String>) {
    if let Some(object) = schema.as_object() {
        if let Some(properties) = object.get("properties").and_then(|properties| properties.as_object()) {
            found.extend(properties.keys().cloned());
        }
        object.values().for_each(|value| fields(value, found));
    } else if let Some(items) = schema.as_array() {
        items.iter().for_each(|item| fields(item, found));
    }
}

#[test]
fn the_reference_mentions_every_field() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/scenario-format.md");
    let reference = fs::read_to_string(path).unwrap();
    let mut all = Vec::new();
    fields(&scenario::schema(), &mut all);
    assert!(all.len() > 100);
    let missing: Vec<_> = all.iter().filter(|field| !reference.contains(&format!("`{field}`"))).collect();
    assert!(missing.is_empty(), "docs/scenario-format.md does not mention {missing:?}");
}

/// Money for the small scenario.
const MONEY: &str = r#"
[pay.help]
salary = 36000
agency_premium = 0.4

[pay.help.grades.senior]
salary = 42000

[funders.council]

[pots.base]
funder = "council"

[pots.grant]
funder = "council"
amount_per_year = 50000
order = 1
roles = ["help"]
areas = ["north"]
purposes = ["posts"]
from = 2025-01-06
to = 2025-07-01

[placements.help]
per_child_week = 10

[programmes.scheme]
one_off = 500
from = 2025-02-03
"#;

/// Each has one fault, in the tables about money.
const MONEY_MALFORMED: &[Case] = &[
    case("salary = 36000\n", "", "[pay.help]", "`salary` is missing", "pounds a year"),
    case(
        "[pay.help]\n",
        "[pay.helpers]\nsalary = 1\n[pay.help]\n",
        "[pay.helpers]",
        "no team and no desk has the role `helpers`",
        "did you mean `help`?",
    ),
    case("salary = 36000", "salary = -1", "salary = -1", "-1 is out of range for `salary`", "over 0"),
    case("premium = 0.4", "premium = -0.1", "-0.1", "out of range for `agency_premium`", "0 or more"),
    case("amount_per_year = 50000", "amount_per_year = -5", "-5", "out of range", "pounds: 0 or more"),
    case("one_off = 500", "one_off = -5", "one_off = -5", "out of range", "pounds: 0 or more"),
    case("per_child_week = 10", "per_child_week = -1", "= -1", "out of range", "pounds a week"),
    case("per_child_week = 10\n", "", "[placements.help]", "`per_child_week` is missing", "pounds a week"),
    case(
        "[pots.base]\nfunder = \"council\"",
        "[pots.base]\nfunder = \"councli\"",
        "councli",
        "there is no [funders.councli]",
        "did you mean `council`?",
    ),
    case(
        "[pots.base]\nfunder = \"council\"",
        "[pots.base]",
        "[pots.base]",
        "`funder` is missing",
        "whose money",
    ),
    case(
        "roles = [\"help\"]",
        "roles = [\"halp\"]",
        "halp",
        "nobody in this scenario has the role",
        "`help`",
    ),
    case("roles = [\"help\"]", "roles = []", "roles = []", "the list is empty", "leave the line out"),
    case("areas = [\"north\"]", "areas = [\"nord\"]", "nord", "there is no [areas.nord]", "`north`"),
    case("[\"posts\"]", "[\"post\"]", "post", "\"post\" is not one of the words", "\"posts\""),
    case("[\"posts\"]", "[]", "purposes = []", "the list is empty", "leave the line out"),
    case(
        "[\"posts\"]",
        "[\"agency\"]",
        "[pots.grant]",
        "nothing can be spent from this pot",
        "widen `roles`, `areas` or `purposes`",
    ),
    case(
        "to = 2025-07-01",
        "to = 2025-01-06",
        "to = 2025-01-06",
        "ends before it begins",
        "later than `from`",
    ),
    case(
        "from = 2025-01-06\nto = 2025-07-01",
        "to = 2025-01-06",
        "to = 2025-01-06",
        "ends before the first reported day",
        "later than start",
    ),
    case(
        "one_off = 500\n",
        "",
        "[programmes.scheme]",
        "this programme costs nothing",
        "`one_off`, `per_year`",
    ),
    case(
        "one_off = 500\nfrom = 2025-02-03",
        "one_off = 500\nfrom = 2030-02-03",
        "from = 2030",
        "wholly outside the run",
        "lasts from",
    ),
    case(
        "[placements.help]",
        "[placements.halp]",
        "[placements.halp]",
        "there is no [stages.halp]",
        "`help`",
    ),
    case(
        "[funders.council]",
        "[funders.all]\n[funders.council]",
        "[funders.all]",
        "a meaning of its own",
        "another id",
    ),
    case("order = 1", "order = 1.5", "1.5", "a whole number belongs here", "12"),
];

/// What `caseflow fund` needs, beside [`MONEY`].
const FUNDING: &str = r#"
[pots.kind]
funder = "council"
posts = 1.5
withdrawal = 0.1
roles = ["help"]

[funding]
objective = "waiting"
total_per_year = 150000
roles = ["help"]
floor = 0.8
blend = { equal = 0.4, simulated_need = 0.6 }
splits.agreed = { north = 1.0 }
"#;

/// Each has one fault, in the tables about sharing money out.
const FUNDING_MALFORMED: &[Case] = &[
    case("posts = 1.5", "posts = -1", "posts = -1", "out of range for `posts`", "full-time equivalents"),
    case(
        "posts = 1.5",
        "posts = 1.5\namount_per_year = 5",
        "posts = 1.5",
        "the pot has money and posts in kind",
        "not both",
    ),
    case(
        "withdrawal = 0.1\nroles = [\"help\"]",
        "withdrawal = 0.1",
        "posts = 1.5",
        "nothing says what a post in kind is worth",
        "name one role",
    ),
    case("withdrawal = 0.1", "withdrawal = 1.1", "1.1", "out of range for `withdrawal`", "share"),
    case("\"waiting\"", "\"wating\"", "wating", "is not one of the words", "\"waiting\""),
    case(
        "total_per_year = 150000",
        "total_per_year = 0",
        "= 0",
        "out of range for `total_per_year`",
        "over 0",
    ),
    case(
        "150000\nroles = [\"help\"]",
        "150000\nroles = [\"halp\"]",
        "halp",
        "no team has the role \"halp\"",
        "`help`",
    ),
    case("150000\nroles = [\"help\"]", "150000\nroles = []", "roles = []", "the list is empty", "[staffing]"),
    case("floor = 0.8", "floor = 1.8", "1.8", "out of range for `floor`", "share"),
    case("simulated_need = 0.6", "simulated_need = 0.5", "blend", "the shares sum to 0.9", "sum to 1"),
    case(
        "simulated_need = 0.6",
        "simulated_ned = 0.6",
        "simulated_ned",
        "there is no formula",
        "simulated_need",
    ),
    case(
        "simulated_need = 0.6",
        "free_school_meals = 0.6",
        "free_school_meals",
        "not every area says how many children are eligible",
        "free_school_meals",
    ),
    case("{ north = 1.0 }", "{ north = 0.7 }", "agreed", "the shares sum to 0.7", "sum to 1"),
    case("{ north = 1.0 }", "{ nord = 1.0 }", "nord", "there is no [areas.nord]", "`north`"),
    case(
        "splits.agreed",
        "splits.equal",
        "splits.equal",
        "\"equal\" cannot name a split",
        "a name of its own",
    ),
];

#[test]
fn each_malformed_table_of_money_gets_its_message_at_its_line() {
    told_at_their_lines(&format!("{VALID}{MONEY}"), MONEY_MALFORMED);
}

#[test]
fn each_malformed_table_of_sharing_out_gets_its_message_at_its_line() {
    told_at_their_lines(&format!("{VALID}{MONEY}{FUNDING}"), FUNDING_MALFORMED);
}

/// Every case's fault is told alone, at its line, with its help.
fn told_at_their_lines(good: &str, malformed: &[Case]) {
    load_text("small.toml", good).unwrap_or_else(|faults| panic!("{}", faults.render(false)));
    let mut wrong = String::new();
    for case in malformed {
        assert_eq!(good.matches(case.old).count(), 1, "`{}` must stand once", case.old);
        let text = good.replace(case.old, case.new);
        let Err(faults) = load_text("small.toml", &text) else {
            writeln!(wrong, "`{}` was accepted", case.new).unwrap();
            continue;
        };
        let told = faults.list();
        let line = text.lines().nth(told[0].line - 1).unwrap_or_default();
        let right = told.len() == 1
            && line.contains(case.at)
            && told[0].message.contains(case.message)
            && told[0].help.contains(case.help);
        if !right {
            writeln!(wrong, "`{}` gave\n{faults}", case.new).unwrap();
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn a_grade_that_the_role_has_not_is_a_fault() {
    let text = |grade: &str| {
        let workers = format!("workers = [{{ fte = 4, grade = \"{grade}\" }}]\npoints_per_fte = 12");
        format!("{VALID}{MONEY}").replace("fte = 4\npoints_per_fte = 12", &workers)
    };
    let scenario = load_text("small.toml", &text("senior")).unwrap();
    assert_eq!(scenario.units[0].workers[0].grade.as_deref(), Some("senior"));
    let faults = load_text("small.toml", &text("junior")).expect_err("no such grade");
    assert_eq!(faults.list().len(), 1);
    assert!(faults.list()[0].message.contains("[pay.help.grades.junior]"));
    assert!(faults.list()[0].help.contains("senior"));
}

#[test]
fn what_costs_nothing_and_who_pays_nothing_is_remarked_on() {
    let notes = |text: &str| load_text("small.toml", text).unwrap().notes.join("\n");
    let all = format!("{VALID}{MONEY}");
    assert!(notes(&all).contains("no pay is given for desk front"), "{}", notes(&all));
    assert!(!notes(&all).contains("help"));
    let more = notes(&all.replace(
        "[funders.council]",
        "[funders.council]\n[funders.police]\n[pay.team_manager]\nsalary = 50000",
    ));
    assert!(
        more.contains("funders.police has no pot") && more.contains("[pay.team_manager] pays nobody"),
        "{more}"
    );
    let no_pay = all
        .replace("[pay.help]", "[programmes.other]")
        .replace("salary = 36000\nagency_premium = 0.4", "per_year = 1");
    let no_pay = no_pay.replace("[pay.help.grades.senior]\nsalary = 42000\n", "");
    assert!(notes(&no_pay).contains("there is no [pay]"), "{}", notes(&no_pay));
    assert!(notes(VALID).is_empty());
}

/// Pieces that a slip of the hand may put anywhere.
const PIECES: [&str; 24] = [
    "=",
    "\"",
    "[",
    "]",
    "{",
    "}",
    ",",
    ".",
    "\n",
    "#",
    "-1",
    "1e308",
    "nan",
    "inf",
    "true",
    "\"rest\"",
    "0",
    "''",
    "9223372036854775807",
    "2025-02-30",
    "é",
    "\u{0}",
    "[stages.help]",
    "{ value = 2, low = 1, high = 3 }",
];

fn mutate(text: &str, changes: &[(usize, usize, usize)]) -> String {
    let mut tokens: Vec<&str> = text.split_inclusive([' ', '\n', ',', '.', '=']).collect();
    for (kind, at, piece) in changes {
        if tokens.is_empty() {
            break;
        }
        let at = at % tokens.len();
        match kind % 4 {
            0 => {
                tokens.remove(at);
            }
            1 => tokens.insert(at, tokens[at]),
            2 => tokens[at] = PIECES[piece % PIECES.len()],
            _ => {
                let other = piece % tokens.len();
                tokens.swap(at, other);
            }
        }
    }
    tokens.concat()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn mangled_scenarios_never_panic(changes in prop::collection::vec((0usize..4, 0usize..10_000, 0usize..10_000), 1..6)) {
        if let Err(faults) = load_text("small.toml", &mutate(VALID, &changes)) {
            prop_assert!(!faults.list().is_empty());
            prop_assert!(!faults.render(true).is_empty());
        }
    }

    #[test]
    fn random_bytes_never_panic(text in "\\PC{0,200}", at in 0usize..VALID.len()) {
        let mixed = format!("{}{text}{}", &VALID[..at], &VALID[at..]);
        for text in [text, mixed] {
            if let Err(faults) = load_text("small.toml", &text) {
                prop_assert!(!faults.render(false).is_empty());
            }
        }
    }

    #[test]
    fn any_value_anywhere_is_accepted_or_explained(line in 0usize..70, value in prop_oneof![
        any::<f64>().prop_map(|number| format!("{number:?}")),
        any::<i64>().prop_map(|number| number.to_string()),
        Just("[]".to_owned()), Just("{}".to_owned()), Just("\"\"".to_owned()), Just("[[1]]".to_owned()),
        Just("{ value = 0, low = 0, high = 0 }".to_owned()),
    ]) {
        let lines: Vec<&str> = VALID.lines().collect();
        let line = line % lines.len();
        if let Some((key, _)) = lines[line].split_once(" = ") {
            let changed = format!("{key} = {value}");
            let text: Vec<&str> =
                lines.iter().enumerate().map(|(at, old)| if at == line { changed.as_str() } else { *old }).collect();
            match load_text("small.toml", &text.join("\n")) {
                Ok(scenario) => prop_assert!(scenario.central_draw().0.iter().all(|value| value.is_finite())),
                Err(faults) => prop_assert!(!faults.render(false).is_empty()),
            }
        }
    }
}
