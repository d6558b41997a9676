//! Every refusal about people and rights, worded once. Each code has a page in `errors/`.
//!
//! What an outsider reads must not tell whether somebody has an account here, so signing in has
//! one sentence for all reasons.

use std::path::Path;

use handfast_model::{Place, Refusal};

use crate::actor::Actor;

fn whole(path: &Path) -> Place {
    Place {
        file: path.display().to_string(),
        line: 0,
        column: 0,
        width: 0,
        excerpt: String::new(),
    }
}

pub(crate) fn unusable(path: &Path, what: &str) -> Refusal {
    Refusal::new(
        "E0601",
        format!("the file of people cannot be used: {what}"),
    )
    .at(whole(path))
    .matters("nobody can sign in; the ledger is not touched by it")
    .fix("put it back from a backup, or move it away and set the first owner up again")
}

pub(crate) fn newer(path: &Path, version: i64, known: i64) -> Refusal {
    let title = format!(
        "the file of people is of version {version}, and this program knows versions up to {known}"
    );
    Refusal::new("E0602", title)
        .at(whole(path))
        .matters("an older program could weaken what a newer one wrote")
        .fix("use the newer program, or put back the copy from before the upgrade")
}

pub(crate) fn disk_full(path: &Path) -> Refusal {
    Refusal::new("E0603", "the disk is full")
        .at(whole(path))
        .matters("nothing was changed")
        .fix("make room and try again; nothing needs to be started anew")
}

pub(crate) fn no_chance() -> Refusal {
    Refusal::new("E0604", "the operating system gives no random bytes")
        .matters("a secret that can be guessed is none, so none was made")
        .fix("look at the system's log; /dev/urandom must be readable")
}

pub(crate) fn does_not_fit() -> Refusal {
    Refusal::new(
        "E0610",
        "this e-mail and this password do not open anything here",
    )
    .matters("nothing was opened; the answer is the same whatever the reason")
    .fix("try again, or ask whoever looks after people here for a link to a new password")
}

/// How the title of `too_many` begins; the seconds follow.
const TOO_MANY: &str = "too many tries; the next one counts in ";

/// After how many seconds it may be tried again, where a refusal says so.
pub fn wait_seconds(refusal: &Refusal) -> Option<u32> {
    match refusal.code {
        "E0611" => {
            let rest = refusal.title.strip_prefix(TOO_MANY)?;
            rest.split(' ').next()?.parse().ok()
        }
        "E0612" => Some(5),
        "E0651" => Some(1),
        _ => None,
    }
}

pub(crate) fn too_many(seconds: i64) -> Refusal {
    Refusal::new("E0611", format!("{TOO_MANY}{seconds} seconds"))
        .matters("what is guessed too often is guessed at last")
        .fix(format!(
            "wait {seconds} seconds; signing in from where you usually do is not affected"
        ))
}

/// More people sign in at once than there are turns.
pub fn busy() -> Refusal {
    Refusal::new("E0612", "too many people are signing in at this moment")
        .matters("checking a password takes much memory on purpose, so few are checked at a time")
        .fix("try again in some seconds")
}

pub(crate) fn weak(what: &str) -> Refusal {
    Refusal::new("E0613", format!("this password is refused: {what}"))
        .matters("nothing was changed")
        .fix("take 12 characters or more, as four words that have nothing to do with each other")
}

pub(crate) fn set_up_is_over() -> Refusal {
    Refusal::new("E0614", "this token does not set anything up")
        .matters(
            "a book has its first owner once, by the token that its server prints at the start",
        )
        .fix("copy the token of the latest start, or sign in")
}

pub(crate) fn link_is_over() -> Refusal {
    Refusal::new("E0615", "this link opens nothing, or nothing any more")
        .matters("a link works once and for some days; a later one ends an earlier one")
        .fix("ask whoever sent it for another")
}

pub(crate) fn sign_in_first() -> Refusal {
    Refusal::new("E0620", "this needs somebody who has signed in")
        .matters("nothing was shown and nothing was done")
        .fix("sign in, or send a token: Authorization: Bearer hf_…")
}

pub(crate) fn may_not(actor: &Actor, word: &str, means: &str) -> Refusal {
    let title = match actor {
        Actor::Token { .. } => format!("this token may not `{word}`: {means}"),
        Actor::Key { .. } => format!("a source's key may not `{word}`: {means}"),
        Actor::Guest { .. } => format!("a guest may not `{word}`: {means}"),
        _ => match actor.person() {
            Some(person) => format!("the role {} may not `{word}`: {means}", person.role.word()),
            None => format!("the console may not `{word}`: {means}"),
        },
    };
    Refusal::new("E0621", title)
        .matters("nothing was shown and nothing was done")
        .fix("ask an owner for a role that may; docs/reference/rights.md has the table")
}

pub(crate) fn in_person(actor: &Actor, word: &str) -> Refusal {
    let means = "who may come in, and whose sessions and tokens end, is said by somebody who has \
                 signed in";
    may_not(actor, word, means)
}

pub(crate) fn other_voice(own: &str, side: &str) -> Refusal {
    let title = format!("a team of {side} speaks for itself, and you belong to {own}");
    Refusal::new("E0621", title)
        .matters("nothing was kept: what stands in a team's name was said by that team")
        .fix("tell it in the name of a team of your own side, or ask an analyst to write it down")
}

pub(crate) fn only_owners() -> Refusal {
    Refusal::new(
        "E0621",
        "only an owner may make, change or keep out an owner",
    )
    .matters("nothing was changed")
    .fix("ask an owner")
}

pub(crate) fn nothing_here(what: &str) -> Refusal {
    Refusal::new("E0622", format!("there is no such {what}"))
        .matters("nothing was changed")
        .fix("look at the list again: somebody may have taken it away")
}

pub(crate) fn called_so() -> Refusal {
    Refusal::new(
        "E0624",
        "`name` cannot be taken: somebody else here is called so",
    )
    .matters("nothing was changed: what people do stands under their names for ever")
    .fix("add a middle name or a team, or ask whoever looks after people here")
}

pub(crate) fn taken() -> Refusal {
    Refusal::new("E0623", "somebody here has this e-mail already")
        .matters("nothing was changed")
        .fix("give another e-mail, or change the person who has it")
}

pub(crate) fn unreadable(field: &str, what: &str) -> Refusal {
    Refusal::new("E0624", format!("`{field}` cannot be taken: {what}"))
        .matters("nothing was changed")
        .fix(format!("mend `{field}` and send it again"))
}

pub(crate) fn last_owner() -> Refusal {
    Refusal::new("E0625", "this is the last owner")
        .matters("a book without an owner could never be given one again")
        .fix("make somebody else an owner first")
}

pub(crate) fn oneself() -> Refusal {
    Refusal::new("E0626", "nobody changes their own rights")
        .matters("nothing was changed")
        .fix("ask another owner")
}

pub(crate) fn wider(words: &str) -> Refusal {
    Refusal::new(
        "E0630",
        format!("a token cannot be made for what its person may not: {words}"),
    )
    .matters("no token was made")
    .fix("ask for fewer scopes; docs/reference/rights.md says what each role may")
}

pub(crate) fn lifetime(days: i64) -> Refusal {
    let title = format!("a token ends between now and {days} days from now");
    Refusal::new("E0631", title)
        .matters("no token was made")
        .fix("give an end that is not further away, and make another one then")
}

pub(crate) fn chain_broken(seq: i64, what: &str) -> Refusal {
    let title = format!("entry {seq} of the audit log is not what was written: {what}");
    Refusal::new("E0660", title)
        .matters("nothing after that entry can be relied on; what is before it holds")
        .fix("compare it with the latest export of the log, or with a backup")
}

pub(crate) fn other_request(key: &str) -> Refusal {
    let title = format!("the key `{key}` belongs to another request");
    Refusal::new("E0650", title)
        .matters("nothing was done: this request differs from the first one with this key")
        .fix("make a new Idempotency-Key for each new request; repeat a request unchanged")
}

pub(crate) fn under_way() -> Refusal {
    Refusal::new(
        "E0651",
        "the first request with this key is not answered yet",
    )
    .matters("nothing was done a second time")
    .fix("wait for its answer, then repeat the request unchanged")
}

pub(crate) fn provider_unusable(name: &str, what: &str) -> Refusal {
    Refusal::new(
        "E0640",
        format!("the provider `{name}` cannot be used: {what}"),
    )
    .matters("nobody can sign in by it; passwords work as before")
    .fix("look at issuer, client and way back in the settings, and whether the provider answers")
}

pub(crate) fn begun_is_over() -> Refusal {
    Refusal::new("E0641", "this sign-in was not begun here, or is over")
        .matters("nothing was opened")
        .fix("begin again: a sign-in works once, for ten minutes, in the browser that began it")
}

pub(crate) fn not_vouched(what: &str) -> Refusal {
    Refusal::new("E0642", format!("the provider's answer is refused: {what}"))
        .matters("nothing was opened: whoever sent it may be somebody else")
        .fix("begin again; if it stays, show this to whoever looks after the provider")
}

pub(crate) fn no_role() -> Refusal {
    Refusal::new("E0643", "none of your groups has a role here")
        .matters("nothing was opened")
        .fix(
            "ask whoever looks after people here for an invitation, or for a group that has a role",
        )
}

pub(crate) fn no_email() -> Refusal {
    Refusal::new("E0643", "the provider vouches for no e-mail of yours")
        .matters("nothing was opened: by an e-mail of somebody else one could pass for them")
        .fix("have your e-mail confirmed at the provider, or ask for an invitation here")
}

pub(crate) fn email_of_another() -> Refusal {
    Refusal::new(
        "E0644",
        "somebody here has the e-mail of this sign-in already",
    )
    .matters("nothing was opened: an e-mail alone opens nobody's account")
    .fix("sign in as before and add this sign-in under your name, or ask for a link")
}

pub(crate) fn bound_elsewhere() -> Refusal {
    Refusal::new("E0645", "this sign-in belongs to somebody else here")
        .matters("nothing was changed")
        .fix("sign out at the provider and come back as the one you mean")
}
