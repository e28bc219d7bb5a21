//! A desk whose arrivals and people change by date: M(t)/M/s(t), by Kolmogorov's forward equations.
//!
//! People join during the run, or all who are there are relieved by others. Nobody is interrupted:
//! those relieved finish the task in hand beside their successors, and take no other. The state is
//! therefore three numbers (tasks that relieved people still finish, tasks in the hands of those
//! present, tasks waiting). It is integrated by the classical Runge-Kutta method, apart from the
//! changes of staff, which move probability at once.

/// A desk with dated people and arrivals, empty at the start of day 0.
#[derive(Clone, Debug, PartialEq)]
pub struct DatedDesk {
    /// Arrivals a day, for each day.
    pub arrivals: Vec<f64>,
    /// People present throughout each day. May fall only on a day of [`Self::relieved`].
    pub staff: Vec<usize>,
    /// Days at whose start all who are there are relieved.
    pub relieved: Vec<usize>,
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

/// Probabilities, by tasks that relieved people finish, tasks in hand and tasks waiting.
struct Grid {
    /// Values that the number in hand, and the number waiting, may take.
    hands: usize,
    queues: usize,
    mass: Vec<f64>,
}

/// Rates of one day.
#[derive(Clone, Copy)]
struct Rates {
    arrivals: f64,
    staff: usize,
    /// Completions of each person a day.
    speed: f64,
}

impl DatedDesk {
    /// Means week by week.
    pub fn weeks(&self) -> Vec<DeskWeek> {
        let hands = self.staff.iter().copied().max().unwrap_or(0) + 1;
        let mut grid = Grid::empty(hands, self.cap + 1);
        let mut weeks = vec![DeskWeek::default(); self.arrivals.len() / 7];
        for (day, (&arrivals, &staff)) in self.arrivals.iter().zip(&self.staff).enumerate() {
            if self.relieved.contains(&day) {
                grid.relieve();
            }
            grid.forget_the_relieved();
            grid.take_up(staff);
            let rates = Rates { arrivals, staff, speed: 1.0 / self.service };
            let (queue, busy) = grid.advance_a_day(rates);
            if let Some(week) = weeks.get_mut(day / 7) {
                week.queue += queue / 7.0;
                week.busy += busy / 7.0;
            }
        }
        weeks
    }
}

impl Grid {
    fn empty(hands: usize, queues: usize) -> Self {
        let mut mass = vec![0.0; hands * queues];
        mass[0] = 1.0;
        Self { hands, queues, mass }
    }

    /// Tasks of the relieved, tasks in hand, tasks waiting.
    fn state(&self, index: usize) -> (usize, usize, usize) {
        let plane = self.hands * self.queues;
        (index / plane, index % plane / self.queues, index % self.queues)
    }

    fn index(&self, relieved: usize, busy: usize, queue: usize) -> usize {
        (relieved * self.hands + busy) * self.queues + queue
    }

    /// All in hand are now in the hands of relieved people.
    fn relieve(&mut self) {
        let planes = self.mass.len() / (self.hands * self.queues);
        let mut after = vec![0.0; (planes + self.hands - 1) * self.hands * self.queues];
        for (index, mass) in self.mass.iter().enumerate() {
            let (relieved, busy, queue) = self.state(index);
            after[self.index(relieved + busy, 0, queue)] += mass;
        }
        self.mass = after;
    }

    /// Drops the planes of relieved people once they are all but certain to have finished.
    fn forget_the_relieved(&mut self) {
        let plane = self.hands * self.queues;
        if self.mass[plane..].iter().sum::<f64>() < 1e-12 {
            self.mass.truncate(plane);
        }
    }

    /// Whoever is free when the staff changes starts on those waiting.
    fn take_up(&mut self, staff: usize) {
        for index in 0..self.mass.len() {
            let (relieved, busy, queue) = self.state(index);
            let start = queue.min(staff.saturating_sub(busy));
            if start > 0 {
                let mass = std::mem::take(&mut self.mass[index]);
                let after = self.index(relieved, busy + start, queue - start);
                self.mass[after] += mass;
            }
        }
    }

    /// Integrates one day; gives the day's mean numbers waiting and in hand (Simpson's rule).
    fn advance_a_day(&mut self, rates: Rates) -> (f64, f64) {
        let fastest = rates.arrivals + 2.0 * self.hands as f64 * rates.speed;
        let steps = 2 * (fastest * 1.5).ceil().max(1.0) as usize;
        let (mut queue, mut busy) = (0.0, 0.0);
        for step in 0..=steps {
            let weight = match step {
                0 => 1.0,
                last if last == steps => 1.0,
                odd if odd % 2 == 1 => 4.0,
                _ => 2.0,
            };
            let (waiting, in_hand) = self.means();
            queue += weight * waiting;
            busy += weight * in_hand;
            if step < steps {
                self.runge_kutta(1.0 / steps as f64, rates);
            }
        }
        let parts = 3.0 * steps as f64;
        (queue / parts, busy / parts)
    }

    /// Mean number waiting and in hand.
    fn means(&self) -> (f64, f64) {
        let (mut waiting, mut in_hand) = (0.0, 0.0);
        for (index, mass) in self.mass.iter().enumerate() {
            let (relieved, busy, queue) = self.state(index);
            waiting += mass * queue as f64;
            in_hand += mass * (relieved + busy) as f64;
        }
        (waiting, in_hand)
    }

    fn runge_kutta(&mut self, width: f64, rates: Rates) {
        let along = |slope: &[f64], by: f64| -> Vec<f64> {
            self.mass.iter().zip(slope).map(|(mass, slope)| mass + by * slope).collect()
        };
        let first = self.flow(&self.mass, rates);
        let second = self.flow(&along(&first, width / 2.0), rates);
        let third = self.flow(&along(&second, width / 2.0), rates);
        let fourth = self.flow(&along(&third, width), rates);
        for (index, mass) in self.mass.iter_mut().enumerate() {
            let sum = first[index] + 2.0 * (second[index] + third[index]) + fourth[index];
            *mass += width / 6.0 * sum;
        }
    }

    /// Rate of change of every state's probability.
    fn flow(&self, mass: &[f64], rates: Rates) -> Vec<f64> {
        let mut change = vec![0.0; mass.len()];
        for (index, &mass) in mass.iter().enumerate() {
            if mass == 0.0 {
                continue;
            }
            let (relieved, busy, queue) = self.state(index);
            let mut go = |to: usize, rate: f64| {
                change[index] -= rate * mass;
                change[to] += rate * mass;
            };
            if busy < rates.staff {
                go(index + self.queues, rates.arrivals);
            } else if queue + 1 < self.queues {
                go(index + 1, rates.arrivals);
            }
            if busy > 0 {
                let next = if queue > 0 { index - 1 } else { index - self.queues };
                go(next, busy as f64 * rates.speed);
            }
            if relieved > 0 {
                go(index - self.hands * self.queues, relieved as f64 * rates.speed);
            }
        }
        change
    }
}

#[cfg(test)]
mod tests {
    use super::super::queue::ErlangC;
    use super::*;

    fn desk(arrivals: f64, staff: usize, service: f64, days: usize, cap: usize) -> DatedDesk {
        DatedDesk {
            arrivals: vec![arrivals; days],
            staff: vec![staff; days],
            relieved: Vec::new(),
            service,
            cap,
        }
    }

    #[test]
    fn constant_rates_settle_at_erlang_c() {
        let station = ErlangC { arrivals: 20.0, service: 0.15, servers: 4 };
        let weeks = desk(20.0, 4, 0.15, 70, 120).weeks();
        assert!((weeks[9].queue - station.mean_queue()).abs() < 1e-5, "{:?}", weeks[9]);
        assert!((weeks[9].busy - 3.0).abs() < 1e-5);
        assert!(weeks[0].queue < station.mean_queue());
    }

    #[test]
    fn enough_people_make_an_infinite_server() {
        // Busy from empty grows as λ/μ (1 − e^{−μt}), whoever finishes the tasks.
        let mut desk = desk(2.0, 30, 2.0, 7, 3);
        let exact = 4.0 * (1.0 - 2.0 / 7.0 * (1.0 - (-3.5_f64).exp()));
        assert!((desk.weeks()[0].busy - exact).abs() < 1e-5, "{:?} {exact}", desk.weeks());
        desk.relieved.push(3);
        assert!((desk.weeks()[0].busy - exact).abs() < 1e-5, "{:?} {exact}", desk.weeks());
    }

    #[test]
    fn those_relieved_finish_the_task_in_hand() {
        // No arrivals after day 7 and nobody left: those in hand end exponentially, the queue stays.
        let mut desk = desk(20.0, 3, 0.2, 7, 200);
        desk.arrivals.extend([0.0; 14]);
        desk.staff.extend([0; 14]);
        desk.relieved.push(7);
        let weeks = desk.weeks();
        let in_hand = weeks[1].busy * 7.0 / 0.2;
        assert!(in_hand > 2.5 && in_hand <= 3.0001, "{in_hand}");
        assert!(weeks[2].busy < 1e-6);
        assert!((weeks[1].queue - weeks[2].queue).abs() < 1e-6);
        assert!(weeks[1].queue > 20.0);
    }

    #[test]
    fn people_who_come_start_at_once() {
        let mut desk = desk(3.0, 0, 1.0, 7, 70);
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
