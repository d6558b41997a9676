//! I7: what is kept of derived state is what deriving everything gives, member by member.

use handfast_model::{Breaches, Fact, Invariant, Seq};

use super::{deal_named, named};
use crate::cells::Part;

/// Two parts of one moment, whatever numbers their texts have: the first place of each list at
/// which they differ.
pub fn same(kept: Part, mut whole: Part) -> Breaches {
    let mut names = kept.snapshot.names.clone();
    let syms = names.take_in(&whole.snapshot.names);
    whole.rename(|sym| syms.get(sym.index()).copied().unwrap_or(sym));
    let mut found = Breaches::default();
    let mut say = |at: Option<String>, list: &str| {
        found.add(Invariant::Derived, Seq(0), || {
            let what = format!("its {list} is not what deriving everything gives");
            (at.unwrap_or_else(|| "data/derived".to_owned()), what)
        });
    };
    let (ours, theirs) = (&kept.snapshot.facts, &whole.snapshot.facts);
    if let Some(at) = apart(ours, theirs, is_one) {
        say(one_of(ours, theirs, at).map(named), "fact");
    }
    if let Some(at) = apart(&kept.given, &whole.given, |a, b| a == b) {
        let given = one_of(&kept.given, &whole.given, at);
        let fact = given.and_then(|given| ours.get(given.fact as usize));
        say(fact.map(named), "keys as sources gave them");
    }
    let (ours, theirs) = (&kept.journeys, &whole.journeys);
    if let Some(at) = apart(&ours.pursuits, &theirs.pursuits, |a, b| a == b) {
        let pursuit = one_of(&ours.pursuits, &theirs.pursuits, at);
        let told = |id| format!("pursuit opened by fact {id}");
        say(pursuit.map(|pursuit| told(pursuit.id)), "pursuit");
    }
    if let Some(at) = apart(&ours.deals, &theirs.deals, |a, b| a == b) {
        let deal = one_of(&ours.deals, &theirs.deals, at);
        say(deal.map(|deal| deal_named(&names, deal.key)), "deal");
    }
    if let Some(at) = apart(&ours.leads, &theirs.leads, |a, b| a == b) {
        let lead = one_of(&ours.leads, &theirs.leads, at);
        say(lead.map(|lead| format!("person {}", lead.person)), "lead");
    }
    if let Some(at) = apart(&ours.issues, &theirs.issues, |a, b| a == b) {
        let issue = one_of(&ours.issues, &theirs.issues, at);
        let fact = issue.and_then(|issue| issue.fact);
        say(fact.map(|fact| format!("fact {fact}")), "issue");
    }
    found
}

/// The first place at which two lists differ.
fn apart<T>(a: &[T], b: &[T], is_one: impl Fn(&T, &T) -> bool) -> Option<usize> {
    let at = a.iter().zip(b).position(|(a, b)| !is_one(a, b));
    at.or_else(|| (a.len() != b.len()).then(|| a.len().min(b.len())))
}

fn one_of<'a, T>(a: &'a [T], b: &'a [T], at: usize) -> Option<&'a T> {
    a.get(at).or_else(|| b.get(at))
}

/// Whether two facts say the same.
fn is_one(a: &Fact, b: &Fact) -> bool {
    let what = |fact: &Fact| (fact.id, fact.kind, fact.happened, fact.is_assumed);
    let when = |fact: &Fact| (fact.seq, fact.recorded_at, fact.origin);
    let whom = |fact: &Fact| {
        (
            fact.person,
            fact.account,
            fact.deal,
            fact.campaign,
            fact.rep,
        )
    };
    what(a) == what(b) && when(a) == when(b) && whom(a) == whom(b) && a.attributes == b.attributes
}
