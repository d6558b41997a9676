//! What an e-mail address or a web address says about a company: which domains are a company's,
//! and which mailboxes are an office's rather than a person's.
//!
//! Knows lists of free-mail and disposable domains and of names of offices; refuses to know who
//! is who (see `kernels::identity`).

use std::collections::BTreeSet;
use std::sync::LazyLock;

use crate::parse::email_domain;

/// Stands before the keyed hash of an office's address, which no longer shows its name.
pub const OFFICE: &str = "office:";

/// Free-mail domains and domains of mailboxes to throw away.
static OPEN: LazyLock<BTreeSet<&'static str>> = LazyLock::new(|| {
    let free = entries(include_str!("mailbox/free_mail.txt"));
    free.chain(entries(include_str!("mailbox/disposable.txt")))
        .collect()
});

/// Names of mailboxes that several people of an office read, without dots and dashes.
static OFFICES: LazyLock<BTreeSet<&'static str>> =
    LazyLock::new(|| entries(include_str!("mailbox/offices.txt")).collect());

/// The address in what people type or copy for one: `mailto:ann@x.org`, `Ann <ann@x.org>`, blanks
/// around it. `None` for a text that is none.
pub fn address(text: &str) -> Option<&str> {
    let text = text.trim();
    let inner = text
        .strip_suffix('>')
        .and_then(|text| text.rsplit_once('<'));
    let text = inner.map_or(text, |(_, inner)| inner.trim());
    let scheme = text.get(..7).filter(|s| s.eq_ignore_ascii_case("mailto:"));
    let text = scheme
        .and_then(|_| text.get(7..)?.split('?').next())
        .map_or(text, str::trim);
    email_domain(text).map(|_| text)
}

/// Whether an address is an office's (`info@`, `sales+eu@`, `no-reply@`): no sign of one person.
pub fn is_office(address: &str) -> bool {
    let name = address.trim().rsplit_once('@').map_or("", |(name, _)| name);
    let name = name.split_once('+').map_or(name, |(name, _)| name);
    let letters = name.chars().filter(|c| !matches!(c, '.' | '-' | '_'));
    let name: String = letters.flat_map(char::to_lowercase).collect();
    OFFICES.contains(name.as_str())
}

/// Whether anybody can have a mailbox under a domain, written in lower case: it is on our lists of
/// free-mail and disposable domains, or below one that is.
pub fn is_open(domain: &str) -> bool {
    parents(domain).any(|domain| OPEN.contains(domain))
}

/// A domain and those above it that have at least two labels: `eu.acme.com`, `acme.com`.
pub fn parents(domain: &str) -> impl Iterator<Item = &str> {
    let dots = domain.match_indices('.').map(|(at, _)| at + 1);
    let starts = std::iter::once(0).chain(dots);
    starts
        .filter_map(|start| domain.get(start..))
        .filter(|domain| domain.contains('.'))
}

fn entries(list: &'static str) -> impl Iterator<Item = &'static str> {
    list.lines().filter(|line| !line.starts_with('#'))
}

/// The domain of a company as sources write it: `https://www.Acme.com/de` is `acme.com`. `None`
/// for a text that is none.
pub fn site_domain(text: &str) -> Option<String> {
    let text = text.trim();
    let bare = text.split_once("://").map_or(text, |(_, rest)| rest);
    let host = bare.split(['/', '?', '#', ':']).next().unwrap_or("");
    let host = host.trim_end_matches('.').to_lowercase();
    let host = host.strip_prefix("www.").unwrap_or(&host);
    let is_label = |label: &str| {
        let is_letter = |c: char| c.is_alphanumeric() || c == '-';
        !label.is_empty() && label.chars().all(is_letter)
    };
    (host.contains('.') && host.split('.').all(is_label)).then(|| host.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offices_are_told_from_people() {
        for office in [
            "info@acme.com",
            " Sales@acme.com",
            "no-reply@x.org",
            "sales+eu@acme.com",
        ] {
            assert!(is_office(office), "{office}");
        }
        for person in [
            "ana@acme.com",
            "sales.ana@acme.com",
            "info",
            "infos@acme.com",
        ] {
            assert!(!is_office(person), "{person}");
        }
    }

    #[test]
    fn an_address_is_found_in_what_is_written_around_it() {
        for text in [
            "ann@x.org",
            "  ann@x.org ",
            "mailto:ann@x.org",
            "MailTo: ann@x.org?subject=Forget%20me",
            "Ann <ann@x.org>",
            "\"Ann, B. <x>\" < ann@x.org >",
            "<mailto:ann@x.org>",
        ] {
            assert_eq!(address(text), Some("ann@x.org"), "{text}");
        }
        assert_eq!(
            address("ANN@X.org"),
            Some("ANN@X.org"),
            "case is the hash's"
        );
        for text in [
            "",
            "ann",
            "<>",
            "mailto:",
            "Ann <ann>",
            "crm:L1",
            "mailto:crm",
            "a@b <c>",
        ] {
            assert_eq!(address(text), None, "{text}");
        }
    }

    #[test]
    fn open_domains_are_found_with_those_below_them() {
        for open in ["gmail.com", "web.de", "mailinator.com", "eu.mailinator.com"] {
            assert!(is_open(open), "{open}");
        }
        for company in ["acme.com", "notgmail.com", "com", "", "gmail.com.acme.com"] {
            assert!(!is_open(company), "{company}");
        }
    }

    #[test]
    fn the_lists_are_in_order_and_well_written() {
        for list in [
            include_str!("mailbox/free_mail.txt"),
            include_str!("mailbox/disposable.txt"),
        ] {
            let lines: Vec<&str> = entries(list).collect();
            assert!(lines.is_sorted());
            for line in lines {
                assert_eq!(site_domain(line).as_deref(), Some(line));
            }
        }
        let offices: Vec<&str> = entries(include_str!("mailbox/offices.txt")).collect();
        assert!(offices.is_sorted());
    }

    #[test]
    fn a_web_address_gives_its_domain() {
        for (text, domain) in [
            ("https://www.Acme.com/de?x=1", Some("acme.com")),
            ("acme.co.uk", Some("acme.co.uk")),
            ("http://shop.acme.com:8080", Some("shop.acme.com")),
            ("müller.de", Some("müller.de")),
            ("n/a", None),
            ("Acme Inc.", None),
            ("none", None),
            ("", None),
        ] {
            assert_eq!(site_domain(text).as_deref(), domain, "{text}");
        }
        assert_eq!(
            parents("a.acme.co.uk").collect::<Vec<_>>(),
            ["a.acme.co.uk", "acme.co.uk", "co.uk"]
        );
    }
}
