//! Which touches the brand has a part in, as a charter says it.

use crate::rules::Expr;

/// What a touch has to do with the brand; of what has no rule, nothing is known.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Brand {
    /// Somebody came by themselves.
    pub direct: Option<Expr>,
    /// Somebody looked for the name.
    pub branded: Option<Expr>,
    /// The name was shown, and nothing asked.
    pub activity: Option<Expr>,
}
