//! What the charter says about who is who: which signs join people and companies.
//!
//! Knows the choices; refuses to know a fact (see `kernels::identity`) or to join by likeness.

use crate::mailbox;
use crate::planted;

/// Which signs count as identity. A charter that says nothing means the default.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct IdentityRules {
    /// Whether people with the same e-mail address are one person.
    pub by_email: bool,
    /// A mailbox of more people of one source than this is shared and joins nobody.
    pub shared_over: u32,
    /// Whether the domain of an e-mail address shows a person's company.
    pub by_domain: ByDomain,
    /// Domains that are nobody's company besides those on our lists.
    pub free_mail_extra: Vec<String>,
    /// Domains on our lists that are a company's all the same.
    pub not_free_mail: Vec<String>,
    /// Accounts of which no two are ever one, whatever a source says.
    pub separate: Vec<Vec<String>>,
}

/// How far a company's domain is believed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ByDomain {
    /// People belong to the account that gives their domain as its own.
    Known,
    /// A domain that no account gives is an account by itself, `domain:acme.com`.
    Any,
    /// Domains say nothing.
    No,
}

impl Default for IdentityRules {
    fn default() -> IdentityRules {
        IdentityRules {
            by_email: true,
            shared_over: 5,
            by_domain: ByDomain::Known,
            free_mail_extra: Vec::new(),
            not_free_mail: Vec::new(),
            separate: Vec::new(),
        }
    }
}

impl IdentityRules {
    /// Whether anybody can have a mailbox under this domain, so that it shows no company.
    pub fn is_open(&self, domain: &str) -> bool {
        let lists = |list: &[String]| {
            mailbox::parents(domain).any(|parent| list.iter().any(|listed| listed == parent))
        };
        let is_listed = mailbox::is_open(domain) && !lists(&self.not_free_mail);
        planted!(
            FreeMailIsCompany,
            lists(&self.free_mail_extra) || is_listed,
            false
        )
    }
}

/// The source under which people's own joins and separations are recorded.
/// No pack can have this name: names of sources have no hyphen.
pub const BY_HAND: &str = "by-hand";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_book_corrects_the_lists() {
        let rules = IdentityRules {
            free_mail_extra: vec!["club.example".into()],
            not_free_mail: vec!["t-online.de".into()],
            ..IdentityRules::default()
        };
        for (domain, is_open) in [
            ("gmail.com", true),
            ("club.example", true),
            ("north.club.example", true),
            ("t-online.de", false),
            ("acme.com", false),
        ] {
            assert_eq!(rules.is_open(domain), is_open, "{domain}");
        }
    }
}
