//! What all acts have in common: how long their words may be, and what is written down of them.

use axum::Json;
use axum::http::StatusCode;
use handfast_accounts::Intent;
use handfast_accounts::audit::Deed;
use handfast_model::Seq;
use handfast_wire::v1::deal::Kept;

use crate::fail;
use crate::house::House;
use crate::limits;
use crate::problem::{Answered, Refused, ours};
use crate::viewer::Viewer;

/// Words that somebody keeps: there are some, and no more than a page of them.
pub(super) fn said(field: &str, words: &str) -> Answered<()> {
    match words.trim().len() {
        0 => Err(ours::words(format!("`{field}` is empty"), "some words")),
        bytes if bytes > limits::SAID => {
            let most = limits::SAID;
            let why = format!("`{field}` has {bytes} bytes; {most} are kept");
            Err(ours::words(why, "fewer words"))
        }
        _ => Ok(()),
    }
}

/// A number between two, both allowed.
pub(super) fn within<N: PartialOrd + std::fmt::Display>(
    field: &str,
    number: N,
    (least, most): (N, N),
) -> Answered<()> {
    match number >= least && number <= most {
        true => Ok(()),
        false => {
            let why = format!("`{field}={number}`: {least} to {most} are taken");
            Err(ours::words(why, format!("{field}={most}")))
        }
    }
}

/// Refuses a text that is longer than the description lets it be.
pub(super) fn brief(field: &str, text: Option<&str>, most: usize) -> Answered<()> {
    match text.is_none_or(|text| text.chars().count() <= most) {
        true => Ok(()),
        false => {
            let why = format!("`{field}` has more than {most} characters");
            Err(ours::words(
                why,
                format!("{field} of {most} characters at most"),
            ))
        }
    }
}

/// Something that was done, and is not in the log of who did what yet.
#[must_use = "what was done is written down"]
pub(super) struct Done<'h> {
    house: &'h House,
    viewer: &'h Viewer,
    act: &'static str,
    intent: Intent,
}

/// Does something in the ledger, after it is written down that it is about to be done: whoever is
/// killed between its commit and its entry leaves the intent, of which the next start tells.
pub(super) fn act<'h, T, E: Into<Refused>>(
    (house, viewer): (&'h House, &'h Viewer),
    act: &'static str,
    work: impl FnOnce() -> Result<T, E>,
) -> Answered<(T, Done<'h>)> {
    let newest = house.book.ledger.last_seq()?;
    begun((house, viewer), (act, Some(newest.0)), work)
}

/// The same of what is done on the disk beside the ledger.
pub(super) fn act_beside<'h, T, E: Into<Refused>>(
    (house, viewer): (&'h House, &'h Viewer),
    act: &'static str,
    work: impl FnOnce() -> Result<T, E>,
) -> Answered<(T, Done<'h>)> {
    begun((house, viewer), (act, None), work)
}

fn begun<'h, T, E: Into<Refused>>(
    (house, viewer): (&'h House, &'h Viewer),
    (act, newest): (&'static str, Option<u64>),
    work: impl FnOnce() -> Result<T, E>,
) -> Answered<(T, Done<'h>)> {
    let call = viewer.call();
    let intent = house.people.intend(&viewer.actor, &call, (act, newest))?;
    fail::point("intended");
    let done = Done {
        house,
        viewer,
        act,
        intent,
    };
    match work() {
        Ok(given) => Ok((given, done)),
        Err(refused) => {
            let refused = refused.into();
            // Of what failed on the disk nobody knows how far it went; the next start says so.
            if refused.status != StatusCode::INTERNAL_SERVER_ERROR {
                done.not();
            }
            Err(refused)
        }
    }
}

impl Done<'_> {
    /// Nothing was done after all.
    pub(super) fn not(self) {
        if let Err(refusal) = self.house.people.drop_intent(&self.intent) {
            self.unwritten(refusal.code);
        }
    }

    /// Writes it down: what it was done to, and what holds since. Where the log cannot be written,
    /// the server's own log says so, and whoever did it is not told to do it again.
    pub(super) fn to(self, object: &str, after: &[(&str, &str)]) {
        self.viewer.has_acted();
        fail::point("acted");
        let deed = Deed {
            act: self.act,
            object,
            before: &[],
            after,
        };
        let by = (&self.viewer.actor, &self.viewer.call());
        let written = self.house.people.record_intended(&self.intent, by, &deed);
        if let Err(refusal) = written {
            self.unwritten(refusal.code);
        }
    }

    fn unwritten(&self, code: &str) {
        let (request, act) = (self.viewer.call().request, self.act);
        tracing::error!(
            request,
            act,
            code,
            "an act has no entry in the audit log before the next start"
        );
    }

    /// Writes down the commit that it is, and turns the page to it.
    pub(super) fn in_commit(self, seq: Seq) {
        let house = self.house;
        self.to(&seq.to_string(), &[]);
        // Whoever did it sees it on the next page. It is done, whether that can be turned or not.
        let _ = house.publish();
    }

    /// The same, and tells the commit.
    pub(super) fn kept(self, seq: Seq, notes: Vec<String>) -> Json<Kept> {
        self.in_commit(seq);
        Json(Kept { seq: seq.0, notes })
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::process::Command;

    use axum::body::Body;
    use axum::http::{Request, header};
    use handfast_accounts::{Actor, CUT_OFF, Call, FirstOwner, Secret};
    use handfast_model::question::AsOf;
    use handfast_service::agree::state::Agreement;
    use serde_json::{Value, json};
    use tower::ServiceExt;

    use crate::again::end_cut_off;
    use crate::house::tests::{begun, opened};
    use crate::routes;

    const FOLDER: &str = "HANDFAST_KILLED_FOLDER";

    /// A charter that is proposed: the fixture's with another word in it.
    fn draft(charter: &Path) -> String {
        let mut files: Vec<Value> = Vec::new();
        for entry in std::fs::read_dir(charter).unwrap() {
            let path = entry.unwrap().path();
            let text = std::fs::read_to_string(&path).unwrap();
            let text = text.replace("\"qualified\"]", "\"hot\"]");
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            files.push(json!({"path": name, "text": text}));
        }
        json!({"name": "hot", "why": "too many", "files": files}).to_string()
    }

    /// The child's part: it proposes a charter, and is killed on the way.
    #[test]
    fn child() {
        let Ok(folder) = std::env::var(FOLDER) else {
            return;
        };
        let house = opened(Path::new(&folder));
        let call = Call::console(house.now());
        let token = house.people.set_up_token(&call).unwrap().unwrap();
        let first = FirstOwner {
            token: &token,
            name: "Olga",
            email: "olga@firm.example",
            password: &Secret::new("lamp orchard seventeen kettle"),
            device: "",
            before: None,
        };
        let owner = house.people.set_up(&call, &first).unwrap();
        let cookie = format!("handfast={}", owner.secret.expose());
        let request = Request::post("/api/v1/charter/drafts")
            .header(header::HOST, "here")
            .header(header::ORIGIN, "http://here")
            .header(header::COOKIE, cookie)
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(draft(&house.book.dir.join("charter"))))
            .unwrap();
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let answer = runtime.block_on(routes::app(house).oneshot(request));
        assert_eq!(answer.unwrap().status(), 200);
    }

    #[test]
    fn an_act_that_is_cut_off_before_its_entry_is_told_by_the_next_start() {
        for (point, is_done) in [("intended", false), ("acted", true)] {
            let dir = begun();
            let child = Command::new(std::env::current_exe().unwrap())
                .args(["--exact", "routes::acts::tests::child", "--nocapture"])
                .env(FOLDER, dir.path())
                .env("HANDFAST_FAILPOINT", point)
                .output()
                .unwrap();
            let said = String::from_utf8_lossy(&child.stderr);
            assert!(!child.status.success(), "{point} was not reached");
            assert!(!said.contains("panicked"), "{point}: {said}");
            let house = opened(dir.path());
            let agreement = Agreement::read(&house.book, AsOf::Latest).unwrap();
            assert_eq!(agreement.drafts.len(), usize::from(is_done), "{point}");
            let told = || {
                let entries = house.people.audit(&Actor::Console, None, 100).unwrap();
                let own = |act: &str| act == CUT_OFF || act.starts_with("charter.");
                let own = entries.into_iter().filter(|entry| own(&entry.act));
                own.collect::<Vec<_>>()
            };
            assert_eq!(told(), [], "{point}");
            // However often it starts, and only where there is something that may have been done.
            for _ in 0..2 {
                end_cut_off(&house).unwrap();
            }
            let told = told();
            let acts = told
                .iter()
                .map(|one| (one.act.as_str(), one.object.as_str()));
            let expected = [(CUT_OFF, "charter.proposed")];
            let expected = expected.into_iter().filter(|_| is_done);
            assert!(acts.eq(expected), "{point}: {told:?}");
            if let Some(entry) = told.first() {
                let newest = house.book.ledger.last_seq().unwrap();
                assert!(entry.after.contains(&format!("\"{newest}\"")), "{told:?}");
                assert_eq!(entry.kind, "person");
                assert!(!entry.actor.is_empty() && !entry.request.is_empty());
            }
            house.people.verify_chain(None).unwrap();
        }
    }
}
