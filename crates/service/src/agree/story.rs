//! The story of a book's charters, as the log tells it.

use handfast_charter::{Change, diff};
use handfast_model::question::AsOf;
use handfast_model::rules::Side;
use handfast_model::{Charter, Instant, Refusal, Seq};

use super::mode::Mode;
use super::state::{Agreed, Agreement, Draft, Remark, Signer};
use super::{SIDES, moment};
use crate::book::Book;

/// Something that happened.
pub struct Event {
    /// The commit; none where a day came that was agreed before.
    pub seq: Option<Seq>,
    /// When.
    pub at: Instant,
    /// What, in a line.
    pub what: String,
    /// More lines about it.
    pub more: Vec<String>,
}

/// Everything that happened until now, oldest first.
pub fn story(book: &Book) -> Result<Vec<Event>, Refusal> {
    let agreement = Agreement::read(book, AsOf::Latest)?;
    let mut events = published(book)?;
    signers(&agreement, &mut events);
    for draft in &agreement.drafts {
        of_draft(book, draft, &mut events)?;
    }
    for bad in &agreement.bad {
        let at = book.ledger.resolve(AsOf::Seq(bad.seq))?.1;
        let what = format!("DOES NOT HOLD: {}", bad.what);
        events.push(event(bad.seq, at.unwrap_or(Instant(0)), what));
    }
    let now = moment(book, AsOf::Latest)?;
    events.retain(|event| event.at <= now);
    events.sort_by_key(|event| (event.at, event.seq.is_none(), event.seq));
    Ok(events)
}

/// The versions that were published without signatures.
fn published(book: &Book) -> Result<Vec<Event>, Refusal> {
    let mut events = Vec::new();
    for entry in book.ledger.history(u64::from(u32::MAX))? {
        if let Some(hash) = entry.note.strip_prefix("charter blake3:") {
            let what = format!("in force: blake3:{hash}, published by {}", entry.author);
            events.push(event(entry.seq, entry.recorded_at, what));
        }
    }
    Ok(events)
}

/// Who may sign, with which vouchers, and who not any more.
fn signers(agreement: &Agreement, events: &mut Vec<Event>) {
    for (nth, signer) in agreement.introduced.iter().enumerate() {
        let voucher = signer.voucher.iter();
        let voucher: String = voucher
            .map(|name| format!(", vouched for by {name}"))
            .collect();
        let (name, side, team) = (&signer.name, signer.side.word(), &signer.team);
        let what = format!("{name} may sign for {side} (team {team}){voucher}");
        let mut added = event(signer.seq, signer.at, what);
        let before = agreement.introduced.get(..nth).unwrap_or_default();
        let had_left = |known: &Signer| {
            let mut removed = agreement.removed.iter();
            removed.any(|one| one.name == *name && known.seq < one.seq && one.seq < signer.seq)
        };
        let known = before.iter().rfind(|known| known.name == *name);
        if known.is_some_and(|known| !had_left(known)) {
            let more = "with a new key; the one before signs nothing any more";
            added.more.push(more.to_owned());
        }
        events.push(added);
    }
    for one in &agreement.removed {
        let (name, side, by) = (&one.name, one.side.word(), &one.by);
        let what = format!("{name} signs for {side} no more ({by}): {}", one.why);
        events.push(event(one.seq, one.at, what));
    }
}

/// Who said it, and whether a key shows that.
fn speaker(remark: &Remark) -> String {
    match remark.is_signed {
        true => format!("{} (signed)", remark.by),
        false => remark.by.clone(),
    }
}

fn of_draft(book: &Book, draft: &Draft, events: &mut Vec<Event>) -> Result<(), Refusal> {
    let (name, by) = (&draft.name, &draft.by);
    let mut drafted = event(
        draft.seq,
        draft.at,
        format!(
            "{by} proposes `{name}`, {}: {}",
            draft.mode.word(),
            draft.why
        ),
    );
    drafted.more.push(draft.hash.clone());
    match draft.charter() {
        Ok(charter) => drafted.more.extend(changes(book, draft.seq, &charter)?),
        Err(refusal) => drafted
            .more
            .push(format!("cannot be read: {}", refusal.title)),
    }
    events.push(drafted);
    for remark in &draft.remarks {
        let what = format!("{} on `{name}`: {}", speaker(remark), remark.words);
        events.push(event(remark.seq, remark.at, what));
    }
    for one in &draft.signatures {
        let (side, signed) = (one.side.word(), &one.statement);
        let (signer, from, mode) = (&signed.signer, signed.from, signed.mode.word());
        let what = format!("{signer} signs `{name}` for {side}, from {from}, {mode}");
        let mut given = event(one.seq, one.at, what);
        given.more.extend(signed.conceding.iter().map(|one| {
            format!(
                "{side} concedes {} ({signer}): {}",
                one.definition, one.words
            )
        }));
        let overturned = signed.overturning.iter();
        given
            .more
            .extend(overturned.map(|deal| format!("overturns the ruling on {deal}")));
        events.push(given);
    }
    if let Some(end) = &draft.withdrawn {
        let what = format!("{} withdraws `{name}`: {}", speaker(end), end.words);
        events.push(event(end.seq, end.at, what));
    }
    events.extend(draft.agreed.as_ref().map(|agreed| came(draft, agreed)));
    Ok(())
}

/// The day of a draft that both sides signed.
fn came(draft: &Draft, agreed: &Agreed) -> Event {
    let (name, mode) = (&draft.name, draft.mode.word());
    let before = format!(
        "what happened before {} stays as the charter before it says",
        agreed.from
    );
    Event {
        seq: None,
        at: agreed.effective,
        what: format!(
            "in force: `{name}` {}, {mode}, signed by both sides",
            draft.identity()
        ),
        more: match draft.mode {
            Mode::Retroactive => Vec::new(),
            Mode::ForwardOnly => vec![before],
        },
    }
}

/// What a draft changed of the charter in force when it was proposed, with whose word counts.
fn changes(book: &Book, seq: Seq, charter: &Charter) -> Result<Vec<String>, Refusal> {
    let Some(old) = super::in_force(book, AsOf::Seq(seq))? else {
        return Ok(Vec::new());
    };
    let old = old.charter(book)?;
    let changes = diff(&old, charter);
    Ok(changes.iter().map(|change| told(change, &old)).collect())
}

/// A change with its severity and whose word counts, by the rights of the charter it changes.
pub fn told(change: &Change, old: &Charter) -> String {
    let right = old.right(&change.what);
    let decides = right
        .decides
        .map_or("both sides decide", |side| match side {
            Side::Marketing => "marketing decides",
            _ => "sales decides",
        });
    let text = change.to_string();
    let (head, rest) = text.split_once('\n').unwrap_or((&text, ""));
    format!("{head}  [{}; {decides}]\n{rest}", right.severity.word())
}

/// Where a draft stands, in words.
pub fn standing(all: &Agreement, draft: &Draft, now: Instant) -> String {
    // The one that came after it, if its day has come too.
    let next = |agreed: &Agreed| {
        let others = all.drafts.iter().filter_map(|other| other.agreed);
        let later = others.filter(|other| {
            (other.effective, other.seq) > (agreed.effective, agreed.seq) && other.effective <= now
        });
        later.map(|other| other.effective).min()
    };
    let named = |side: Side| {
        let signed = draft.signed_by(side)?;
        let (signer, from) = (&signed.statement.signer, signed.statement.from);
        Some(format!(
            "signed for {} by {signer}, from {from}",
            side.word()
        ))
    };
    let signed: Vec<String> = SIDES.into_iter().filter_map(named).collect();
    match (&draft.agreed, &draft.withdrawn) {
        (Some(agreed), _) if agreed.effective <= now => match next(agreed) {
            None => format!("in force since {}", agreed.effective),
            Some(end) => format!("was in force from {} until {end}", agreed.effective),
        },
        (Some(agreed), _) => format!("agreed, in force from {}", agreed.effective),
        (None, Some(end)) => format!("withdrawn by {}: {}", end.by, end.words),
        (None, None) => match signed.as_slice() {
            [] => "proposed".to_owned(),
            [one] => one.clone(),
            both => {
                let why = draft.differs().unwrap_or_default();
                format!("not agreed: {}; {why}", both.join("; "))
            }
        },
    }
}

fn event(seq: Seq, at: Instant, what: String) -> Event {
    Event {
        seq: Some(seq),
        at,
        what,
        more: Vec::new(),
    }
}
