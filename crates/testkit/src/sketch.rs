//! A charter in a few lines, for cases: the path, what is beside it, what opens and ends.
//!
//! ```text
//! zone       Europe/Berlin
//! path       mql, sql, proposal, won
//! implied    mql, sql
//! detour     recycled
//! lost       lost
//! opens      lead, deal, touch demo_request
//! dormant    90 days without call, meeting
//! attribute  person.score number
//! enters     mql when person.score >= 65
//! exits      mql when person.score < 20
//! by-rule    mql
//! months     4-5-4 from 2, weeks from sunday, year ends last, named by start
//! rates      at_close through USD
//! plan       USD 0.92
//! email      no
//! domains    any
//! apart      @Acme, @Bolt
//! within     sql 5 days
//! likely     sql 0.25
//! segment    hot when person.score >= 50
//! credit     90 days of roles without mass_email
//! model      ours first 40 last 40 between 20 equal
//! half-life  14 days
//! direct     direct, referral
//! champion   left when person.status = 'left'
//! milestone  lead mql
//! brand      direct when touch.medium = 'none'
//! hours      weekdays 09:00-12:30, 13:30-17:00
//! hours      saturday 09:00-12:00
//! holiday    2025-12-25
//! clock      inside America/New_York
//! team       inside sales
//! owner      inside sql, proposal
//! handoff    call to sales within 8 business hours of assignment, reasons junk / no budget
//! handoff    look to sales within 2 days of entry mql, silence accepted
//! before     2025-06-01 enters mql when person.score >= 80
//! before     2025-06-01 absent sal
//! ```
//!
//! A step's mark is its id. Steps stand in the order in which they are named. Rules are those of
//! charters; a step listed `by-rule` is placed by its rule only. What stands behind `before` and a
//! day is all that is said of stages and openings up to that day.

use std::collections::BTreeMap;

use handfast_charter::{parse_condition, shipped_metrics};
use handfast_model::credit::{
    Attribution, CreditModel, Milestone, ModelKind, NobodyBetween, PeopleRule, Positions,
};
use handfast_model::hours::{Handoff, Hours, Party, Shift, Silence, Starts, Within};
use handfast_model::identity::ByDomain;
use handfast_model::pricing::{Pricing, RatePolicy};
use handfast_model::rules::{
    Brand, ChannelRule, Charter, DeclaredAttribute, Dormant, Earlier, Opening, Precedence, Side,
    StageType, Step, StepIx, StepRole, Subject, Team, ValueKind,
};
use handfast_model::time::{MonthScheme, Weekday, YearEnd, YearName};
use handfast_model::{Calendar, Currency, Day, Decimal, IdentityRules};

/// Reads a sketch. The error names the line that was not understood.
pub fn charter(text: &str) -> Result<Charter, String> {
    let calendar = Calendar::in_zone("UTC").ok_or("no UTC")?;
    let mut charter = blank(calendar);
    let mut before: BTreeMap<Day, Vec<&str>> = BTreeMap::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let why = |why: String| format!("`{line}`: {why}");
        let (word, rest) = words(line);
        if word == "before" {
            let (day, rest) = words(rest);
            let day = Day::parse(day).ok_or_else(|| why("before 2025-06-01 …".to_owned()))?;
            before.entry(day).or_default().push(rest);
            continue;
        }
        read_line(&mut charter, word, rest).map_err(why)?;
    }
    for (day, lines) in before {
        let earlier = earlier(&charter, day, &lines)?;
        charter.earlier.push(earlier);
    }
    Ok(charter)
}

fn words(line: &str) -> (&str, &str) {
    let (word, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    (word, rest.trim())
}

/// What lines say of stages and openings up to a day.
fn earlier(charter: &Charter, day: Day, lines: &[&str]) -> Result<Earlier, String> {
    let mut then = charter.clone();
    for step in &mut then.steps {
        let plain = plain_step(&step.id, step.role);
        *step = Step {
            kind: step.kind,
            ..plain
        };
    }
    for line in lines {
        let (word, rest) = words(line);
        if word == "absent" {
            let step = then.steps.iter_mut().find(|step| step.id == rest);
            step.ok_or("no such step")?.marks.clear();
            continue;
        }
        read_line(&mut then, word, rest).map_err(|why| format!("`before {line}`: {why}"))?;
    }
    Ok(Earlier {
        until: charter.calendar.start_of(day),
        charter: format!("blake3:before-{day}"),
        steps: then.steps,
        opening: then.opening,
    })
}

/// The step of an id.
pub fn step(charter: &Charter, id: &str) -> Option<StepIx> {
    let found = (0u8..).zip(&charter.steps).find(|(_, step)| step.id == id);
    found.map(|(index, _)| StepIx(index))
}

fn blank(calendar: Calendar) -> Charter {
    Charter {
        hash: "blake3:sketch".to_owned(),
        name: "Sketch".to_owned(),
        calendar,
        currency: Currency::parse("EUR"),
        pricing: Pricing::default(),
        terms: Vec::new(),
        teams: vec![Team {
            id: "sales".to_owned(),
            side: Side::Sales,
        }],
        steps: Vec::new(),
        opening: Opening {
            touch_kinds: Vec::new(),
            by_lead: true,
        },
        earlier: Vec::new(),
        dormant: None,
        channels: Vec::new(),
        segments: Vec::new(),
        attributes: Vec::new(),
        identity: IdentityRules::default(),
        attribution: Attribution::default(),
        hours: None,
        handoffs: Vec::new(),
        rights: Vec::new(),
        catalogue: shipped_metrics().clone(),
        brand: Brand::default(),
        vision: None,
    }
}

fn read_line(charter: &mut Charter, word: &str, rest: &str) -> Result<(), String> {
    match word {
        "zone" => {
            charter.calendar = Calendar::in_zone(rest).ok_or("no such zone")?;
        }
        "path" => {
            for id in list(rest) {
                let role = match id {
                    "won" => StepRole::Won,
                    _ => StepRole::Path,
                };
                charter.steps.push(plain_step(id, role));
            }
        }
        "detour" => add(charter, rest, StepRole::Detour),
        "lost" => add(charter, rest, StepRole::Lost),
        "disqualified" => add(charter, rest, StepRole::Disqualified),
        "dormant" => add_dormant(charter, rest)?,
        "implied" => {
            for id in list(rest) {
                let found = charter.steps.iter_mut().find(|step| step.id == id);
                found.ok_or("not a step of the path")?.is_implied = true;
            }
        }
        "opens" => {
            charter.opening.by_lead = list(rest).any(|word| word == "lead");
            let kinds = list(rest).filter_map(|word| word.strip_prefix("touch "));
            charter.opening.touch_kinds = kinds.map(str::to_owned).collect();
        }
        "attribute" => charter
            .attributes
            .push(attribute(rest).ok_or("person.score number")?),
        "within" => add_service_level(charter, rest)?,
        "likely" => add_probability(charter, rest)?,
        "enters" | "exits" | "segment" | "champion" | "brand" => add_rule(charter, word, rest)?,
        "by-rule" => {
            for id in list(rest) {
                let found = charter.steps.iter_mut().find(|step| step.id == id);
                found.ok_or("no such step")?.wins = Precedence::Rule;
            }
        }
        "months" => months(&mut charter.calendar, rest).ok_or("see the sketch language")?,
        "rates" => {
            let (policy, through) = rest.split_once(" through ").unwrap_or((rest, ""));
            let mut policies = RatePolicy::ALL.into_iter();
            let policy = policies.find(|known| known.word() == policy);
            charter.pricing.policy = Some(policy.ok_or("at_close, at_creation or plan")?);
            charter.pricing.through = Currency::parse(through);
        }
        "plan" => {
            let (code, rate) = rest.split_once(' ').ok_or("plan USD 0.92")?;
            let rate = Currency::parse(code).zip(Decimal::parse(rate));
            charter.pricing.plan.push(rate.ok_or("plan USD 0.92")?);
        }
        "email" | "shared" | "domains" | "apart" => identity(&mut charter.identity, word, rest)?,
        word if PROMISES.contains(&word) => promises(charter, word, rest)?,
        _ => credit(&mut charter.attribution, word, rest)?,
    }
    Ok(())
}

const PROMISES: [&str; 6] = ["hours", "holiday", "clock", "team", "owner", "handoff"];

/// Working hours, teams, and what they promise each other.
fn promises(charter: &mut Charter, word: &str, rest: &str) -> Result<(), String> {
    if word == "handoff" {
        charter
            .handoffs
            .push(handoff(rest).ok_or("see the sketch language")?);
        return Ok(());
    }
    let (name, rest) = rest.split_once(' ').unwrap_or((rest, ""));
    if word == "team" {
        let side = Side::parse(rest).ok_or("team inside sales")?;
        let id = name.to_owned();
        charter.teams.push(Team { id, side });
        return Ok(());
    }
    if word == "owner" {
        for id in list(rest) {
            let found = charter.steps.iter_mut().find(|step| step.id == id);
            found.ok_or("no such step")?.owner = Some(name.to_owned());
        }
        return Ok(());
    }
    let hours = charter.hours.get_or_insert_with(|| Hours {
        week: Default::default(),
        holidays: Default::default(),
        zones: Vec::new(),
    });
    match word {
        "holiday" => {
            let day = Day::parse(name).ok_or("holiday 2025-12-25")?;
            hours.holidays.insert(day);
        }
        "clock" => {
            let calendar = Calendar::in_zone(rest).ok_or("no such zone")?;
            hours.zones.push((name.to_owned(), calendar));
        }
        _ => {
            let shifts: Option<Vec<Shift>> = list(rest).map(Shift::parse).collect();
            let shifts = shifts.ok_or("hours monday 09:00-17:00")?;
            let names = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
            for (at, day) in hours.week.iter_mut().enumerate() {
                let is_meant = match name {
                    "weekdays" => at < 5,
                    name => names.get(at).is_some_and(|day| name.starts_with(day)),
                };
                if is_meant {
                    day.clone_from(&shifts);
                }
            }
        }
    }
    Ok(())
}

/// `call to sales within 8 business hours of assignment, reasons junk / no budget`.
fn handoff(text: &str) -> Option<Handoff> {
    let mut parts = text.split(", ");
    let (name, rest) = parts.next()?.split_once(" to ")?;
    let (to, rest) = rest.split_once(" within ")?;
    let (within, starts) = rest.split_once(" of ")?;
    let mut handoff = Handoff {
        name: name.to_owned(),
        from: Party::Side(Side::Marketing),
        to: match Side::parse(to) {
            Some(side) => Party::Side(side),
            None => Party::Team(to.to_owned()),
        },
        within: Within::parse(within)?,
        starts: match starts.split_once(' ') {
            Some(("entry", stage)) => Starts::Entry(stage.to_owned()),
            _ if starts == "creation" => Starts::Creation,
            _ => Starts::Assignment,
        },
        reject_reasons: Vec::new(),
        silence: Silence::Overdue,
    };
    for part in parts {
        match part.split_once(' ')? {
            ("reasons", reasons) => {
                handoff.reject_reasons = reasons.split(" / ").map(str::to_owned).collect();
            }
            _ => handoff.silence = Silence::Accepted,
        }
    }
    Some(handoff)
}

/// `credit 90 days of roles without mass_email`, `credit of primary`, `credit only webinar, demo`;
/// `model ours first 40 last 60 equal`; `milestone deal sql`; `half-life 14 days`; `direct none`.
fn credit(rules: &mut Attribution, word: &str, rest: &str) -> Result<(), String> {
    let words: Vec<&str> = rest.split_whitespace().collect();
    match (word, &words[..]) {
        ("milestone", [of, stage]) => {
            let milestone = Milestone::Entry((*stage).to_owned());
            match *of {
                "lead" => rules.lead = milestone,
                _ => rules.deal = milestone,
            }
        }
        ("direct", _) => rules.direct = list(rest).map(str::to_owned).collect(),
        ("half-life", [days, "days"]) => {
            let days: u32 = days.parse().map_err(|_| "half-life 14 days")?;
            for model in &mut rules.shown {
                if let ModelKind::Decay { half_life } = &mut model.kind {
                    *half_life = days * 86_400;
                }
            }
        }
        ("model", [name, shares @ ..]) => {
            let positions = positions(shares)?;
            rules.shown.push(CreditModel {
                name: (*name).to_owned(),
                kind: ModelKind::Positions(positions),
            });
        }
        ("credit", _) => {
            let (rest, ignored) = rest.split_once("without ").unwrap_or((rest, ""));
            let (rest, only) = rest.split_once("only ").unwrap_or((rest, ""));
            rules.ignored = list(ignored).map(str::to_owned).collect();
            rules.touch_kinds = list(only).map(str::to_owned).collect();
            let (days, people) = rest.split_once("of ").unwrap_or((rest, "account"));
            rules.look_back_days = days.split_whitespace().next().and_then(|n| n.parse().ok());
            let mut known = PeopleRule::WORDS.into_iter();
            let people = known.find(|(word, _)| *word == people.trim());
            rules.people = people.ok_or("account, roles or primary")?.1;
        }
        _ => return Err("not a word of charter sketches".to_owned()),
    }
    Ok(())
}

/// `first 40 last 60 equal`.
fn positions(shares: &[&str]) -> Result<Positions, String> {
    let mut positions = Positions::default();
    let shares = match shares {
        [shares @ .., "equal"] => {
            positions.nobody_between = NobodyBetween::Equal;
            shares
        }
        shares => shares,
    };
    for pair in shares.chunks(2) {
        let [place, parts] = pair else {
            return Err("model ours first 40 last 60".to_owned());
        };
        let parts = parts.parse().map_err(|_| "model ours first 40 last 60")?;
        match *place {
            "first" => positions.first = parts,
            "lead" => positions.lead = parts,
            "deal" => positions.deal = parts,
            "last" => positions.last = parts,
            _ => positions.between = parts,
        }
    }
    Ok(positions)
}

/// `email no`, `shared 2`, `domains any`, `apart @Acme, @Bolt`.
fn identity(rules: &mut IdentityRules, word: &str, rest: &str) -> Result<(), String> {
    match word {
        "email" => rules.by_email = rest == "yes",
        "shared" => rules.shared_over = rest.parse().map_err(|_| "a number")?,
        "domains" => {
            rules.by_domain = match rest {
                "known" => ByDomain::Known,
                "any" => ByDomain::Any,
                _ => ByDomain::No,
            };
        }
        _ => rules.separate.push(list(rest).map(str::to_owned).collect()),
    }
    Ok(())
}

/// `4-5-4 from 2, weeks from sunday, year ends last, named by start`.
fn months(calendar: &mut Calendar, text: &str) -> Option<()> {
    for part in list(text) {
        let (what, word) = part.rsplit_once(' ')?;
        match what {
            "weeks from" => {
                let days = [("sunday", Weekday::Sunday), ("saturday", Weekday::Saturday)];
                calendar.week_starts = days.into_iter().find(|(known, _)| *known == word)?.1;
            }
            "year ends" => {
                let ends = YearEnd::WORDS.into_iter().find(|(known, _)| *known == word);
                calendar.year_ends = ends?.1;
            }
            "named by" => {
                let names = YearName::WORDS
                    .into_iter()
                    .find(|(known, _)| *known == word);
                calendar.year_named = names?.1;
            }
            _ => {
                let scheme = what.strip_suffix(" from")?;
                let mut schemes = MonthScheme::ALL.into_iter();
                calendar.months = schemes.find(|known| known.word() == scheme)?;
                calendar.year_starts = word.parse().ok()?;
            }
        }
    }
    Some(())
}

fn add_service_level(charter: &mut Charter, text: &str) -> Result<(), String> {
    let (id, days) = text.split_once(' ').ok_or("STEP N days")?;
    let found = charter.steps.iter_mut().find(|step| step.id == id);
    let days = days.trim().strip_suffix(" days").ok_or("STEP N days")?;
    let max_days = days.parse().map_err(|_| "whole days")?;
    found.ok_or("no such step")?.kind = StageType::ServiceLevel { max_days };
    Ok(())
}

/// How likely a deal in a step is to be won.
fn add_probability(charter: &mut Charter, text: &str) -> Result<(), String> {
    let (id, likely) = text.split_once(' ').ok_or("STEP 0.25")?;
    let likely = Decimal::parse(likely.trim()).filter(|likely| likely.scale <= 4);
    let likely = likely.ok_or("at most four places")?;
    let parts = likely.units * 10i128.pow(4 - likely.scale);
    let found = charter.steps.iter_mut().find(|step| step.id == id);
    let parts = u32::try_from(parts).map_err(|_| "from 0 to 1")?;
    found.ok_or("no such step")?.probability = Some(parts);
    Ok(())
}

fn add_dormant(charter: &mut Charter, text: &str) -> Result<(), String> {
    let (days, kinds) = text
        .split_once(" days without ")
        .ok_or("N days without …")?;
    charter.dormant = Some(Dormant {
        after_days: days.trim().parse().map_err(|_| "whole days")?,
        two_way: list(kinds).map(str::to_owned).collect(),
    });
    add(charter, "dormant", StepRole::Dormant);
    Ok(())
}

fn add_rule(charter: &mut Charter, word: &str, text: &str) -> Result<(), String> {
    let (id, rule) = text.split_once(" when ").ok_or("STEP when …")?;
    let parsed = parse_condition(rule.trim(), "case", &charter.attributes);
    let parsed = parsed.map_err(|refusal| refusal.to_string())?;
    let id = id.trim();
    if word == "champion" {
        charter.attribution.champion_left = Some(parsed);
        return Ok(());
    }
    if word == "brand" {
        let brand = &mut charter.brand;
        let rule = match id {
            "direct" => &mut brand.direct,
            "branded" => &mut brand.branded,
            "activity" => &mut brand.activity,
            _ => return Err("direct, branded or activity".to_owned()),
        };
        *rule = Some(parsed);
        return Ok(());
    }
    if word == "segment" {
        let (id, when) = (id.to_owned(), parsed);
        charter.segments.push(ChannelRule { id, when });
        return Ok(());
    }
    let step = charter.steps.iter_mut().find(|step| step.id == id);
    let step = step.ok_or("no such step")?;
    match word {
        "enters" => step.enters_when = Some(parsed),
        _ => step.exits_when = Some(parsed),
    }
    Ok(())
}

fn attribute(text: &str) -> Option<DeclaredAttribute> {
    let (name, kind) = text.split_once(' ')?;
    let (subject, name) = name.split_once('.')?;
    Some(DeclaredAttribute {
        subject: Subject::parse(subject)?,
        name: name.to_owned(),
        kind: ValueKind::parse(kind.trim())?,
    })
}

fn list(text: &str) -> impl Iterator<Item = &str> {
    text.split(',')
        .map(str::trim)
        .filter(|word| !word.is_empty())
}

fn add(charter: &mut Charter, ids: &str, role: StepRole) {
    charter
        .steps
        .extend(list(ids).map(|id| plain_step(id, role)));
}

fn plain_step(id: &str, role: StepRole) -> Step {
    Step {
        id: id.to_owned(),
        name: id.to_owned(),
        role,
        owner: None,
        kind: StageType::Inventory,
        marks: vec![id.to_owned()],
        enters_when: None,
        exits_when: None,
        wins: Precedence::Either,
        probability: None,
        is_implied: false,
        opens: role == StepRole::Path,
        means: String::new(),
    }
}
