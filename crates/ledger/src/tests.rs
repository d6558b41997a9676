//! Tests of the ledger as a whole, on small books of a made-up source.

mod abuse;
mod acting;
mod changing;
mod copying;
mod crashing;
mod damage;
mod deleting;
mod endings;
mod forgetting;
mod importing;
mod intaking;
mod invariants;
mod moving;
mod preparing;
mod undoing;
mod world;
mod writing;
