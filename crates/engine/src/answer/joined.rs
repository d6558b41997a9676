//! Leads that share a pursuit: who counts pursuits should know of them.

use handfast_model::many;

use super::ground::Ground;

/// The pursuits that an answer counted.
pub(super) struct Joined(Vec<bool>);

impl Joined {
    /// None yet.
    pub fn new(ground: &Ground<'_>) -> Joined {
        Joined(vec![false; ground.journeys.pursuits.len()])
    }

    /// One more.
    pub fn add(&mut self, pursuit: u32) {
        if let Some(slot) = self.0.get_mut(pursuit as usize) {
            *slot = true;
        }
    }

    /// How many leads are in how many of them, if any share one.
    pub fn note(&self, ground: &Ground<'_>) -> Option<String> {
        let of_pursuit = ground.part.leads.iter().zip(&self.0);
        let counted = of_pursuit.filter(|(leads, is_counted)| **is_counted && **leads > 0);
        let (leads, pursuits) = counted.fold((0, 0), |(leads, pursuits), (more, _)| {
            (leads + u64::from(*more), pursuits + 1)
        });
        (leads > pursuits).then(|| {
            format!(
                "{} in {}: leads of one company join the pursuit that is open; --unit person \
                 counts each, and `metric leads_created` by their creation",
                many(leads, "lead"),
                many(pursuits, "pursuit")
            )
        })
    }
}
