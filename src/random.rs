//! Randomness that belongs to the thing it happens to.
//!
//! Every random quantity is drawn from a stream of its own, opened from a [`StreamKey`]. A key is
//! derived by name: the master seed, then the replication, then the area, the source, the day, the
//! family, the visit, the purpose. Nothing is drawn from a shared sequence, so
//!
//! * the same families meet two different staffing levels (common random numbers);
//! * results do not depend on threads, on chunking, on machines, or on the order of areas in a file;
//! * adding an area, a source or a worker never changes what happens to another.
//!
//! **How.** A key is 128 bits. [`StreamKey::child`] mixes a 64-bit tag into it by two multiply-fold
//! rounds with different odd constants, which avalanche: keys that differ in one bit give unrelated
//! streams (the tests below look at neighbouring ones). [`StreamKey::open`] starts a PCG64-MCG
//! generator (O'Neill 2014, XSL-RR output, 128-bit state) at that key. Opening costs a few
//! nanoseconds, against about 85 for a ChaCha stream, and the engine opens one for every visit of
//! every family. All of it is integer arithmetic and is therefore the same on every platform.

use rand::{Rng, RngExt};
use rand_pcg::Pcg64Mcg;

/// The generator behind every stream: named and portable, so its values do not change with a
/// release of `rand`.
pub type Stream = Pcg64Mcg;

/// Names a random stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct StreamKey {
    high: u64,
    low: u64,
}

/// What a stream is for. Part of the key, so that an extra draw for one purpose never shifts
/// another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u64)]
pub enum Purpose {
    /// The value of an uncertain parameter in one replication.
    Parameter = 1,
    /// Council-wide or area noise on demand.
    Noise,
    /// How many families arrive from one source in one area on one day, and when.
    Arrivals,
    /// A family's own attributes: children, whether it is seen, when it resurfaces.
    Family,
    /// One visit of a family to one stage: its route and its duration.
    Visit,
    /// A hazard during one visit (step-up, crisis); the hazard's number is mixed in.
    Hazard,
    /// What happens while a family waits for a worker.
    Waiting,
    /// Which partner checks a family needs, and how long each takes.
    Checks,
    /// A return after closure.
    Return,
    /// Families open at the start.
    Initial,
    /// A worker's absences and career.
    Worker,
}

impl StreamKey {
    /// The key of a whole experiment.
    pub fn master(seed: u64) -> Self {
        Self {
            high: 0x243f_6a88_85a3_08d3,
            low: 0x1319_8a2e_0370_7344,
        }
        .child(seed)
    }

    /// The key of something that belongs to this one: a replication, an area, a family.
    #[inline]
    pub fn child(self, tag: u64) -> Self {
        // Odd constants from the digits of the golden ratio and of pi; any odd, irregular ones do.
        let high = fold(self.high ^ tag ^ 0x9e37_79b9_7f4a_7c15, self.low | 1);
        let low = fold(
            self.low.wrapping_add(tag) ^ 0xa409_3822_299f_31d0,
            high ^ 0xc2b2_ae3d_27d4_eb4f,
        );
        Self {
            high: high.wrapping_add(low.rotate_left(32)),
            low: low ^ high.rotate_left(17),
        }
    }

    /// The key of this thing for one purpose.
    #[inline]
    pub fn purpose(self, purpose: Purpose) -> Self {
        self.child(purpose as u64)
    }

    /// The key of something with a name, such as an area; the same whatever else the file holds.
    pub fn named(self, name: &str) -> Self {
        self.child(name_tag(name))
    }

    /// Opens the stream.
    #[inline]
    pub fn open(self) -> Stream {
        Pcg64Mcg::new((u128::from(self.high) << 64) | u128::from(self.low))
    }

    /// One number, uniform on [0, 1), without opening a stream: for a purpose that needs no more.
    #[inline]
    pub fn uniform(self) -> f64 {
        let bits = fold(
            self.high ^ 0x8538_ecb5_bd45_6ea3,
            self.low ^ 0xd1b5_4a32_d192_ed03,
        );
        (bits >> 11) as f64 * (1.0 / (1u64 << 53) as f64)
    }
}

/// A stable 64-bit tag for a name (FNV-1a, then one mixing round).
pub fn name_tag(name: &str) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for byte in name.bytes() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    }
    fold(hash, 0x9e37_79b9_7f4a_7c15)
}

/// Uniform on the open interval (0, 1): safe to take a logarithm or a quantile of.
#[inline]
pub fn open_uniform(rng: &mut (impl Rng + ?Sized)) -> f64 {
    ((rng.random::<u64>() >> 12) as f64 + 0.5) * (1.0 / (1u64 << 52) as f64)
}

/// A Poisson count by inversion of one uniform per slice of at most `SLICE` expected events.
///
/// Inversion is monotone in the mean: with the same stream a higher mean never gives fewer events,
/// so two demand levels share their families. Slices keep `exp(-mean)` away from underflow; a sum
/// of independent Poisson counts is exactly Poisson.
#[inline]
pub fn poisson(rng: &mut (impl Rng + ?Sized), mean: f64) -> u32 {
    const SLICE: f64 = 16.0;
    let mut left = mean;
    let mut count = 0;
    while left > 0.0 {
        let slice = left.min(SLICE);
        left -= slice;
        let u: f64 = rng.random();
        let mut probability = libm::exp(-slice);
        let mut cumulative = probability;
        let mut k = 0_u32;
        // A uniform has 53 bits, so the tail beyond which nothing changes is near mean + 12 sd.
        while u >= cumulative && k < 200 {
            k += 1;
            probability *= slice / f64::from(k);
            cumulative += probability;
        }
        count += k;
    }
    count
}

/// The two halves of the 128-bit product, folded together (as in wyhash): a fast avalanche.
#[inline]
fn fold(a: u64, b: u64) -> u64 {
    let product = u128::from(a) * u128::from(b | 1);
    (product as u64) ^ ((product >> 64) as u64)
}
