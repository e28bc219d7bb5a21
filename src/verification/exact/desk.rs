//! A desk whose arrivals and people change by date: M(t)/M/s(t), by Kolmogorov's forward equations.
//!
//! Nobody is interrupted: when people leave at a date those with a task in hand finish it first, and
//! nobody starts another while as many as are left are busy. The state is therefore the pair of
//! tasks in hand and tasks waiting; it is integrated by the classical Runge-Kutta method, apart from
//! the steps of the staff, which move probability at once.

/// A desk with dated people and arrivals, empty at the start of day 0.
#[derive(Clone, Debug, PartialEq)]
pub struct DatedDesk {
    /// Arrivals a day, for each day.
    pub arrivals: Vec<f64>,
    /// People present throughout each day.
    pub staff: Vec<usize>,
    /// Mean of the exponential service, days.
    pub service: f64,
    /// Most tasks waiting that are followed; what would come beyond is left out.
    pub cap: usize,
}

/// Means over one week.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct DeskWeek {
    /// Mean number waiting, averaged over the week.
    pub queue: f64,
    /// Mean number in hand, averaged over the week.
    pub busy: f64,
}

/// Probabilities of each pair of tasks in hand and tasks waiting.
struct Grid {
    waiting: usize,
    mass: Vec<f64>,
}

impl DatedDesk {
    /// Means week by week.
    pub fn weeks(&self) -> Vec<DeskWeek> {
        let most = self.staff.iter().copied().max().unwrap_or(0);
        let mut grid = Grid {
            waiting: self.cap + 1,
            mass: vec![0.0; (most + 1) * (self.cap + 1)],
        };
        grid.mass[0] = 1.0;
        let mut weeks = vec![DeskWeek::default(); self.arrivals.len() / 7];
        for (day, (&rate, &staff)) in self.arrivals.iter().zip(&self.staff).enumerate() {
            grid.take_up(staff);
            let (queue, busy) = self.advance_a_day(&mut grid, rate, staff);
            if let Some(week) = weeks.get_mut(day / 7) {
                week.queue += queue / 7.0;
                week.busy += busy / 7.0;
            }
        }
        weeks
    }

    /// Integrates one day; gives the day's mean numbers waiting and in hand (Simpson's rule over
    /// pairs of steps).
    fn advance_a_day(&self, grid: &mut Grid, rate: f64, staff: usize) -> (f64, f64) {
        let fastest = rate + (grid.mass.len() / grid.waiting) as f64 / self.service;
        let steps = 2 * (fastest * 2.5).ceil().max(1.0) as usize;
        let width = 1.0 / steps as f64;
        let (mut queue, mut busy) = (0.0, 0.0);
        for step in 0..=steps {
            let weight = match step {
                0 => 1.0,
                last if last == steps => 1.0,
                odd if odd % 2 == 1 => 4.0,
                _ => 2.0,
            };
            let (waiting, in_hand) = grid.means();
            queue += weight * waiting;
            busy += weight * in_hand;
            if step < steps {
                grid.runge_kutta(width, rate, staff, 1.0 / self.service);
            }
        }
        let parts = 3.0 * steps as f64;
        (queue / parts, busy / parts)
    }
}

impl Grid {
    /// Whoever is free when the staff changes starts on those waiting.
    fn take_up(&mut self, staff: usize) {
        let in_hand = self.mass.len() / self.waiting;
        for busy in 0..staff.min(in_hand) {
            for queue in 1..self.waiting {
                let start = queue.min(staff - busy);
                let from = busy * self.waiting + queue;
                let to = (busy + start) * self.waiting + queue - start;
                let mass = std::mem::take(&mut self.mass[from]);
                self.mass[to] += mass;
            }
        }
    }

    /// Mean number waiting and in hand.
    fn means(&self) -> (f64, f64) {
        let (mut queue, mut busy) = (0.0, 0.0);
        for (state, mass) in self.mass.iter().enumerate() {
            queue += mass * (state % self.waiting) as f64;
            busy += mass * (state / self.waiting) as f64;
        }
        (queue, busy)
    }

    fn runge_kutta(&mut self, width: f64, rate: f64, staff: usize, speed: f64) {
        let slope = |mass: &[f64]| flow(mass, self.waiting, rate, staff, speed);
        let along = |slope: &[f64], by: f64| -> Vec<f64> {
            self.mass
                .iter()
                .zip(slope)
                .map(|(mass, slope)| mass + by * slope)
                .collect()
        };
        let first = slope(&self.mass);
        let second = slope(&along(&first, width / 2.0));
        let third = slope(&along(&second, width / 2.0));
        let fourth = slope(&along(&third, width));
        for (state, mass) in self.mass.iter_mut().enumerate() {
            let sum = first[state] + 2.0 * (second[state] + third[state]) + fourth[state];
            *mass += width / 6.0 * sum;
        }
    }
}

/// Rate of change of every state's probability.
fn flow(mass: &[f64], waiting: usize, rate: f64, staff: usize, speed: f64) -> Vec<f64> {
    let mut change = vec![0.0; mass.len()];
    for (state, &mass) in mass.iter().enumerate() {
        if mass == 0.0 {
            continue;
        }
        let (busy, queue) = (state / waiting, state % waiting);
        let mut go = |to: usize, rate: f64| {
            change[state] -= rate * mass;
            change[to] += rate * mass;
        };
        if busy < staff {
            go(state + waiting, rate);
        } else if queue + 1 < waiting {
            go(state + 1, rate);
        }
        if busy > 0 {
            // The next one waiting is taken up only if no more are busy than are meant to be here.
            let onward = if busy <= staff && queue > 0 {
                state - 1
            } else {
                state - waiting
            };
            go(onward, busy as f64 * speed);
        }
    }
    change
}

#[cfg(test)]
mod tests {
    use super::super::queue::ErlangC;
    use super::*;

    #[test]
    fn constant_rates_settle_at_erlang_c() {
        let station = ErlangC {
            arrivals: 20.0,
            service: 0.15,
            servers: 4,
        };
        let desk = DatedDesk {
            arrivals: vec![20.0; 70],
            staff: vec![4; 70],
            service: 0.15,
            cap: 120,
        };
        let weeks = desk.weeks();
        assert!(
            (weeks[9].queue - station.mean_queue()).abs() < 1e-6,
            "{:?}",
            weeks[9]
        );
        assert!((weeks[9].busy - 3.0).abs() < 1e-6);
        assert!(weeks[0].queue < station.mean_queue());
    }

    #[test]
    fn enough_people_make_an_infinite_server() {
        // Busy from empty grows as λ/μ (1 − e^{−μt}).
        let desk = DatedDesk {
            arrivals: vec![2.0; 7],
            staff: vec![30; 7],
            service: 2.0,
            cap: 3,
        };
        let week = desk.weeks()[0];
        let exact = 4.0 * (1.0 - 2.0 / 7.0 * (1.0 - (-3.5_f64).exp()));
        assert!((week.busy - exact).abs() < 1e-6, "{week:?} {exact}");
    }

    #[test]
    fn a_person_who_leaves_finishes_the_task_in_hand() {
        // No arrivals after day 7 and nobody left: those in hand end exponentially, the queue stays.
        let mut desk = DatedDesk {
            arrivals: vec![20.0; 7],
            staff: vec![3; 7],
            service: 0.2,
            cap: 300,
        };
        desk.arrivals.extend([0.0; 14]);
        desk.staff.extend([0; 14]);
        let weeks = desk.weeks();
        let in_hand = weeks[1].busy * 7.0 / 0.2;
        assert!(in_hand > 2.5 && in_hand <= 3.0, "{in_hand}");
        assert!(weeks[2].busy < 1e-9);
        assert!((weeks[1].queue - weeks[2].queue).abs() < 1e-9);
        assert!(weeks[1].queue > 20.0);
    }

    #[test]
    fn people_who_come_start_at_once() {
        let mut desk = DatedDesk {
            arrivals: vec![3.0; 7],
            staff: vec![0; 7],
            service: 1.0,
            cap: 70,
        };
        desk.arrivals.extend([0.0; 7]);
        desk.staff.extend([70; 7]);
        let weeks = desk.weeks();
        assert!(weeks[0].busy == 0.0);
        // 21 wait on average; each then stays one day on average.
        let stays = weeks[1].busy * 7.0;
        assert!((stays - 21.0 * (1.0 - (-7.0_f64).exp())).abs() < 1e-3, "{stays}");
        assert!(weeks[1].queue < 1e-9);
    }
}
