//! From a scenario file to a valid, immutable [`Scenario`].
mod model;
pub use model::*;
impl Scenario {
    /// temporary
    pub fn draw(&self, _key: crate::random::StreamKey) -> Draw {
        self.central_draw()
    }
}
