//! Refusals on their way out: which status each has, and the body that RFC 9457 describes.

use std::collections::BTreeMap;
use std::path::Path;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use handfast_accounts::wait_seconds;
use handfast_model::Refusal;
use handfast_service::deadline::ENDED;
use handfast_wire::v1::problem::Problem;
use utoipa::openapi::response::ResponseBuilder;
use utoipa::openapi::{Content, Ref, RefOr};

/// A refusal with the status that it goes out under. Its body is written by `frame`, which knows
/// the request's id.
#[derive(Clone, Debug)]
pub struct Refused {
    /// What is refused and why.
    pub refusal: Refusal,
    /// The status.
    pub status: StatusCode,
    /// After how many seconds it may be tried again, where it may.
    pub retry_after: Option<u32>,
}

/// The answers that every operation may have besides its own.
pub struct Problems;

impl utoipa::IntoResponses for Problems {
    fn responses() -> BTreeMap<String, RefOr<utoipa::openapi::Response>> {
        let content = || Content::new(Some(Ref::from_schema_name("Problem")));
        let of = |status: &str, description: &str| {
            let response = ResponseBuilder::new()
                .description(description)
                .content("application/problem+json", content());
            (status.to_owned(), RefOr::T(response.build()))
        };
        let all = [
            (
                "4XX",
                "Refused: the request is to be mended, or may not be made.",
            ),
            ("5XX", "Not answered now: our fault, or too much at once."),
        ];
        // What is too long to be read at all is let go without a body.
        let unread = ResponseBuilder::new().description("The head is larger than it may be.");
        let unread = ("431".to_owned(), RefOr::T(unread.build()));
        let all = all.into_iter().map(|(status, what)| of(status, what));
        all.chain([unread]).collect()
    }
}

/// What a handler gives back.
pub type Answered<T> = Result<T, Refused>;

impl Refused {
    /// A refusal under a status of its own.
    pub fn under(status: StatusCode, refusal: Refusal) -> Refused {
        Refused {
            refusal,
            status,
            retry_after: None,
        }
    }

    /// What an address names is not there.
    pub fn missing(refusal: Refusal) -> Refused {
        Refused::under(StatusCode::NOT_FOUND, refusal)
    }

    /// The same, to be tried again after some seconds.
    pub fn later(mut self, seconds: u32) -> Refused {
        self.retry_after = Some(seconds);
        self
    }

    /// The same without a folder of the server's disk, and without any other place there: whoever
    /// asks by HTTP has no use for them.
    pub fn hiding(mut self, folder: &Path) -> Refused {
        let path = folder.display().to_string();
        let hide = |text: &mut String| *text = without(text, &path);
        let refusal = &mut self.refusal;
        hide(&mut refusal.title);
        refusal
            .place
            .iter_mut()
            .for_each(|place| hide(&mut place.file));
        refusal.matters.iter_mut().for_each(hide);
        refusal.fix.iter_mut().for_each(hide);
        let is_elsewhere = |file: &str| Path::new(file).is_absolute();
        let place = refusal.place.take();
        refusal.place = place.filter(|place| !is_elsewhere(&place.file));
        self
    }

    /// The answer with its body.
    pub fn render(&self, request_id: &str) -> Response {
        let body = self.problem(Some(request_id.to_owned()));
        let mut response = (self.status, body).into_response();
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

impl Refused {
    /// The body as RFC 9457 has it.
    pub fn problem(&self, request_id: Option<String>) -> Vec<u8> {
        let mut problem = Problem::new(&self.refusal, self.status.as_u16());
        problem.request_id = request_id;
        serde_json::to_vec(&problem).unwrap_or_default()
    }
}

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Refused {
        Refused {
            status: status_of(refusal.code),
            retry_after: wait_seconds(&refusal),
            refusal,
        }
    }
}

/// A text with `BOOK` for the folder, where that ends as a path does and not within a longer name.
fn without(text: &str, folder: &str) -> String {
    let mut pieces = text.split(folder);
    let mut told = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let is_whole = !piece.starts_with(|c: char| c.is_alphanumeric() || "-_".contains(c));
        told.push_str(if is_whole { "BOOK" } else { folder });
        told.push_str(piece);
    }
    told
}

/// The status of what the rooms below refuse: what somebody asked for is not there, is in the way
/// of something else, or cannot be asked so; or the fault is ours, and asking otherwise is no help.
fn status_of(code: &str) -> StatusCode {
    match code {
        // The ledger or its key is damaged, has stopped, or was taken over.
        "E0199" | "E0202" | "E0204" | "E0205" | "E0206" | "E0207" | "E0208" | "E0209" | "E0210"
        | "E0211" | "E0212" | "E0217" | "E0218" | "E0219" | "E0221" | "E0223" | "E0224"
        | "E0254" | "E0320" | "E0324" | "E0601" | "E0602" | "E0604" => {
            StatusCode::INTERNAL_SERVER_ERROR
        }
        "E0640" => StatusCode::BAD_GATEWAY,
        "E0213" | "E0225" | "E0603" | "E0612" => StatusCode::SERVICE_UNAVAILABLE,
        "E0610" | "E0620" => StatusCode::UNAUTHORIZED,
        "E0611" => StatusCode::TOO_MANY_REQUESTS,
        "E0614" | "E0615" | "E0621" | "E0626" | "E0641" | "E0642" | "E0643" | "E0715" => {
            StatusCode::FORBIDDEN
        }
        // It is as heavy the next time: whoever asks has to ask for less.
        ENDED | TOO_MUCH => StatusCode::UNPROCESSABLE_ENTITY,
        "E0439" | "E0440" | "E0622" | "E0728" => StatusCode::NOT_FOUND,
        "E0216" | "E0258" | "E0261" | "E0262" | "E0280" | "E0510" | "E0513" => StatusCode::CONFLICT,
        "E0252" | "E0623" | "E0625" | "E0644" | "E0645" | "E0650" | "E0651" | "E0660" => {
            StatusCode::CONFLICT
        }
        _ => StatusCode::BAD_REQUEST,
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// The code of a question that was ended for the memory that it took.
pub const TOO_MUCH: &str = "E0724";

/// What the server itself refuses.
pub mod ours {
    use super::{Refusal, Refused, StatusCode, TOO_MUCH};
    use handfast_service::teams;

    /// Nothing is at this address.
    pub fn no_such_page() -> Refused {
        let refusal = Refusal::new("E0702", "nothing is at this address")
            .fix("GET /openapi.json lists what is there");
        Refused::under(StatusCode::NOT_FOUND, refusal)
    }

    /// The address takes another method.
    pub fn other_method() -> Refused {
        let refusal = Refusal::new("E0703", "this address does not take that method")
            .fix("GET /openapi.json says which it takes");
        Refused::under(StatusCode::METHOD_NOT_ALLOWED, refusal)
    }

    /// A word of the question is not one, is there twice, or says what it cannot say.
    pub fn words(why: impl Into<String>, fix: impl Into<String>) -> Refused {
        Refusal::new("E0701", why).fix(fix).into()
    }

    /// A body is no JSON of the shape that is wanted.
    pub fn body(why: &str) -> Refused {
        let refusal = Refusal::new("E0704", format!("the body cannot be read: {why}"))
            .fix("send the JSON that GET /openapi.json describes, with no other fields");
        refusal.into()
    }

    /// A field of the body says what it cannot say.
    pub fn field(name: &str, why: &str, fix: &str) -> Refused {
        let title = format!("`{name}` cannot be taken: {why}");
        Refusal::new("E0624", title)
            .matters("nothing was changed")
            .fix(format!("{name}: {fix}"))
            .into()
    }

    /// Only somebody who has signed in may send this.
    pub fn sign_in_first() -> Refused {
        Refusal::new("E0620", "this needs somebody who has signed in")
            .matters("nothing was read and nothing was done")
            .fix("sign in, or send a token: Authorization: Bearer hf_…")
            .into()
    }

    /// What an id names is not there, or not there for whoever asks.
    pub fn no_such(what: &str) -> Refused {
        Refusal::new("E0622", format!("there is no such {what}"))
            .matters("nothing was changed")
            .fix("look at the list again: somebody may have taken it away")
            .into()
    }

    /// A body is larger than is taken.
    pub fn too_large(limit: usize) -> Refused {
        let refusal = Refusal::new("E0705", format!("the body is larger than {limit} bytes"))
            .fix("send less at once");
        Refused::under(StatusCode::PAYLOAD_TOO_LARGE, refusal)
    }

    /// A body came too slowly to be waited for.
    pub fn too_slow() -> Refused {
        let refusal = Refusal::new("E0706", "the body came too slowly to be waited for")
            .fix("send it again, in smaller pieces");
        Refused::under(StatusCode::REQUEST_TIMEOUT, refusal)
    }

    /// So many questions wait that one more is not taken.
    pub fn busy() -> Refused {
        let refusal = Refusal::new("E0707", "more questions wait than can be answered soon")
            .matters("nothing is lost; the question was not begun")
            .fix("ask again in some seconds");
        Refused::under(StatusCode::SERVICE_UNAVAILABLE, refusal).later(2)
    }

    /// The answer takes longer than anybody should wait at once.
    pub fn not_yet(seconds: u64) -> Refused {
        let title = format!("the answer is not there after {seconds} seconds");
        let refusal = Refusal::new("E0708", title)
            .matters("it is still being worked out, and will be there when it is asked again")
            .fix("ask again in a while, or for a shorter period or fewer dimensions");
        Refused::under(StatusCode::SERVICE_UNAVAILABLE, refusal).later(10)
    }

    /// The server would hold more memory than it may, in MiB.
    pub fn too_much(mib: u64) -> Refused {
        let title = format!("the question needs more memory than the {mib} MiB of this server");
        Refusal::new(TOO_MUCH, title)
            .matters("there is no answer, and nobody works on it any more; nothing was changed")
            .fix("a shorter period or fewer dimensions; fewer models of credit")
            .fix("or whoever starts the server gives it more: handfast serve BOOK --memory MIB")
            .into()
    }

    /// An answer has more rows than go out as JSON.
    pub fn too_many_rows(rows: usize, limit: usize) -> Refused {
        let title = format!("the answer has {rows} rows; {limit} go out at once");
        Refusal::new("E0709", title)
            .fix("fewer dimensions, a shorter period, or the same question as /csv")
            .into()
    }

    /// A defect of ours.
    pub fn fault() -> Refused {
        let refusal = Refusal::new("E0710", "this is a defect of handfast, not of your request")
            .matters("there is no answer; what was acknowledged before is kept")
            .fix("please report it with the request's id, without personal data");
        Refused::under(StatusCode::INTERNAL_SERVER_ERROR, refusal)
    }

    /// A request that changes something comes from another page than ours.
    pub fn other_origin() -> Refused {
        let refusal = Refusal::new("E0711", "the request comes from a page of another site")
            .matters("a page elsewhere must not act in your name; nothing was done")
            .fix("use the application itself, or an API token");
        Refused::under(StatusCode::FORBIDDEN, refusal)
    }

    /// The first request with an idempotency key made a secret, which nothing keeps.
    pub fn shown_once() -> Refused {
        let title = "the first request with this key was done, and its answer is shown once";
        let refusal = Refusal::new("E0713", title)
            .matters("it made a secret of which only a hash is kept; nothing was done again")
            .fix("end what was made, and make another with a new key");
        Refused::under(StatusCode::CONFLICT, refusal)
    }

    /// Something was done, and what holds since could not be read.
    pub fn done_unseen() -> Refused {
        let title = "it was done, and the answer that shows it could not be made";
        let refusal = Refusal::new("E0718", title)
            .matters("it stands in the ledger; sending it again would do it twice")
            .fix("look at the page anew: what was done is there once the fault has passed");
        Refused::under(StatusCode::INTERNAL_SERVER_ERROR, refusal)
    }

    /// The server ended while it did what a key was sent with.
    pub fn cut_off() -> Refused {
        let title = "the server ended while this was done, and does not know whether it was";
        let refusal = Refusal::new("E0719", title)
            .matters("it was not done again: twice would be worse than not at all")
            .fix("look whether it is there; where it is not, send it with a key of its own");
        Refused::under(StatusCode::INTERNAL_SERVER_ERROR, refusal)
    }

    /// Somebody may see some teams' rows, and this shows only all of them.
    pub fn only_some_rows() -> Refused {
        teams::only_some("what it shows is of the whole company").into()
    }

    /// Something else has the way into the ledger to itself, for longer than anybody waits.
    pub fn inlet_busy() -> Refused {
        let refusal = Refusal::new("E0716", "an import is under way, and the ledger takes one")
            .matters("nothing of this request was taken in, and nothing is lost of the import")
            .fix("send it again when the import has ended: GET /api/v1/jobs tells");
        Refused::under(StatusCode::SERVICE_UNAVAILABLE, refusal).later(5)
    }

    /// A second import is asked for while one is under way.
    pub fn one_import() -> Refused {
        let refused = inlet_busy();
        Refused::under(StatusCode::CONFLICT, refused.refusal).later(5)
    }

    /// Rows that an import set aside, or would, are not to be had by its job.
    pub fn no_rows(why: &str) -> Refused {
        let refusal = Refusal::new("E0725", why)
            .matters("there is no file of rows to be mended")
            .fix("after a dry run, at once: it is kept of the newest five, until the server ends")
            .fix("of what was imported: GET /api/v1/imports/aside");
        Refused::under(StatusCode::CONFLICT, refusal)
    }

    /// More was sent to be imported than is kept.
    pub fn too_many_uploads(why: String) -> Refused {
        let refusal = Refusal::new("E0717", why)
            .matters("the file was not kept")
            .fix("import or take away some that were sent: GET /api/v1/uploads lists them");
        Refused::under(StatusCode::CONFLICT, refusal)
    }

    /// The request names another server than this.
    pub fn other_host() -> Refused {
        let refusal = Refusal::new("E0712", "the request is meant for another server")
            .matters("a name that somebody else decides about could lead to this address")
            .fix("use the address that was printed when the server started, or --host NAME");
        Refused::under(StatusCode::MISDIRECTED_REQUEST, refusal)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_server_refuses_has_a_code_and_a_status() {
        let all = [
            (ours::words("why", "fix"), "E0701", 400),
            (ours::no_such_page(), "E0702", 404),
            (ours::other_method(), "E0703", 405),
            (ours::body("why"), "E0704", 400),
            (ours::too_large(7), "E0705", 413),
            (ours::too_slow(), "E0706", 408),
            (ours::busy(), "E0707", 503),
            (ours::not_yet(30), "E0708", 503),
            (ours::too_many_rows(9, 7), "E0709", 400),
            (ours::fault(), "E0710", 500),
            (ours::other_origin(), "E0711", 403),
            (ours::other_host(), "E0712", 421),
            (ours::only_some_rows(), "E0715", 403),
            (ours::shown_once(), "E0713", 409),
            (ours::inlet_busy(), "E0716", 503),
            (ours::one_import(), "E0716", 409),
            (ours::too_many_uploads("why".to_owned()), "E0717", 409),
            (ours::no_rows("why"), "E0725", 409),
            (ours::done_unseen(), "E0718", 500),
            (ours::cut_off(), "E0719", 500),
            (ours::too_much(512), "E0724", 422),
        ];
        for (refused, code, status) in all {
            assert_eq!(
                (refused.refusal.code, refused.status.as_u16()),
                (code, status)
            );
            let response = refused.render("0123");
            let kind = response.headers().get(header::CONTENT_TYPE);
            assert_eq!(kind.unwrap(), "application/problem+json", "{code}");
        }
    }

    #[test]
    fn a_folder_of_the_server_goes_out_in_no_refusal() {
        let refusal = Refusal::new("E0280", "`/srv/acme/book` has no charter in force")
            .matters("/srv/acme/book answers nothing")
            .fix("handfast charter publish /srv/acme/book");
        let hidden = Refused::from(refusal).hiding(Path::new("/srv/acme/book"));
        let said = format!("{:?}", hidden.refusal);
        assert!(
            !said.contains("acme") && said.contains("publish BOOK"),
            "{said}"
        );
    }

    #[test]
    fn no_other_place_of_the_disk_goes_out_and_no_word_is_mistaken_for_one() {
        let place = |file: &str| handfast_model::Place {
            file: file.to_owned(),
            line: 0,
            column: 0,
            width: 0,
            excerpt: String::new(),
        };
        let hidden = |title: &str, file: &str| {
            let refusal = Refusal::new("E0601", title).at(place(file));
            let hidden = Refused::from(refusal).hiding(Path::new("/srv/acme"));
            let place = hidden.refusal.place.map(|place| place.file);
            (hidden.refusal.title, place)
        };
        let (title, place) = hidden(
            "/srv/acme2 is no copy of /srv/acme.",
            "/srv/acme/data/people.db",
        );
        assert_eq!(title, "/srv/acme2 is no copy of BOOK.");
        assert_eq!(place.as_deref(), Some("BOOK/data/people.db"));
        assert_eq!(hidden("`/srv/acme` fails", "/srv/keys/a").1, None);
        let (title, place) = hidden("`/srv/acme` fails", "charter/stages.toml");
        assert_eq!(
            (title.as_str(), place.as_deref()),
            ("`BOOK` fails", Some("charter/stages.toml"))
        );
    }

    #[test]
    fn what_is_our_fault_is_called_so_and_a_wait_is_told() {
        let status = |code| Refused::from(Refusal::new(code, "why")).status.as_u16();
        for code in ["E0207", "E0208", "E0209", "E0210", "E0212", "E0223"] {
            assert_eq!(status(code), 500, "{code}");
        }
        assert_eq!(
            (status("E0213"), status("E0252"), status("E0640")),
            (503, 409, 502)
        );
        let title = "too many tries; the next one counts in 37 seconds";
        let response = Refused::from(Refusal::new("E0611", title)).render("0123");
        assert_eq!(response.status(), 429);
        assert_eq!(response.headers().get(header::RETRY_AFTER).unwrap(), "37");
    }

    #[test]
    fn whoever_must_wait_is_told_how_long() {
        let response = ours::busy().render("0123");
        assert_eq!(response.headers().get(header::RETRY_AFTER).unwrap(), "2");
    }
}
