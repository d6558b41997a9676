//! Who is signed in, and how they sign in.

use serde::{Deserialize, Serialize};

/// Who is looking, and what they may do.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Session {
    /// `stranger`, `guest`, `person`, `token` or `key`.
    pub kind: &'static str,
    /// The person, where one is signed in.
    pub person: Option<Person>,
    /// What they may do: words of the table of rights.
    pub capabilities: Vec<&'static str>,
    /// Whether nobody owns the book yet: the first owner is made by the token on the console.
    pub needs_set_up: bool,
    /// Whether guests may look around.
    pub is_demo: bool,
    /// The company's own provider of sign-ins, where one is set up.
    pub provider: Option<SignInBy>,
}

/// A provider of sign-ins.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SignInBy {
    /// What people call it: "Sign in with …".
    pub name: String,
}

/// Somebody who may sign in.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Person {
    /// The id.
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
    /// Whether they have a password.
    pub has_password: bool,
    /// Whether they have come in by the company's provider.
    pub has_provider: bool,
}

/// What signs somebody in.
#[derive(Deserialize, Clone)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SignIn {
    /// The e-mail.
    #[cfg_attr(feature = "openapi", schema(max_length = 320))]
    pub email: String,
    /// The password.
    #[cfg_attr(feature = "openapi", schema(max_length = 1024))]
    pub password: String,
}

/// What makes the first owner.
#[derive(Deserialize, Clone)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SetUp {
    /// The token that the server printed when it started.
    #[cfg_attr(feature = "openapi", schema(max_length = 200))]
    pub token: String,
    /// The owner's name.
    #[cfg_attr(feature = "openapi", schema(max_length = 200))]
    pub name: String,
    /// Their e-mail.
    #[cfg_attr(feature = "openapi", schema(max_length = 320))]
    pub email: String,
    /// Their password, 12 characters or more.
    #[cfg_attr(feature = "openapi", schema(max_length = 1024))]
    pub password: String,
}

/// What begins a sign-in by the company's provider.
#[derive(Deserialize, Clone)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BeginProvider {
    /// `sign_in`; `link`, to add this way in to one's own; `invitation`, to take one by it.
    #[cfg_attr(feature = "openapi", schema(max_length = 20))]
    pub purpose: String,
    /// The invitation's token.
    #[cfg_attr(feature = "openapi", schema(max_length = 200))]
    pub token: Option<String>,
    /// Where in the application to go on afterwards: `/funnel?by=channel`; `/` unless said.
    #[cfg_attr(feature = "openapi", schema(max_length = 8192))]
    pub place: Option<String>,
}

/// A sign-in that was begun.
#[derive(Serialize, Clone)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BegunProvider {
    /// Where the browser is to go.
    pub address: String,
}

/// What a browser comes back with. Providers add words of their own.
#[derive(Deserialize, Clone)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct BackFromProvider {
    /// What names the sign-in that was begun.
    #[cfg_attr(feature = "openapi", param(max_length = 200))]
    pub state: Option<String>,
    /// What is exchanged for a token; none where the provider says no.
    #[cfg_attr(feature = "openapi", param(max_length = 8192))]
    pub code: Option<String>,
    /// The provider, as it calls itself.
    #[cfg_attr(feature = "openapi", param(max_length = 2000))]
    pub iss: Option<String>,
}
