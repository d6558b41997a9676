//! What a book's `handfast.toml` says besides that it is one: by which provider people sign in.
//! Which roles there are and which addresses are safe is said where the words are used. A secret
//! stands in no file of the book, since a book is copied.

use std::slice;

use handfast_model::Refusal;

use crate::fields::{Fields, Key, UNKNOWN_KEY, document, key};
use crate::place::{Desk, TextFile};

/// A company's provider of sign-ins (OpenID Connect), as the book's `[sign_in]` names it.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct SignIn {
    /// What people call it: "Sign in with …".
    pub name: String,
    /// The issuer, letter by letter as it calls itself.
    pub issuer: String,
    /// The client's id there.
    pub client: String,
    /// Where browsers reach this server: `https://figures.example.org`.
    pub address: String,
    /// What is asked for beside `openid`.
    pub scopes: Vec<String>,
    /// The claim that holds somebody's groups.
    pub groups: String,
    /// Group and role, the first that fits first.
    pub roles: Vec<(String, String)>,
    /// The role of whoever is in none of these groups.
    pub otherwise: Option<String>,
}

const SIGN_IN: Key = key(
    "sign_in",
    "[sign_in]\nname = \"Acme\"\nissuer = \"https://id.acme.example\"\nclient = \"handfast\"\n\
     address = \"https://figures.acme.example\"",
    "people could sign in by their passwords alone",
);
const NAME: Key = key(
    "name",
    "\"Acme\"",
    "people would not know where the button leads",
);
const ISSUER: Key = key(
    "issuer",
    "\"https://id.acme.example\"",
    "nobody could tell whose word a sign-in is",
);
const CLIENT: Key = key(
    "client",
    "\"handfast\"",
    "the provider would not know who asks",
);
const ADDRESS: Key = key(
    "address",
    "\"https://figures.acme.example\"",
    "the provider could not send browsers back",
);
const SCOPES: Key = key(
    "scopes",
    "[\"email\", \"profile\", \"groups\"]",
    "the provider would say less than is needed",
);
const GROUPS: Key = key("groups", "\"groups\"", "nobody's groups would be found");
const ROLES: Key = key(
    "roles",
    "[{ group = \"revenue\", role = \"sales\" }]",
    "nobody would get a role by their group",
);
const GROUP: Key = key("group", "\"revenue\"", "the role would be nobody's");
const ROLE: Key = key("role", "\"sales\"", "the group would give nothing");
const OTHERWISE: Key = key(
    "otherwise",
    "\"viewer\"",
    "whoever is in no group stays out",
);
const SECRET: Key = key("secret", "", "");

/// Reads the text of `handfast.toml`. None where no provider is named.
pub(crate) fn read(file: &TextFile) -> Result<Option<SignIn>, Vec<Refusal>> {
    let mut desk = Desk::new(slice::from_ref(file));
    let Some(document) = document(&mut desk, 0) else {
        return desk.finish(None);
    };
    let mut top = Fields::of_document(&document, 0, "handfast.toml");
    let table = top.table(&mut desk, &SIGN_IN, "[sign_in]");
    let sign_in = table.map(|fields| sign_in(fields, &mut desk, file));
    desk.finish(Some(sign_in))
}

fn sign_in(mut fields: Fields<'_>, desk: &mut Desk<'_>, file: &TextFile) -> SignIn {
    if fields.text(desk, &SECRET).is_some() {
        let refusal = Refusal::new(UNKNOWN_KEY, "the client's secret stands in the book")
            .matters("a book is copied, and whoever has a copy could pass for this server")
            .fix("take it out of here and into a file: handfast serve BOOK --provider-secret FILE");
        desk.refuse_file(&file.path, refusal);
    }
    let read = SignIn {
        name: needed(&mut fields, desk, &NAME),
        issuer: needed(&mut fields, desk, &ISSUER),
        client: needed(&mut fields, desk, &CLIENT),
        address: needed(&mut fields, desk, &ADDRESS),
        scopes: scopes(&mut fields, desk),
        groups: fields
            .text(desk, &GROUPS)
            .map_or_else(|| "groups".to_owned(), |text| text.value),
        roles: roles(&mut fields, desk),
        otherwise: fields.text(desk, &OTHERWISE).map(|text| text.value),
    };
    fields.finish(desk);
    read
}

fn needed(fields: &mut Fields<'_>, desk: &mut Desk<'_>, key: &Key) -> String {
    let text = fields.text(desk, key);
    fields.need(desk, key);
    text.map_or_else(String::new, |text| text.value)
}

fn scopes(fields: &mut Fields<'_>, desk: &mut Desk<'_>) -> Vec<String> {
    match fields.texts(desk, &SCOPES) {
        Some(scopes) => scopes.into_iter().map(|scope| scope.value).collect(),
        None => vec!["email".to_owned(), "profile".to_owned()],
    }
}

fn roles(fields: &mut Fields<'_>, desk: &mut Desk<'_>) -> Vec<(String, String)> {
    let mut roles = Vec::new();
    for mut one in fields.tables(desk, &ROLES, "a role of [sign_in]") {
        let group = needed(&mut one, desk, &GROUP);
        roles.push((group, needed(&mut one, desk, &ROLE)));
        one.finish(desk);
    }
    roles
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Result<Option<SignIn>, Vec<Refusal>> {
        read(&TextFile {
            path: "handfast.toml".to_owned(),
            text: text.to_owned(),
        })
    }

    const WHOLE: &str = "format = 1\n[sign_in]\nname = \"Acme\"\n\
        issuer = \"https://id.acme.example\"\n\
        client = \"handfast\"\naddress = \"https://figures.acme.example\"\n\
        roles = [{ group = \"b\", role = \"sales\" }, { group = \"a\", role = \"viewer\" }]\n";

    #[test]
    fn a_provider_is_read_with_its_roles_in_their_order() {
        assert_eq!(of("format = 1\ndemo = true\n"), Ok(None));
        let read = of(WHOLE).unwrap().unwrap();
        assert_eq!(read.roles[0], ("b".to_owned(), "sales".to_owned()));
        assert_eq!((read.groups.as_str(), read.scopes.len()), ("groups", 2));
        assert_eq!(read.otherwise, None);
    }

    #[test]
    fn what_is_missing_or_unknown_is_refused_and_a_secret_shown_to_nobody() {
        let codes = |text: &str| -> Vec<&str> {
            let refusals = of(text).unwrap_err();
            let mut codes: Vec<_> = refusals.iter().map(|refusal| refusal.code).collect();
            codes.sort_unstable();
            codes
        };
        assert_eq!(codes("[sign_in]\n").len(), 4);
        assert_eq!(codes(&WHOLE.replace("client", "clent")), ["E0102", "E0104"]);
        let with_secret = format!("{WHOLE}secret = \"hush-hush\"\n");
        let refusals = of(&with_secret).unwrap_err();
        assert_eq!(refusals[0].code, "E0102");
        assert!(!format!("{refusals:?}").contains("hush"), "{refusals:?}");
    }
}
