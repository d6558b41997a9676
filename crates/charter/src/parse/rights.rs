//! `rights.toml`: who decides which definition, and where a side may give way.

use handfast_model::rights::{Right, Severity};
use handfast_model::rules::Side;

use super::Draft;
use crate::fields::{Fields, Key, key, wrong_type};
use crate::place::Desk;

const RIGHT: Key = key(
    "right",
    "[right.stages]\ndecides = \"marketing\"\nseverity = \"must agree\"",
    "without it both sides decide everything and must agree",
);
const DECIDES: Key = key(
    "decides",
    "\"marketing\"",
    "it says whose word counts where the two sides differ",
);
const SEVERITY: Key = key(
    "severity",
    "\"must agree\"",
    "it says whether a side may give way",
);

pub(super) fn rights(desk: &mut Desk<'_>, mut top: Fields<'_>, draft: &mut Draft) {
    if let Some(rights) = top.table(desk, &RIGHT, "a right") {
        for (name, item) in rights.names() {
            let Some(mut right) = rights.named(item, name.span, "a right") else {
                let refusal = wrong_type(&RIGHT, "a table, [right.stages]", item);
                desk.refuse(name.span, refusal);
                continue;
            };
            let deciders = [
                (Side::Marketing.word(), Some(Side::Marketing)),
                (Side::Sales.word(), Some(Side::Sales)),
                ("both", None),
            ];
            let decides = right.word(desk, &DECIDES, &deciders);
            let severity = right.word(desk, &SEVERITY, &Severity::WORDS);
            right.finish(desk);
            let right = Right {
                definition: name.value,
                decides: decides.and_then(|word| word.value),
                severity: severity.map_or(Severity::MustAgree, |word| word.value),
            };
            draft.rights.push((name.span, right));
        }
    }
    top.finish(desk);
}
