//! Stations with constant arrival rates, in their steady state.
//!
//! Rates are per day, times in days. "Load" is arrivals times mean service, in persons.

/// Erlang's formulas, and what follows from them, for Poisson arrivals at `servers` alike with
/// exponential service, first come first served, all waiting (M/M/c).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ErlangC {
    /// Arrivals a day.
    pub arrivals: f64,
    /// Mean service, days.
    pub service: f64,
    /// Number of servers.
    pub servers: u32,
}

impl ErlangC {
    /// Mean number in service.
    pub fn load(self) -> f64 {
        self.arrivals * self.service
    }

    /// Probability that an arrival has to wait (Erlang 1917), by the recursion of the loss formula.
    pub fn probability_of_waiting(self) -> f64 {
        let load = self.load();
        let blocked =
            (1..=self.servers).fold(1.0, |blocked, n| load * blocked / (f64::from(n) + load * blocked));
        blocked / (1.0 - self.utilisation() * (1.0 - blocked))
    }

    /// Mean wait of all, days.
    pub fn mean_wait(self) -> f64 {
        self.probability_of_waiting() / self.drain()
    }

    /// Mean number waiting (Little).
    pub fn mean_queue(self) -> f64 {
        self.arrivals * self.mean_wait()
    }

    /// Mean number waiting or in service.
    pub fn mean_number(self) -> f64 {
        self.mean_queue() + self.load()
    }

    /// The wait not exceeded by a share `share` of arrivals: the wait of those who wait is
    /// exponential.
    pub fn wait_quantile(self, share: f64) -> f64 {
        (self.probability_of_waiting() / (1.0 - share)).ln().max(0.0) / self.drain()
    }

    fn utilisation(self) -> f64 {
        self.load() / f64::from(self.servers)
    }

    /// Rate at which a standing queue shrinks.
    fn drain(self) -> f64 {
        f64::from(self.servers) / self.service - self.arrivals
    }
}

/// Mean wait of M/G/1, first come first served (Pollaczek 1930, Khinchine 1932).
pub fn pollaczek_khinchine(arrivals: f64, service: super::law::Law) -> f64 {
    arrivals * service.second_moment() / (2.0 * (1.0 - arrivals * service.mean()))
}

/// Mean waits by class under non-preemptive priority, first class first (Cobham 1954).
///
/// `residual` is the mean work found in hand when nobody may start at once; `loads` is each
/// class's share of the station's whole capacity.
pub fn cobham(residual: f64, loads: &[f64]) -> Vec<f64> {
    let mut before = 0.0;
    loads
        .iter()
        .map(|load| {
            let upto = before + load;
            let wait = residual / ((1.0 - before) * (1.0 - upto));
            before = upto;
            wait
        })
        .collect()
}

/// What Erlang's model with impatient families gives (M/M/c+M; Palm 1957, "Erlang A").
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ErlangA {
    /// Share of arrivals that leave without being served.
    pub abandon: f64,
    /// Share of arrivals that cannot start at once.
    pub wait: f64,
    /// Mean number waiting.
    pub queue: f64,
    /// Mean number in service.
    pub busy: f64,
    /// Mean wait of all arrivals, however it ends, days.
    pub mean_wait: f64,
    /// Mean wait of those who are served (no wait counts as 0), days.
    pub mean_wait_served: f64,
}

/// Solves Erlang A as a birth-death chain, summed until nothing more comes.
///
/// A family that finds `ahead` others waiting starts if the next `ahead + 1` steps forward come
/// before it loses patience. With `i` still ahead the next step comes at rate `cμ + iθ`, its own
/// patience ends at rate `θ`; so it is served with probability `cμ / (cμ + (ahead+1)θ)` and, given
/// that, has waited the sum of `1 / (cμ + (i+1)θ)` on average.
pub fn erlang_a(arrivals: f64, service: f64, servers: u32, impatience: f64) -> ErlangA {
    let full = f64::from(servers) / service;
    let mut weight = 1.0_f64;
    let mut total = 0.0;
    let mut busy = 0.0;
    for n in 0..servers {
        total += weight;
        busy += weight * f64::from(n);
        weight *= arrivals * service / f64::from(n + 1);
    }
    let (mut waiting, mut queue, mut served, mut served_wait) = (0.0, 0.0, total, 0.0);
    let mut wait_if_served = 0.0;
    let mut ahead = 0.0;
    while weight > total * 1e-16 || ahead < 10.0 {
        wait_if_served += 1.0 / (full + (ahead + 1.0) * impatience);
        let chance = full / (full + (ahead + 1.0) * impatience);
        total += weight;
        waiting += weight;
        busy += weight * f64::from(servers);
        queue += weight * ahead;
        served += weight * chance;
        served_wait += weight * chance * wait_if_served;
        ahead += 1.0;
        weight *= arrivals / (full + ahead * impatience);
    }
    let queue = queue / total;
    ErlangA {
        abandon: impatience * queue / arrivals,
        wait: waiting / total,
        queue,
        busy: busy / total,
        mean_wait: queue / arrivals,
        mean_wait_served: served_wait / served,
    }
}

/// Mean stay at one server that all share equally, M/G/1 processor sharing: `E[S] / (1 − ρ)` for
/// any law of the work, and `x / (1 − ρ)` for those whose work is `x` (Sakata, Noguchi and Oizumi
/// 1969; Kleinrock 1976).
pub fn shared_stay(work: f64, load: f64) -> f64 {
    work / (1.0 - load)
}

/// Mean time until both of two parallel tasks are done, each at its own M/M/1 with the same rates,
/// arriving together (Flatto and Hahn 1984; Nelson and Tantawi 1988).
pub fn fork_join_of_two(arrivals: f64, service: f64) -> f64 {
    let load = arrivals * service;
    (12.0 - load) / 8.0 / (1.0 / service - arrivals)
}

/// Mean stay of ordinary work behind urgent work that interrupts it (one server; ordinary work
/// exponential, so that sharing the server among ordinary cases is as good as taking them in turn).
/// Preemptive-resume priority: `E[S₂]/(1−ρ₁) + R/((1−ρ₁)(1−ρ₁−ρ₂))` with `R = Σ λᵢ E[Sᵢ²]/2`
/// (Kleinrock 1976, volume 2, section 3.4). Each class is `(arrivals a day, law)`.
pub fn interrupted_stay(urgent: (f64, super::law::Law), ordinary: (f64, super::law::Law)) -> f64 {
    let load = |(rate, law): (f64, super::law::Law)| rate * law.mean();
    let residual = |(rate, law): (f64, super::law::Law)| rate * law.second_moment() / 2.0;
    let left = 1.0 - load(urgent);
    ordinary.1.mean() / left + (residual(urgent) + residual(ordinary)) / (left * (left - load(ordinary)))
}

/// Stationary probabilities of the number present where each of `n` cases progresses at rate
/// `speed(n)`: `π(n) ∝ ρⁿ / (n! speed(1) … speed(n))`, with ρ the arrivals in one natural duration.
/// The same for every law of durations with that mean (a symmetric queue; Kelly 1979, theorem 3.10).
pub fn shared_speed(load: f64, speed: impl Fn(f64) -> f64) -> Vec<f64> {
    let mut weights = vec![1.0];
    let mut sum = 1.0;
    for n in 1..1000 {
        let present = f64::from(n);
        let next = weights[weights.len() - 1] * load / (present * speed(present));
        weights.push(next);
        sum += next;
    }
    weights.iter().map(|weight| weight / sum).collect()
}

#[cfg(test)]
mod tests {
    use super::super::law::Law;
    use super::*;

    fn near(left: f64, right: f64, tolerance: f64) {
        assert!((left - right).abs() <= tolerance, "{left} is not {right}");
    }

    /// Erlang C from its sum of factorials, an independent way.
    fn by_factorials(load: f64, servers: u32) -> f64 {
        let term = |n: u32| (1..=n).fold(1.0, |product, k| product * load / f64::from(k));
        let last = term(servers) / (1.0 - load / f64::from(servers));
        last / ((0..servers).map(term).sum::<f64>() + last)
    }

    #[test]
    fn urgent_and_ordinary_together_are_one_queue_when_alike() {
        // Alike and exponential, all present are an M/M/1 queue, and the urgent one of their own.
        let law = super::super::law::Law::Exponential(0.1);
        let stay = interrupted_stay((3.0, law), (4.0, law));
        assert!((4.0 * stay - (0.7 / 0.3 - 0.3 / 0.7)).abs() < 1e-12, "{stay}");
    }

    #[test]
    fn shared_speed_spans_from_one_server_to_no_limit() {
        let mean = |chances: &[f64]| chances.iter().zip(0..).map(|(p, n)| p * f64::from(n)).sum::<f64>();
        assert!((mean(&shared_speed(0.8, |n| 1.0 / n)) - 4.0).abs() < 1e-9);
        assert!((mean(&shared_speed(7.0, |_| 1.0)) - 7.0).abs() < 1e-9);
        let three = shared_speed(2.4, |n| (3.0 / n).min(1.0));
        let exact = ErlangC { arrivals: 2.4, service: 1.0, servers: 3 };
        assert!((mean(&three) - exact.mean_number()).abs() < 1e-9);
    }

    #[test]
    fn erlang_c_agrees_with_tables_and_with_the_sum() {
        let station = ErlangC { arrivals: 10.0, service: 1.0, servers: 14 };
        near(station.probability_of_waiting(), 0.174_132, 5e-7);
        for (load, servers) in [(0.5, 1), (3.2, 4), (5.0, 7), (11.4, 12)] {
            let station = ErlangC { arrivals: load, service: 1.0, servers };
            near(station.probability_of_waiting(), by_factorials(load, servers), 1e-12);
        }
    }

    #[test]
    fn one_server_is_the_textbook_queue() {
        let station = ErlangC { arrivals: 0.8, service: 1.0, servers: 1 };
        near(station.probability_of_waiting(), 0.8, 1e-12);
        near(station.mean_wait(), 4.0, 1e-12);
        near(station.mean_number(), 4.0, 1e-12);
        near(station.wait_quantile(0.9), 8.0_f64.ln() / 0.2, 1e-12);
        near(station.mean_wait(), pollaczek_khinchine(0.8, Law::Exponential(1.0)), 1e-12);
        near(pollaczek_khinchine(0.8, Law::Fixed(1.0)), 2.0, 1e-12);
    }

    #[test]
    fn cobham_conserves_work_and_reduces_to_one_class() {
        let (arrivals, service, servers) = ([30.0, 70.0], 0.025, 3_u32);
        let station = ErlangC { arrivals: 100.0, service, servers };
        let residual = station.probability_of_waiting() * service / f64::from(servers);
        let loads = arrivals.map(|rate| rate * service / f64::from(servers));
        let waits = cobham(residual, &loads);
        assert!(waits[0] < waits[1]);
        // With equal service the order of service changes nobody's mean over all.
        let mean = (arrivals[0] * waits[0] + arrivals[1] * waits[1]) / 100.0;
        near(mean, station.mean_wait(), 1e-12);
        near(cobham(residual, &[100.0 * service / 3.0])[0], station.mean_wait(), 1e-12);
    }

    #[test]
    fn erlang_a_tends_to_erlang_c_as_patience_grows() {
        let station = ErlangC { arrivals: 9.0, service: 1.0, servers: 10 };
        let patient = erlang_a(9.0, 1.0, 10, 1e-9);
        near(patient.wait, station.probability_of_waiting(), 1e-6);
        near(patient.mean_wait, station.mean_wait(), 1e-6);
        near(patient.mean_wait_served, station.mean_wait(), 1e-6);
        near(patient.queue, station.mean_queue(), 1e-5);
    }

    #[test]
    fn erlang_a_with_patience_like_service_is_an_infinite_server() {
        // θ = μ: the number present is Poisson with mean λ/μ.
        let solved = erlang_a(6.0, 1.0, 5, 1.0);
        near(solved.queue + solved.busy, 6.0, 1e-9);
        near(solved.abandon, 1.0 - solved.busy / 6.0, 1e-9);
        let poisson = |n: u32| (1..=n).fold((-6.0_f64).exp(), |p, k| p * 6.0 / f64::from(k));
        near(solved.wait, 1.0 - (0..5).map(poisson).sum::<f64>(), 1e-9);
    }

    #[test]
    fn waits_of_the_served_and_of_the_lost_make_the_mean_wait() {
        // E[W] by Little must equal the served waits plus the lost ones. The lost are found from the
        // same chain by an independent first-step recursion on the number ahead.
        let (arrivals, service, servers, impatience) = (40.0, 0.25, 9_u32, 2.0);
        let solved = erlang_a(arrivals, service, servers, impatience);
        let full = f64::from(servers) / service;
        let mut weights = vec![1.0];
        for n in 1..400_u32 {
            let busy = f64::from(n.min(servers)) / service;
            let idle = f64::from(n.saturating_sub(servers)) * impatience;
            let next = weights[n as usize - 1] * arrivals / (busy + idle);
            weights.push(next);
        }
        let total: f64 = weights.iter().sum();
        let (mut lost, mut lost_wait, mut lost_share) = (0.0, 0.0, 0.0);
        // L_j = E[wait; lost] and Q_j = P(lost) with j ahead.
        let (mut l, mut q) = (0.0, 0.0);
        for (ahead, weight) in weights[servers as usize..].iter().enumerate() {
            let rate = full + (ahead as f64 + 1.0) * impatience;
            let onward = (rate - impatience) / rate;
            let q_next = impatience / rate + onward * q;
            l = (impatience / rate + onward * q) / rate + onward * l;
            q = q_next;
            lost += weight * q / total;
            lost_wait += weight * l / total;
            lost_share += weight / total;
        }
        assert!(lost_share > 0.1);
        near(lost, solved.abandon, 1e-9);
        near(lost_wait + (1.0 - lost) * solved.mean_wait_served, solved.mean_wait, 1e-9);
    }

    #[test]
    fn fork_join_lies_between_one_queue_and_two_independent_ones() {
        let (arrivals, service) = (0.6, 1.0);
        let one = 1.0 / (1.0 - 0.6);
        let both = fork_join_of_two(arrivals, service);
        assert!(one < both && both < 1.5 * one);
        near(fork_join_of_two(1e-12, 1.0), 1.5, 1e-9);
    }
}
