//! Disputed deals: the stories of both teams, the ruling, and the ruling as a case that later
//! charters are tested against.
//!
//! Stories and rulings are acts; what a deal's touches earn is asked of the engine. This module
//! knows no weight and no model; it refuses to judge who is right.

pub mod case;
mod show;
#[cfg(test)]
mod tests;

use handfast_model::question::AsOf;
use handfast_model::{Charter, Instant, Refusal, Seq};

use crate::agree::doing::line;
use crate::agree::sight::Sight;
use crate::agree::{in_force, refuse};
use crate::book::Book;
use case::Case;

pub use show::{Shown, show};

/// One team's side of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Story {
    /// The commit.
    pub seq: Seq,
    /// When.
    pub at: Instant,
    /// Whose: a team of the charter.
    pub team: String,
    /// Who tells it.
    pub by: String,
    /// What.
    pub words: String,
    /// Facts that show it, each as `FILE:LINE`.
    pub evidence: Vec<String>,
}

/// A decision.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Ruling {
    /// The commit.
    pub seq: Seq,
    /// When.
    pub at: Instant,
    /// Whose.
    pub by: String,
    /// What.
    pub words: String,
    /// What later charters must not overturn unseen; a later ruling does not take it away.
    pub case: Option<Case>,
}

/// A disputed deal.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Dispute {
    /// The deal's key.
    pub deal: String,
    /// Oldest first.
    pub stories: Vec<Story>,
    /// Oldest first; the last one counts.
    pub rulings: Vec<Ruling>,
}

impl Dispute {
    /// The ruling that counts.
    pub fn ruling(&self) -> Option<&Ruling> {
        self.rulings.last()
    }
}

/// All disputes as known then, in the order in which they began.
pub fn disputes(book: &Book, as_of: AsOf) -> Result<Vec<Dispute>, Refusal> {
    let mut found: Vec<Dispute> = Vec::new();
    for act in book.ledger.acts(&["dispute", "ruling"], as_of)? {
        let deal = act.text("deal");
        let place = found.iter().position(|one| one.deal == deal);
        let place = place.unwrap_or_else(|| {
            found.push(Dispute {
                deal: deal.to_owned(),
                stories: Vec::new(),
                rulings: Vec::new(),
            });
            found.len() - 1
        });
        let Some(dispute) = found.get_mut(place) else {
            continue;
        };
        let text = |name: &str| act.text(name).to_owned();
        match act.word.as_str() {
            "dispute" => dispute.stories.push(Story {
                seq: act.seq,
                at: act.recorded_at,
                team: text("team"),
                by: text("by"),
                words: text("story"),
                evidence: act.text("evidence").lines().map(str::to_owned).collect(),
            }),
            _ => dispute.rulings.push(Ruling {
                seq: act.seq,
                at: act.recorded_at,
                by: text("by"),
                words: text("ruling"),
                case: Case::parse(act.text("case")),
            }),
        }
    }
    Ok(found)
}

/// A story to be told.
pub struct Telling<'a> {
    /// The deal's key.
    pub deal: &'a str,
    /// A team of the charter in force.
    pub team: &'a str,
    /// Who tells it.
    pub by: &'a str,
    /// What.
    pub story: &'a str,
    /// Facts of the deal, as `FILE:LINE`.
    pub evidence: &'a [String],
}

/// Keeps a team's story about a deal.
pub fn tell(book: &Book, told: &Telling<'_>, now: Instant) -> Result<Seq, Refusal> {
    let (charter, _) = book.charter(AsOf::Latest, None)?;
    if !charter.teams.iter().any(|team| team.id == told.team) {
        let teams: Vec<&str> = charter.teams.iter().map(|team| team.id.as_str()).collect();
        let why = format!("`{}` is no team of the charter", told.team);
        return Err(refused(
            why,
            format!("--team with one of: {}", teams.join(", ")),
        ));
    }
    let sight = Sight::of(book, charter, false)?;
    let journey = show::journey(&sight, told.deal)?;
    for evidence in told.evidence {
        if !show::is_in(&journey, evidence) {
            let why = format!("`{evidence}` shows nothing of `{}`", told.deal);
            let fix = "--evidence FILE:LINE, as `handfast deal show` lists them: leads.csv:12";
            return Err(refused(why, fix));
        }
    }
    let texts = [
        ("deal", told.deal.to_owned()),
        ("team", told.team.to_owned()),
        ("by", line(told.by)),
        ("story", line(told.story)),
        ("evidence", told.evidence.join("\n")),
    ];
    let texts = texts.map(|(name, text)| (name.to_owned(), text)).to_vec();
    let note = format!("{} disputes {}", told.team, told.deal);
    book.ledger.act("dispute", &note, texts, now)
}

/// A ruling that was kept.
pub struct Ruled {
    /// The commit.
    pub seq: Seq,
    /// Whether the charter in force gives what it says; none where that cannot be told.
    pub holds: Option<bool>,
    /// What the charter in force gives.
    pub given: Option<String>,
}

/// Keeps a ruling on a disputed deal.
pub fn rule(
    book: &Book,
    deal: &str,
    (by, ruling): (&str, &str),
    case: Option<Case>,
    now: Instant,
) -> Result<Ruled, Refusal> {
    let (charter, _) = book.charter(AsOf::Latest, None)?;
    if !book.held.teams().is_empty() {
        // Of a deal of another team nobody is told whether it is disputed.
        Sight::of(book, charter.clone(), false)?.deal(deal)?;
    }
    if !disputes(book, AsOf::Latest)?
        .iter()
        .any(|one| one.deal == deal)
    {
        let fix = "handfast deal dispute BOOK DEAL --team TEAM --by NAME --story TEXT";
        return Err(refused(format!("nobody disputes `{deal}`"), fix));
    }
    let (holds, given) = match &case {
        Some(case) => {
            let story = Sight::of(book, charter, false)?.deal(deal)?;
            (case.holds(&story), case.given(&story))
        }
        None => (None, None),
    };
    let texts = [
        ("deal", deal.to_owned()),
        ("by", line(by)),
        ("ruling", line(ruling)),
        ("case", case.map_or_else(String::new, |case| case.text())),
    ];
    let texts = texts.map(|(name, text)| (name.to_owned(), text)).to_vec();
    let seq = book
        .ledger
        .act("ruling", &format!("ruling on {deal}"), texts, now)?;
    Ok(Ruled { seq, holds, given })
}

/// A case that drafts are tested against.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Standing {
    /// The deal.
    pub deal: String,
    /// The commit of the ruling.
    pub seq: Seq,
    /// Whose it is.
    pub by: String,
    /// What it says.
    pub case: Case,
}

/// A case under two charters.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Tried {
    /// The deal.
    pub deal: String,
    /// The commit of the ruling.
    pub seq: Seq,
    /// Whose it is.
    pub by: String,
    /// The case in words.
    pub case: String,
    /// Whether the charter in force gives it; none where it cannot be told.
    pub now: Option<bool>,
    /// Whether the draft does.
    pub draft: Option<bool>,
}

impl Tried {
    /// Whether the draft would overturn the ruling: it is given now and would not be any more.
    pub fn is_overturned(&self) -> bool {
        self.now == Some(true) && self.draft != Some(true)
    }
}

/// The cases of all rulings, deal by deal, oldest first; what several say is there once.
///
/// Whoever rules later, alone and unsigned, takes no case away: both sides do, by signing a draft
/// that overturns it. After that it is not what the charter in force gives, and stops nobody.
pub fn cases(book: &Book) -> Result<Vec<Standing>, Refusal> {
    let mut cases: Vec<Standing> = Vec::new();
    for dispute in disputes(book, AsOf::Latest)? {
        for ruling in dispute.rulings {
            let Some(case) = ruling.case else { continue };
            cases.retain(|one| one.deal != dispute.deal || one.case != case);
            cases.push(Standing {
                deal: dispute.deal.clone(),
                seq: ruling.seq,
                by: ruling.by,
                case,
            });
        }
    }
    Ok(cases)
}

/// Every case under the charter in force and under a draft.
pub(crate) fn tried(cases: &[Standing], old: &Sight, new: &Sight) -> Result<Vec<Tried>, Refusal> {
    let holds = |sight: &Sight, deal: &str, case: &Case| match sight.deal(deal) {
        Ok(story) => Ok(case.holds(&story)),
        // A deal that left the book since cannot be told of.
        Err(refusal) if refusal.code == "E0289" => Ok(None),
        Err(refusal) => Err(refusal),
    };
    let tried = cases.iter().map(|one| {
        Ok(Tried {
            deal: one.deal.clone(),
            seq: one.seq,
            by: one.by.clone(),
            case: one.case.words(),
            now: holds(old, &one.deal, &one.case)?,
            draft: holds(new, &one.deal, &one.case)?,
        })
    });
    tried.collect()
}

/// What a draft does to rulings.
pub(crate) struct Rulings {
    /// Deals of which it overturns one.
    pub overturned: Vec<String>,
    /// Rulings that nobody can tell of now, in words.
    pub untold: Vec<String>,
}

/// What becomes of rulings; refused unless the deals of those that the draft overturns are exactly
/// those that the signer names.
pub(crate) fn signing(
    book: &Book,
    (old, new): (Charter, Charter),
    named: &[String],
) -> Result<Rulings, Refusal> {
    let cases = cases(book)?;
    let (mut deals, mut untold) = (Vec::new(), Vec::new());
    if !cases.is_empty() {
        let is_in_force = in_force(book, AsOf::Latest)?.is_some_and(|now| now.hash() == old.hash);
        let old = Sight::of(book, old, !is_in_force)?;
        let new = Sight::of(book, new, true)?;
        for one in tried(&cases, &old, &new)? {
            match one.now {
                None => untold.push(format!("{} ({}): {}", one.deal, one.by, one.case)),
                Some(_) if one.is_overturned() => deals.push((one.deal, one.case)),
                Some(_) => {}
            }
        }
    }
    if let Some((deal, case)) = deals.iter().find(|(deal, _)| !named.contains(deal)) {
        let why = format!("the draft would overturn the ruling on `{deal}`: {case}");
        let fix = format!("--overturning {deal} says that your side knows; both must say so");
        return Err(refuse::overturns(why, fix));
    }
    if let Some(other) = named
        .iter()
        .find(|one| deals.iter().all(|(deal, _)| deal != *one))
    {
        let why = format!("the draft overturns no ruling on `{other}`");
        let fix = "leave --overturning out; handfast charter rehearse lists the rulings";
        return Err(refuse::overturns(why, fix));
    }
    let mut overturned: Vec<String> = deals.into_iter().map(|(deal, _)| deal).collect();
    overturned.dedup();
    Ok(Rulings { overturned, untold })
}

fn refused(why: String, fix: impl Into<String>) -> Refusal {
    Refusal::new("E0290", why)
        .matters("nothing was written")
        .fix(fix)
}
