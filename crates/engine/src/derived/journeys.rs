//! The journeys of a part as bytes. Facts, texts and people are named by their numbers in the part.

use handfast_kernels::journey::{Buyer, Deal, End, Journeys, Lead, LeftBy, Moment, Pursuit, Visit};
use handfast_model::rules::{StepIx, StepRole};
use handfast_model::{FactId, Issue, IssueCode, Sym};

use super::bytes::{In, Out};
use super::facts::{People, maybe_sym, number};

const ROLES: [StepRole; 6] = [
    StepRole::Path,
    StepRole::Detour,
    StepRole::Won,
    StepRole::Lost,
    StepRole::Disqualified,
    StepRole::Dormant,
];

/// Appends journeys.
pub(super) fn write(journeys: &Journeys, people: &mut People, out: &mut Out) {
    out.count(journeys.pursuits.len());
    for pursuit in &journeys.pursuits {
        out.wide(pursuit.id.0);
        write_pursuit(pursuit, people, out);
    }
    write_deals(&journeys.deals, people, out);
    write_leads(&journeys.leads, people, out);
    out.count(journeys.issues.len());
    for issue in &journeys.issues {
        let codes = IssueCode::ALL.iter();
        out.count(codes.take_while(|code| **code != issue.code).count());
        out.byte(u8::from(issue.fact.is_some()));
        if let Some(id) = &issue.fact {
            out.wide(id.0);
        }
    }
}

/// Appends deals.
pub(super) fn write_deals(deals: &[Deal], people: &mut People, out: &mut Out) {
    out.count(deals.len());
    deals.iter().for_each(|deal| write_deal(deal, people, out));
}

/// Appends leads.
pub(super) fn write_leads(leads: &[Lead], people: &mut People, out: &mut Out) {
    out.count(leads.len());
    for lead in leads {
        out.number(u64::from(people.number(lead.person)));
        write_moment(&lead.created, out);
        out.number(u64::from(lead.fact));
        for maybe in [lead.pursuit, lead.assigned, lead.worked] {
            out.maybe(maybe);
        }
    }
}

fn write_moment(moment: &Moment, out: &mut Out) {
    out.when(moment.when);
    out.maybe_instant(moment.at);
}

fn write_role(role: StepRole, out: &mut Out) {
    let number = ROLES.iter().take_while(|other| **other != role).count();
    out.byte(number as u8);
}

/// Appends numbers that mostly ascend.
pub(super) fn write_list(list: &[u32], out: &mut Out) {
    out.count(list.len());
    let mut last = 0;
    for number in list {
        out.signed(i64::from(*number) - last);
        last = i64::from(*number);
    }
}

fn write_pursuit(pursuit: &Pursuit, people: &mut People, out: &mut Out) {
    match pursuit.buyer {
        Buyer::Account(sym) => {
            out.byte(0);
            out.count(sym.index());
        }
        Buyer::Person(person) => {
            out.byte(1);
            out.number(u64::from(people.number(person)));
        }
        Buyer::Deal(sym) => {
            out.byte(2);
            out.count(sym.index());
        }
    }
    write_moment(&pursuit.opened, out);
    out.byte(u8::from(pursuit.end.is_some()));
    if let Some(end) = &pursuit.end {
        write_role(end.role, out);
        out.maybe(end.step.map(|step| u32::from(step.0)));
        write_moment(&end.moment, out);
        out.maybe(end.fact);
    }
    out.count(pursuit.people.len());
    for person in &pursuit.people {
        out.number(u64::from(people.number(*person)));
    }
    out.maybe(pursuit.account.map(number));
    out.maybe(pursuit.deal);
    write_list(&pursuit.touches, out);
    out.maybe(pursuit.entry_touch);
    out.count(pursuit.visits.len());
    for visit in &pursuit.visits {
        write_visit(visit, out);
    }
    out.maybe_instant(pursuit.silent_at);
}

fn write_visit(visit: &Visit, out: &mut Out) {
    out.byte(visit.step.0);
    write_moment(&visit.entered, out);
    out.byte(u8::from(visit.left.is_some()));
    if let Some(left) = &visit.left {
        write_moment(left, out);
    }
    let ways = LeftBy::ALL.iter();
    let way = ways.take_while(|way| **way != visit.left_by).count() as u8;
    out.byte(way << 1 | u8::from(visit.is_implied));
    out.maybe(visit.rep.map(number));
    out.maybe(visit.team.map(number));
    out.maybe(visit.evidence);
}

fn write_deal(deal: &Deal, people: &mut People, out: &mut Out) {
    out.count(deal.key.index());
    out.maybe(deal.account.map(number));
    out.maybe(deal.person.map(|person| people.number(person)));
    write_list(&deal.versions, out);
    write_moment(&deal.created, out);
    write_moment(&deal.known_from, out);
    out.byte(u8::from(deal.closed.is_some()));
    if let Some(closed) = &deal.closed {
        write_moment(closed, out);
    }
    out.byte(u8::from(deal.outcome.is_some()));
    if let Some(role) = deal.outcome {
        write_role(role, out);
    }
    out.number(u64::from(deal.pursuit));
}

/// Reads journeys.
pub(super) fn read(from: &mut In<'_>, syms: &[Sym], people: &People) -> Option<Journeys> {
    let reader = Reader { syms, people };
    Some(Journeys {
        pursuits: from.list(|from| reader.pursuit(from))?,
        deals: from.list(|from| reader.deal(from))?,
        leads: from.list(|from| reader.lead(from))?,
        issues: from.list(|from| reader.issue(from))?,
    })
}

/// Reads deals.
pub(super) fn read_deals(from: &mut In<'_>, syms: &[Sym], people: &People) -> Option<Vec<Deal>> {
    let reader = Reader { syms, people };
    from.list(|from| reader.deal(from))
}

/// Reads leads.
pub(super) fn read_leads(from: &mut In<'_>, syms: &[Sym], people: &People) -> Option<Vec<Lead>> {
    let reader = Reader { syms, people };
    from.list(|from| reader.lead(from))
}

/// What numbers stand for.
struct Reader<'a> {
    syms: &'a [Sym],
    people: &'a People,
}

impl Reader<'_> {
    fn sym(&self, from: &mut In<'_>) -> Option<Sym> {
        self.syms.get(from.number_32()? as usize).copied()
    }

    fn pursuit(&self, from: &mut In<'_>) -> Option<Pursuit> {
        Some(Pursuit {
            id: FactId(from.wide()?),
            buyer: match from.byte()? {
                0 => Buyer::Account(self.sym(from)?),
                1 => Buyer::Person(self.people.of(from)?),
                2 => Buyer::Deal(self.sym(from)?),
                _ => return None,
            },
            opened: moment(from)?,
            end: if_given(from, end)?,
            people: from.list(|from| self.people.of(from))?,
            account: maybe_sym(from, self.syms)?,
            deal: from.maybe()?,
            touches: places(from)?,
            entry_touch: from.maybe()?,
            visits: from.list(|from| self.visit(from))?,
            silent_at: from.maybe_instant()?,
        })
    }

    fn visit(&self, from: &mut In<'_>) -> Option<Visit> {
        let step = StepIx(from.byte()?);
        let entered = moment(from)?;
        let left = if_given(from, moment)?;
        let way = from.byte()?;
        Some(Visit {
            step,
            entered,
            left,
            left_by: *LeftBy::ALL.get(usize::from(way >> 1))?,
            is_implied: way & 1 == 1,
            rep: maybe_sym(from, self.syms)?,
            team: maybe_sym(from, self.syms)?,
            evidence: from.maybe()?,
        })
    }

    fn deal(&self, from: &mut In<'_>) -> Option<Deal> {
        Some(Deal {
            key: self.sym(from)?,
            account: maybe_sym(from, self.syms)?,
            person: self.people.maybe_of(from)?,
            versions: places(from)?,
            created: moment(from)?,
            known_from: moment(from)?,
            closed: if_given(from, moment)?,
            outcome: if_given(from, role)?,
            pursuit: from.number_32()?,
        })
    }

    fn lead(&self, from: &mut In<'_>) -> Option<Lead> {
        Some(Lead {
            person: self.people.of(from)?,
            created: moment(from)?,
            fact: from.number_32()?,
            pursuit: from.maybe()?,
            assigned: from.maybe()?,
            worked: from.maybe()?,
        })
    }

    fn issue(&self, from: &mut In<'_>) -> Option<Issue> {
        let code = *IssueCode::ALL.get(usize::try_from(from.number()?).ok()?)?;
        let fact = if_given(from, |from| from.wide().map(FactId))?;
        Some(Issue { code, fact })
    }
}

fn if_given<T>(from: &mut In<'_>, read: impl Fn(&mut In<'_>) -> Option<T>) -> Option<Option<T>> {
    match from.byte()? {
        0 => Some(None),
        1 => read(from).map(Some),
        _ => None,
    }
}

fn moment(from: &mut In<'_>) -> Option<Moment> {
    Some(Moment {
        when: from.when()?,
        at: from.maybe_instant()?,
    })
}

fn role(from: &mut In<'_>) -> Option<StepRole> {
    ROLES.get(usize::from(from.byte()?)).copied()
}

fn end(from: &mut In<'_>) -> Option<End> {
    let role = role(from)?;
    let step = match from.maybe()? {
        None => None,
        Some(step) => Some(StepIx(u8::try_from(step).ok()?)),
    };
    Some(End {
        role,
        step,
        moment: moment(from)?,
        fact: from.maybe()?,
    })
}

/// Reads what [`write_list`] appends.
pub(super) fn places(from: &mut In<'_>) -> Option<Vec<u32>> {
    let steps = from.list(In::signed)?;
    let mut last = 0_i64;
    let add = |step: i64| {
        last = last.checked_add(step)?;
        u32::try_from(last).ok()
    };
    steps.into_iter().map(add).collect()
}
