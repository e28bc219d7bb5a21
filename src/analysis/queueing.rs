//! Textbook queueing formulas: how many people keep waits short.
//!
//! Consumes loads and numbers of servers; produces probabilities, waits and staffing. Pure
//! arithmetic. A *load* is in erlangs: arrival rate × mean service time, the mean number of servers
//! busy when nobody ever waits.

use statrs::function::erf::erfc;

/// Erlang B: the chance that all `servers` are busy when those who find them so go away.
///
/// By the recursion B(0) = 1, B(k) = a B(k-1) / (k + a B(k-1)) (A. K. Erlang 1917; the recursion is
/// in Jagerman 1974), which only adds and divides positive numbers and is therefore stable for any
/// number of servers.
pub fn erlang_b(servers: u32, load: f64) -> f64 {
    (1..=servers).fold(1.0, |blocked, k| {
        let carried = load * blocked;
        carried / (f64::from(k) + carried)
    })
}

/// Erlang C: the chance that an arrival waits in M/M/c. 1 when the load is `servers` or more.
///
/// C = B / (1 - ρ (1 - B)) with ρ = load / servers (Cooper, *Introduction to Queueing Theory*,
/// 1981, section 3.5).
pub fn erlang_c(servers: u32, load: f64) -> f64 {
    let utilisation = load / f64::from(servers);
    if servers == 0 || utilisation >= 1.0 {
        return 1.0;
    }
    let blocked = erlang_b(servers, load);
    blocked / (1.0 - utilisation * (1.0 - blocked))
}

/// An M/M/c queue in the steady state.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MultiServer {
    /// Chance that an arrival waits.
    pub wait_probability: f64,
    /// Mean wait before service, over all arrivals, in units of the service time given; infinite
    /// when the load cannot be carried.
    pub mean_wait: f64,
    /// Mean number waiting; infinite when the load cannot be carried.
    pub mean_queue: f64,
    /// Rate at which the tail of the wait decays: P(wait > t) = `wait_probability` exp(-`decay` t).
    pub decay: f64,
}

impl MultiServer {
    /// From arrivals per unit of time, the mean service time and the number of servers.
    pub fn new(arrival_rate: f64, mean_service: f64, servers: u32) -> Self {
        let load = arrival_rate * mean_service;
        let wait_probability = erlang_c(servers, load);
        let decay = (f64::from(servers) - load) / mean_service;
        let mean_wait = if decay > 0.0 { wait_probability / decay } else { f64::INFINITY };
        Self { wait_probability, mean_wait, mean_queue: arrival_rate * mean_wait, decay }
    }

    /// Chance that an arrival waits longer than `t`.
    pub fn wait_exceeds(&self, t: f64) -> f64 {
        if self.decay > 0.0 { self.wait_probability * libm::exp(-self.decay * t) } else { 1.0 }
    }
}

/// Limit of the chance of waiting with load R and R + β√R servers, as R grows:
/// 1 / (1 + β Φ(β) / φ(β)) (Halfin and Whitt 1981, *Operations Research* 29, 567-588).
pub fn halfin_whitt(beta: f64) -> f64 {
    let density = libm::exp(-beta * beta / 2.0) / (2.0 * std::f64::consts::PI).sqrt();
    let below = erfc(-beta / std::f64::consts::SQRT_2) / 2.0;
    // Divided through by the density, so that a large β underflows to 0 rather than to 0/0.
    density / (density + beta * below)
}

/// The β for which the limit chance of waiting is `delay_probability` (within 0 to 1).
pub fn safety_factor(delay_probability: f64) -> f64 {
    let target = delay_probability.clamp(1e-9, 1.0);
    let (mut low, mut high) = (0.0, 8.0);
    // The chance falls as β grows; 60 halvings exhaust the precision of the interval.
    for _ in 0..60 {
        let middle = (low + high) / 2.0;
        if halfin_whitt(middle) > target {
            low = middle;
        } else {
            high = middle;
        }
    }
    high
}

/// Square-root staffing: servers for a load, R + β√R, so that about `delay_probability` of arrivals
/// wait (Halfin and Whitt 1981). Not rounded.
pub fn square_root_staffing(load: f64, delay_probability: f64) -> f64 {
    load + safety_factor(delay_probability) * load.sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(a: f64, b: f64) -> bool {
        (a - b).abs() <= 1e-12 * b.abs().max(1.0)
    }

    /// Erlang's formulas by their defining sums, for small numbers of servers.
    fn by_sums(servers: u32, load: f64) -> (f64, f64) {
        let term = |k: u32| (1..=k).fold(1.0, |product, i| product * load / f64::from(i));
        let top = term(servers);
        let below: f64 = (0..servers).map(term).sum();
        let waiting = top / (1.0 - load / f64::from(servers));
        (top / (below + top), waiting / (below + waiting))
    }

    #[test]
    fn erlang_formulas_equal_their_sums() {
        for (servers, load) in [(1, 0.3), (2, 1.9), (5, 2.5), (12, 11.4)] {
            let (b, c) = by_sums(servers, load);
            assert!(close(erlang_b(servers, load), b), "B({servers}, {load})");
            assert!(close(erlang_c(servers, load), c), "C({servers}, {load})");
            // The formula with a load 5% off is told apart.
            assert!(!close(erlang_c(servers, load * 1.05), c));
        }
        // M/M/1: the chance of waiting is the utilisation.
        assert!(close(erlang_c(1, 0.7), 0.7));
    }

    #[test]
    fn extremes_stay_within_bounds() {
        assert_eq!(erlang_c(3, 3.0), 1.0);
        assert_eq!(erlang_c(0, 0.0), 1.0);
        assert_eq!(erlang_c(4, 0.0), 0.0);
        let large = erlang_c(100_000, 99_800.0);
        assert!(large > 0.0 && large < 1.0);
    }

    #[test]
    fn single_server_waits() {
        // M/M/1: mean wait ρ/(μ-λ), queue ρ²/(1-ρ).
        let queue = MultiServer::new(0.8, 1.0, 1);
        assert!(close(queue.mean_wait, 0.8 / 0.2));
        assert!(close(queue.mean_queue, 0.64 / 0.2));
        assert!(close(queue.wait_exceeds(5.0), 0.8 * libm::exp(-1.0_f64)));
        assert_eq!(MultiServer::new(2.0, 1.0, 1).mean_wait, f64::INFINITY);
    }

    #[test]
    fn the_safety_factor_inverts_the_limit() {
        for wanted in [0.05, 0.2, 0.5, 0.9] {
            assert!((halfin_whitt(safety_factor(wanted)) - wanted).abs() < 1e-10);
        }
        assert!(close(halfin_whitt(0.0), 1.0));
    }

    #[test]
    fn square_root_staffing_is_near_the_least_that_erlang_c_allows() {
        for load in [5.0, 30.0, 300.0] {
            for wanted in [0.1, 0.2, 0.5] {
                let least = (1..).find(|c| erlang_c(*c, load) <= wanted).unwrap_or(0);
                let suggested = square_root_staffing(load, wanted).ceil();
                assert!((suggested - f64::from(least)).abs() <= 1.0, "{load} {wanted}");
            }
        }
    }
}
