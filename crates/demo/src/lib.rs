//! Pellwater Gauges: two years of a company that does not exist, from a seed.
//!
//! It makes floats that say how full a tank is, and sells them to breweries, dairies and swimming
//! baths. [`company`] is a pure function: the same seed gives the same bytes of every export on any
//! machine. It knows the world and the files a CRM and a marketing tool would give; it refuses to
//! know ledgers, charters and questions, so what is planted ([`Planted`]) and counted here
//! ([`Truth`]) can be held against the product. The charter and the packs that read the files are
//! in `examples/demo`. Read on in `world` (the nouns), `story` (who comes when), `pursuit` (what
//! happens to them) and `exports` (the files).

mod clock;
mod exports;
mod names;
mod plan;
mod pursuit;
mod random;
mod setting;
mod story;
mod truth;
mod world;

pub use clock::{FIRST_DAY, LAST_DAY, Stamp, ZONE};
pub use exports::{Encoding, ExportFile};
pub use truth::{
    ChannelTruth, DefinitionChange, LateDelivery, Planted, SlowHandoff, StrongChannel, Truth, Won,
};
pub use world::{
    Account, Activity, Campaign, Channel, Company, Deal, DealVersion, Lead, LeadChange, LeadField,
    LeadVersion, Outcome, Pursuit, Rate, Region, Rep, Spend, Target, Touch,
};

/// The seed of the company that `handfast demo` opens.
pub const SEED: u64 = 1;

/// Tells two years of the company, from nothing but the seed.
pub fn company(seed: u64) -> Company {
    story::tell(seed)
}
