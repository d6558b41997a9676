//! People of a book as the API shows, invites and changes them, their sessions, their programs'
//! tokens and the keys of sources. A secret is in the one answer that makes it and in no other.

use serde::{Deserialize, Serialize};

/// Everybody who may sign in, by e-mail.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct People {
    /// They.
    pub people: Vec<Member>,
}

/// Somebody who may sign in, as whoever looks after people sees them.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Member {
    /// The id. It stays when name and e-mail are gone.
    pub id: String,
    /// As colleagues call them.
    pub name: String,
    /// Their e-mail.
    pub email: String,
    /// `viewer`, `analyst`, `marketing`, `sales`, `admin`, `owner`.
    pub role: &'static str,
    /// For which sides they may sign.
    pub sides: Vec<&'static str>,
    /// Whose rows they see; all where none is named.
    pub teams: Vec<String>,
    /// Whether they are kept out.
    pub is_disabled: bool,
    /// Whether they have chosen a password yet.
    pub has_password: bool,
    /// Whether they have come in by the company's provider.
    pub has_provider: bool,
    /// Since when they are here.
    pub made: String,
}

/// Somebody to be invited.
#[derive(Deserialize, Clone, Debug)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Invite {
    /// As colleagues call them.
    #[cfg_attr(feature = "openapi", schema(max_length = 100))]
    pub name: String,
    /// Their e-mail.
    #[cfg_attr(feature = "openapi", schema(max_length = 254))]
    pub email: String,
    /// `viewer`, `analyst`, `marketing`, `sales`, `admin`, `owner`.
    #[cfg_attr(feature = "openapi", schema(max_length = 20))]
    pub role: String,
    /// For which sides they may sign: `marketing`, `sales`.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_items = 2))]
    pub sides: Vec<String>,
    /// Whose rows they see; all where none is named.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_items = 100))]
    pub teams: Vec<String>,
}

/// What is changed of somebody; what is left out stays.
#[derive(Deserialize, Clone, Debug)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Change {
    /// Another name.
    #[cfg_attr(feature = "openapi", schema(max_length = 100))]
    pub name: Option<String>,
    /// Another e-mail.
    #[cfg_attr(feature = "openapi", schema(max_length = 254))]
    pub email: Option<String>,
    /// Another role.
    #[cfg_attr(feature = "openapi", schema(max_length = 20))]
    pub role: Option<String>,
    /// Other sides.
    #[cfg_attr(feature = "openapi", schema(max_items = 2))]
    pub sides: Option<Vec<String>>,
    /// Other teams.
    #[cfg_attr(feature = "openapi", schema(max_items = 100))]
    pub teams: Option<Vec<String>>,
    /// Kept out, or let in again.
    pub is_disabled: Option<bool>,
}

/// A link for somebody, to be sent to them by whoever asked for it.
#[derive(Serialize, Clone)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Invited {
    /// For whom it is.
    pub person: Member,
    /// The token of the link. It works once, for seven days, or for one as a new password's.
    pub token: String,
    /// Where the application takes it. The token is behind `#`, which browsers send nowhere.
    pub path: String,
}

/// What a link has beside its token.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Greeting {
    /// As colleagues call whoever it is for.
    pub name: String,
    /// Their e-mail.
    pub email: String,
    /// `invitation`; `reset`, for another password.
    pub purpose: &'static str,
}

/// A link's token.
#[derive(Deserialize, Clone)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Link {
    /// The token.
    #[cfg_attr(feature = "openapi", schema(max_length = 200))]
    pub token: String,
}

/// What takes an invitation, or a link to a new password.
#[derive(Deserialize, Clone)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Accept {
    /// The token of the link.
    #[cfg_attr(feature = "openapi", schema(max_length = 200))]
    pub token: String,
    /// The password, 12 characters or more.
    #[cfg_attr(feature = "openapi", schema(max_length = 1024))]
    pub password: String,
    /// Whether tokens of one's programs live on; they end with the password unless this is said.
    #[serde(default)]
    pub keep_tokens: bool,
}

/// Another password for oneself.
#[derive(Deserialize, Clone)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewPassword {
    /// The one until now.
    #[cfg_attr(feature = "openapi", schema(max_length = 1024))]
    pub old: String,
    /// The one from now on, 12 characters or more.
    #[cfg_attr(feature = "openapi", schema(max_length = 1024))]
    pub new: String,
    /// Whether tokens of one's programs live on; they end with the password unless this is said.
    #[serde(default)]
    pub keep_tokens: bool,
}

/// Somebody's open sessions.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Sessions {
    /// They, the one used last first.
    pub sessions: Vec<OpenSession>,
}

/// An open session.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OpenSession {
    /// Its public id.
    pub id: String,
    /// A word for the browser.
    pub device: String,
    /// From how near it was opened: `loopback`, `private`, `public`.
    pub nearness: String,
    /// When it was opened.
    pub made: String,
    /// When it was used last, give or take five minutes.
    pub seen: String,
    /// Whether it is the one that asks.
    pub is_this: bool,
}

/// Tokens that have not ended.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Tokens {
    /// They, newest first: one's own, and with the right to look after people everybody's.
    pub tokens: Vec<Token>,
}

/// A token of a program.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Token {
    /// Its public id.
    pub id: String,
    /// The id of its person.
    pub person: String,
    /// What it is for.
    pub name: String,
    /// What it may do, as long as its person may.
    pub scopes: Vec<&'static str>,
    /// When it was made.
    pub made: String,
    /// When it ends.
    pub until: String,
    /// When it was used last, give or take five minutes.
    pub used: Option<String>,
}

/// A token to be made for one's own programs.
#[derive(Deserialize, Clone, Debug)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewToken {
    /// What it is for.
    #[cfg_attr(feature = "openapi", schema(max_length = 100))]
    pub name: String,
    /// What it may do: words of the table of rights, none that its person has not.
    #[cfg_attr(feature = "openapi", schema(max_items = 32))]
    pub scopes: Vec<String>,
    /// After how many days it ends.
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 366))]
    pub days: u32,
}

/// A token that was just made.
#[derive(Serialize, Clone)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MadeToken {
    /// The token, as lists show it.
    pub token: Token,
    /// What its program sends: `Authorization: Bearer hf_…`. It is shown this once.
    pub secret: String,
}

/// The keys of sources.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Keys {
    /// They, newest first.
    pub keys: Vec<Key>,
}

/// A key by which one source sends its events.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Key {
    /// Its public id.
    pub id: String,
    /// The one source.
    pub source: String,
    /// Where it is used.
    pub name: String,
    /// When it was made.
    pub made: String,
    /// When it was used last, give or take five minutes.
    pub used: Option<String>,
}

/// A key to be made for a source.
#[derive(Deserialize, Clone, Debug)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewKey {
    /// The source.
    #[cfg_attr(feature = "openapi", schema(max_length = 100))]
    pub source: String,
    /// Where it is used.
    #[cfg_attr(feature = "openapi", schema(max_length = 100))]
    pub name: String,
}

/// A key that was just made.
#[derive(Serialize, Clone)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MadeKey {
    /// The key, as lists show it.
    pub key: Key,
    /// What its source sends: `Authorization: Bearer hfk_…`. It is shown this once.
    pub secret: String,
}
