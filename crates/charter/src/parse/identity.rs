//! `identity.toml`: which signs say that two keys are one person or one company.

use handfast_model::Refusal;
use handfast_model::identity::ByDomain;
use handfast_model::mailbox::site_domain;

use super::Draft;
use crate::fields::{Fields, Key, OUT_OF_RANGE, key};
use crate::place::{Desk, Located};
use crate::words::shown;

const PEOPLE: Key = key(
    "people",
    "[people]\nby_email = true",
    "it says which signs join people",
);
const BY_EMAIL: Key = key(
    "by_email",
    "true",
    "whether people with the same e-mail address are one person",
);
const SHARED_OVER: Key = key(
    "shared_over",
    "5",
    "a mailbox of more people of one source than this joins nobody",
);
const ACCOUNTS: Key = key(
    "accounts",
    "[accounts]\nby_domain = \"known\"",
    "it says which signs join companies and their people",
);
const BY_DOMAIN: Key = key(
    "by_domain",
    "\"known\"",
    "whether the domain of an e-mail address shows a person's company",
);
const FREE_MAIL_EXTRA: Key = key(
    "free_mail_extra",
    "[\"isp.example\"]",
    "these domains are nobody's company",
);
const NOT_FREE_MAIL: Key = key(
    "not_free_mail",
    "[\"t-online.de\"]",
    "these domains are a company's, though anybody can have a mailbox there",
);
const SEPARATE: Key = key(
    "separate",
    "[[separate]]\naccounts = [\"Acme DE\", \"Acme US\"]",
    "these accounts are never one",
);
const SEPARATE_ACCOUNTS: Key = key(
    "accounts",
    "[\"Acme DE\", \"Acme US\"]",
    "no two of these accounts are ever one, whatever a source says",
);

pub(super) fn identity(desk: &mut Desk<'_>, mut top: Fields<'_>, draft: &mut Draft) {
    let rules = &mut draft.identity;
    if let Some(mut people) = top.table(desk, &PEOPLE, "[people]") {
        if let Some(by_email) = people.flag(desk, &BY_EMAIL) {
            rules.by_email = by_email.value;
        }
        let over = people.whole(desk, &SHARED_OVER, 1..=1_000_000);
        if let Some(over) = over.and_then(|over| u32::try_from(over.value).ok()) {
            rules.shared_over = over;
        }
        people.finish(desk);
    }
    if let Some(mut accounts) = top.table(desk, &ACCOUNTS, "[accounts]") {
        let words = [
            ("known", ByDomain::Known),
            ("any", ByDomain::Any),
            ("no", ByDomain::No),
        ];
        if let Some(by_domain) = accounts.word(desk, &BY_DOMAIN, &words) {
            rules.by_domain = by_domain.value;
        }
        rules.free_mail_extra = domains(desk, &mut accounts, &FREE_MAIL_EXTRA);
        rules.not_free_mail = domains(desk, &mut accounts, &NOT_FREE_MAIL);
        accounts.finish(desk);
    }
    for mut table in top.tables(desk, &SEPARATE, "[[separate]]") {
        let accounts = table.texts(desk, &SEPARATE_ACCOUNTS);
        table.need(desk, &SEPARATE_ACCOUNTS);
        let span = table.span;
        table.finish(desk);
        let Some(accounts) = accounts else { continue };
        if accounts.len() < 2 {
            let refusal = Refusal::new(OUT_OF_RANGE, "one account cannot be kept apart alone")
                .matters(SEPARATE_ACCOUNTS.matters)
                .fix("accounts = [\"Acme DE\", \"Acme US\"]");
            desk.refuse(span, refusal);
        }
        let accounts = accounts.into_iter().map(|account| account.value);
        rules.separate.push(accounts.collect());
    }
    top.finish(desk);
}

/// Domains, each written as one: `acme.com`.
fn domains(desk: &mut Desk<'_>, table: &mut Fields<'_>, key: &Key) -> Vec<String> {
    let mut domains = Vec::new();
    for text in table.texts(desk, key).unwrap_or_default() {
        let Located { value, span } = text;
        match site_domain(&value) {
            Some(domain) if domain == value => domains.push(domain),
            meant => {
                let title = format!("`{}` is not a domain", shown(&value));
                let meant = meant.unwrap_or_else(|| "acme.com".to_owned());
                let refusal = Refusal::new(OUT_OF_RANGE, title)
                    .matters("it would never be found in an e-mail address")
                    .fix(format!("\"{meant}\""));
                desk.refuse(span, refusal);
            }
        }
    }
    domains
}
