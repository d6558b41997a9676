//! `brand.toml`: which touches the brand has a part in.

use handfast_model::rules::{Brand, Expr};

use super::{Draft, Rules};
use crate::check::CONTRADICTION;
use crate::expression::About;
use crate::fields::{Fields, Key, key};
use crate::place::Desk;
use handfast_model::Refusal;

const BRAND: Key = key(
    "brand",
    "[brand]\nactivity = \"touch.medium = 'podcast'\"",
    "it says which touches the brand has a part in",
);
const DIRECT: Key = key(
    "direct",
    "\"touch.medium = 'none'\"",
    "it tells who came by themselves",
);
const BRANDED: Key = key(
    "branded",
    "\"touch.term LIKE '%acme%'\"",
    "it tells who looked for the name",
);
const ACTIVITY: Key = key(
    "activity",
    "\"touch.medium IN ('podcast', 'press')\"",
    "it tells what shows the name and asks for nothing",
);

pub(super) fn brand(
    desk: &mut Desk<'_>,
    mut top: Fields<'_>,
    draft: &mut Draft,
    rules: &Rules<'_>,
) {
    if let Some(mut table) = top.table(desk, &BRAND, "[brand]") {
        let [direct, branded, activity] =
            [&DIRECT, &BRANDED, &ACTIVITY].map(|key| rule(desk, &mut table, key, rules));
        table.finish(desk);
        draft.brand = Brand {
            direct,
            branded,
            activity,
        };
    }
    top.finish(desk);
}

/// A rule over one touch by itself.
fn rule(desk: &mut Desk<'_>, table: &mut Fields<'_>, key: &Key, rules: &Rules<'_>) -> Option<Expr> {
    let text = table.text(desk, key)?;
    let expr = rules.read(desk, &text, About::Touch, key.matters).expr?;
    let mut counts = false;
    expr.each_count(&mut |_| counts = true);
    if counts {
        let title = format!("`{}` is of one touch, and counts others", key.name);
        let refusal = Refusal::new(CONTRADICTION, title)
            .matters("what a touch is does not change with how many there are beside it")
            .fix("name what the touch itself says: touch.medium = 'podcast'");
        desk.refuse(text.span, refusal);
        return None;
    }
    Some(expr)
}
