//! The company's own provider of sign-ins: what the book's `[sign_in]` says of it, as `accounts`
//! takes it, with the secret that stands elsewhere. Few talk to it at a time, so that a slow one
//! holds no more than a few threads.

use std::path::Path;

use handfast_accounts::provider::{Fetch, Provider};
use handfast_accounts::{Role, Secret, busy};
use handfast_model::Refusal;
use handfast_service::book::SignIn;
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::limits;
use crate::problem::Answered;

/// Where the provider sends browsers back to, below the server's address.
pub const BACK: &str = "/api/v1/session/provider/back";

/// The provider, and the road to it.
pub struct Company {
    /// The provider.
    pub provider: Provider,
    /// What people call it.
    pub name: String,
    /// The road to it.
    pub fetch: Fetch,
    turns: Semaphore,
}

impl Company {
    /// The provider that a book names.
    pub fn of(named: SignIn, secret: Option<Secret>) -> Result<Company, Refusal> {
        let address = origin(&named.address).ok_or_else(|| {
            let title = format!("`{}` is no address of this server", named.address);
            let fix = "address = \"https://figures.acme.example\", with nothing behind the name";
            unusable(&title, fix)
        })?;
        let roles = named.roles.into_iter();
        let roles = roles.map(|(group, word)| Ok((group, role(&word)?)));
        let provider = Provider {
            // What begun sign-ins and the audit log call it.
            name: "company".to_owned(),
            issuer: named.issuer,
            client: named.client,
            secret,
            back: format!("{address}{BACK}"),
            scopes: named.scopes,
            groups: named.groups,
            roles: roles.collect::<Result<_, Refusal>>()?,
            otherwise: named.otherwise.as_deref().map(role).transpose()?,
        };
        Ok(Company {
            provider,
            name: named.name,
            fetch: Fetch::network(),
            turns: Semaphore::new(limits::AT_THE_PROVIDER),
        })
    }

    /// A turn at it, for as long as it is held.
    pub async fn turn(&self) -> Answered<SemaphorePermit<'_>> {
        let turn = tokio::time::timeout(limits::PROVIDER_TURN, self.turns.acquire());
        match turn.await {
            Ok(Ok(turn)) => Ok(turn),
            _ => Err(busy().into()),
        }
    }
}

/// The client's secret: what a file holds, or what the environment says.
pub fn secret(file: Option<&Path>, said: Option<String>) -> Result<Option<Secret>, Refusal> {
    let text = match file {
        None => said,
        Some(path) => Some(std::fs::read_to_string(path).map_err(|error| {
            let title = format!("the secret in `{}` cannot be read: {error}", path.display());
            unusable(&title, "--provider-secret FILE, which this user may read")
        })?),
    };
    let text = text.map(|text| text.trim().to_owned());
    Ok(text.filter(|text| !text.is_empty()).map(Secret::new))
}

/// Where browsers reach this server: by TLS, or on this machine.
fn origin(address: &str) -> Option<&str> {
    let address = address.strip_suffix('/').unwrap_or(address);
    let (scheme, host) = address.split_once("://")?;
    let is_here = ["localhost", "127.0.0.1", "[::1]"].iter().any(|here| {
        let rest = host.strip_prefix(here);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(':'))
    });
    let is_safe = scheme == "https" || scheme == "http" && is_here;
    let is_plain =
        !host.is_empty() && host.is_ascii() && !host.contains(['/', '?', '#', '@', '\\', ' ', '"']);
    (is_safe && is_plain).then_some(address)
}

fn role(word: &str) -> Result<Role, Refusal> {
    Role::parse(word).ok_or_else(|| {
        let words = Role::ALL.map(Role::word).join(", ");
        unusable(&format!("`{word}` is no role"), &format!("one of: {words}"))
    })
}

fn unusable(what: &str, fix: &str) -> Refusal {
    let title = format!("sign-in by the company's provider cannot be set up: {what}");
    Refusal::new("E0723", title)
        .matters("nothing was served: who may come in is never guessed")
        .fix(format!(
            "in handfast.toml under [sign_in], or on the line: {fix}"
        ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_are_sent_back_by_tls_or_to_this_machine() {
        for safe in [
            "https://figures.acme.example",
            "https://figures.acme.example:8443/",
            "http://localhost:8181",
            "http://127.0.0.1:8181",
            "http://[::1]:8181",
        ] {
            assert_eq!(origin(safe), Some(safe.trim_end_matches('/')), "{safe}");
        }
        for open in [
            "http://figures.acme.example",
            "http://127.0.0.1.evil.example",
            "https://acme.example/figures",
            "https://acme.example@evil.example",
            "https://",
            "figures.acme.example",
        ] {
            assert_eq!(origin(open), None, "{open}");
        }
    }

    #[test]
    fn what_the_book_says_of_its_provider_is_taken_whole_or_not_at_all() {
        let named = || SignIn {
            name: "Acme".to_owned(),
            issuer: "https://id.acme.example".to_owned(),
            client: "handfast".to_owned(),
            address: "https://figures.acme.example/".to_owned(),
            roles: vec![("revenue".to_owned(), "sales".to_owned())],
            ..SignIn::default()
        };
        let company = Company::of(named(), None).unwrap();
        let back = "https://figures.acme.example/api/v1/session/provider/back";
        assert_eq!(company.provider.back, back);
        assert_eq!(
            company.provider.roles,
            [("revenue".to_owned(), Role::Sales)]
        );
        let code = |change: fn(&mut SignIn)| {
            let mut named = named();
            change(&mut named);
            Company::of(named, None).err().map(|refusal| refusal.code)
        };
        assert_eq!(
            code(|one| one.otherwise = Some("king".to_owned())),
            Some("E0723")
        );
        assert_eq!(
            code(|one| one.roles[0].1 = "Sales".to_owned()),
            Some("E0723")
        );
        assert_eq!(
            code(|one| one.address = "http://acme.example".to_owned()),
            Some("E0723")
        );
        assert_eq!(code(|_| {}), None);
    }

    #[test]
    fn a_secret_comes_from_its_file_before_the_environment() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("secret");
        std::fs::write(&file, "of the file\n").unwrap();
        let said = || Some("said".to_owned());
        let read = |file: Option<&Path>, said| {
            let secret = secret(file, said).unwrap();
            secret.map(|secret| secret.expose().to_owned())
        };
        assert_eq!(read(Some(&file), said()).as_deref(), Some("of the file"));
        assert_eq!(read(None, said()).as_deref(), Some("said"));
        assert_eq!(read(None, Some(" ".to_owned())), None);
        let missing = secret(Some(&dir.path().join("none")), None);
        assert_eq!(missing.unwrap_err().code, "E0723");
    }
}
