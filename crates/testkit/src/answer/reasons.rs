//! Why deals were lost or won, as a reader checks it: a line for each statement.

use handfast_kernels::metric::Scope;
use handfast_kernels::reasons::statements;
use handfast_model::question::Unit;
use handfast_model::{Question, Sym};

use super::Desk;
use crate::table::lay_out;

impl Desk<'_> {
    pub(super) fn reasons(&self, question: &Question, is_won: bool) -> String {
        let (from, until) = self.edges(question);
        let scope = Scope {
            from,
            until,
            unit: Unit::Deal,
            ..Scope::ALL
        };
        let name = |sym: Option<Sym>| sym.map_or("–".to_owned(), |sym| self.name(sym).to_owned());
        let said = statements(self.world, self.journeys, (is_won, &scope)).into_iter();
        let rows = said.map(|one| {
            let deal = self.journeys.deals.get(one.deal as usize);
            vec![
                name(deal.map(|deal| deal.key)),
                name(one.reason),
                name(one.competitor),
                one.stage
                    .map_or("–".to_owned(), |step| self.step(step).to_owned()),
                name(one.said_by),
            ]
        });
        lay_out(&rows.collect::<Vec<_>>(), "")
    }
}
