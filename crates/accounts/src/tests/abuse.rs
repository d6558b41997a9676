//! Bytes changed and the file of people cut short, anywhere: nobody gets in who could not before,
//! or gets more than before; what cannot be read is a refusal that names the file. Who somebody is
//! may be lost: SQLite has no sum over its pages, so a letter of a name may be another.

use std::collections::BTreeMap;
use std::fs;

use handfast_model::Refusal;
use tempfile::TempDir;

use super::{EMAIL, NOW, Office, PASSWORD, call, chosen, newcomer, person, secret, settings};
use crate::audit::Head;
use crate::{Accounts, Actor, Credentials, NewPerson, Role, SignedIn};

/// How often: `full` in a soak, else as often as a test run has time for.
fn times(full: usize, everyday: usize) -> usize {
    match std::env::var_os("HANDFAST_SOAK") {
        Some(_) => full,
        None => everyday,
    }
}

/// A file that is damaged, asked, and put back.
struct Victim {
    dir: TempDir,
    whole: Vec<u8>,
    head: Head,
    insiders: Vec<SignedIn>,
    /// How often it was asked, by what came of it.
    came: BTreeMap<&'static str, u32>,
}

impl Victim {
    fn new() -> Victim {
        let office = Office::new();
        let of_a_team = NewPerson {
            teams: vec!["field".to_owned()],
            ..newcomer(Role::Viewer, "of-a-team@example.org")
        };
        let accounts = &office.accounts;
        let invited = accounts.invite(office.boss(), &call(), &of_a_team);
        let password = secret(PASSWORD);
        let of_a_team = accounts.accept(&call(), &invited.unwrap().1, &chosen(&password));
        let insiders = vec![of_a_team.unwrap(), office.hire(Role::Viewer)];
        let copy = office.dir.path().join("whole.db");
        crate::copy(&office.dir.path().join("people.db"), &copy).unwrap();
        let head = accounts.audit_head().unwrap();
        let Office { owner, .. } = office;
        Victim {
            whole: fs::read(copy).unwrap(),
            dir: TempDir::new().unwrap(),
            head,
            insiders: insiders.into_iter().chain([owner]).collect(),
            came: BTreeMap::new(),
        }
    }

    fn count(&mut self, what: &'static str) {
        *self.came.entry(what).or_default() += 1;
    }

    /// A refusal has a code of people's, and names the file where it is about it.
    fn refused(&mut self, refusal: &Refusal, what: &str) {
        assert!(refusal.code.starts_with("E06"), "{what}: {refusal}");
        let place = refusal.place.as_ref().map(|place| place.file.as_str());
        let is_named = place.is_some_and(|place| place.ends_with("people.db"));
        assert!(refusal.code != "E0601" || is_named, "{what}: {refusal}");
        self.count(refusal.code);
    }

    /// Opens and asks the file with these bytes.
    fn with(&mut self, bytes: &[u8], what: &str) {
        let path = self.dir.path().join("people.db");
        for beside in ["people.db-wal", "people.db-shm"] {
            let _ = fs::remove_file(self.dir.path().join(beside));
        }
        fs::write(&path, bytes).unwrap();
        let accounts = match Accounts::open_with(&path, NOW, settings()) {
            Ok(accounts) => accounts,
            Err(refusal) => return self.refused(&refusal, what),
        };
        match accounts.verify_chain(Some(&self.head)) {
            // A log that holds up to its head is the one that was written, to the letter.
            Ok(_) => self.count("the log holds"),
            Err(refusal) => self.refused(&refusal, what),
        }
        let insiders = std::mem::take(&mut self.insiders);
        for insider in &insiders {
            match accounts.who(&insider.secret, &call()) {
                Ok(Actor::Stranger) => self.count("kept out"),
                Ok(actor) => {
                    let (was, is) = (person(&insider.actor), person(&actor));
                    assert_eq!(is.id, was.id, "{what}");
                    let is_no_more = is.role == was.role || is.role == Role::Viewer;
                    assert!(is_no_more, "{what}: {:?} is {:?} now", was.role, is.role);
                    assert!(
                        is.sides.iter().all(|side| was.sides.contains(side)),
                        "{what}"
                    );
                    assert_eq!(is.teams.is_empty(), was.teams.is_empty(), "{what}");
                    self.count(if is == was {
                        "the same"
                    } else {
                        "lost something"
                    });
                }
                Err(refusal) => self.refused(&refusal, what),
            }
        }
        self.insiders = insiders;
        match accounts.who(&secret("nobody's"), &call()) {
            Ok(actor) => assert_eq!(actor, Actor::Stranger, "{what}"),
            Err(refusal) => self.refused(&refusal, what),
        }
        for (password, is_right) in [(PASSWORD, true), ("plum lantern gravel moss", false)] {
            let with = Credentials {
                email: EMAIL,
                password: &secret(password),
                device: "",
                before: None,
            };
            match accounts.sign_in(&call(), &with) {
                Ok(_) => assert!(is_right, "{what}: another password opens it"),
                Err(refusal) => self.refused(&refusal, what),
            }
        }
    }

    fn came(&self, what: &str) -> u32 {
        self.came.get(what).copied().unwrap_or(0)
    }
}

/// Marsaglia's xorshift, below a number.
fn below(random: &mut u64, below: usize) -> usize {
    *random ^= *random << 13;
    *random ^= *random >> 7;
    *random ^= *random << 17;
    usize::try_from(*random % below.max(1) as u64).unwrap()
}

#[test]
fn wherever_a_bit_is_flipped_nobody_gets_in_who_could_not_before() {
    let mut victim = Victim::new();
    let whole = victim.whole.clone();
    victim.with(&whole, "whole");
    assert_eq!(victim.came("the same"), 3);
    let seed = std::env::var("HANDFAST_SEED").ok();
    let mut random = seed
        .and_then(|text| text.parse().ok())
        .unwrap_or(0x9e37_79b9_7f4a_7c15);
    println!("HANDFAST_SEED={random}");
    // Every byte in a soak, one bit of each.
    let step = times(1, whole.len() / 400).max(1);
    for from in (0..whole.len()).step_by(step) {
        let at = (from + below(&mut random, step)).min(whole.len() - 1);
        let bit = below(&mut random, 8);
        let mut bytes = whole.clone();
        bytes[at] ^= 1 << bit;
        victim.with(&bytes, &format!("bit {bit} of byte {at}"));
    }
    println!("{:?}", victim.came);
    // The control: some are seen, and most of the file is free space, or nobody's business here.
    assert!(victim.came("E0601") > 0, "{:?}", victim.came);
    assert!(victim.came("the same") > 300, "{:?}", victim.came);
}

#[test]
fn wherever_the_file_ends_nobody_gets_in_who_could_not_before() {
    let mut victim = Victim::new();
    let whole = victim.whole.clone();
    let step = times(1, whole.len() / 60).max(1);
    let pages = (0..whole.len()).step_by(4_096);
    for length in (1..whole.len()).step_by(step).chain(pages) {
        victim.with(&whole[..length], &format!("cut to {length}"));
    }
    println!("{:?}", victim.came);
    assert!(victim.came("E0601") > 30, "{:?}", victim.came);
}

/// The control of the log: no flip within its entries goes unseen.
#[test]
fn whatever_is_flipped_of_the_log_breaks_its_chain() {
    let mut victim = Victim::new();
    let whole = victim.whole.clone();
    let act = b"person.invited";
    let places = whole.windows(act.len()).enumerate();
    let places: Vec<usize> = places
        .filter(|(_, bytes)| bytes == act)
        .map(|(at, _)| at)
        .collect();
    assert!(places.len() > 1, "it is in the log twice");
    for at in places {
        let mut bytes = whole.clone();
        bytes[at] ^= 1;
        let before = victim.came("the log holds");
        victim.with(&bytes, &format!("byte {at}"));
        assert_eq!(victim.came("the log holds"), before, "byte {at}");
    }
}
