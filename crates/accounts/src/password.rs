//! Passwords: which are taken, how they are kept, and how many are checked at a time.
//!
//! Kept by argon2id with the costs that OWASP advises. One check takes 19 MiB, so that two at a
//! time are the most: guesses in parallel must not take the machine's memory.

use std::sync::{Condvar, Mutex, PoisonError};

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use handfast_model::Refusal;

use crate::refuse;
use crate::secret::{Chance, Secret, hex};

mod common;

/// Fewest characters of a password.
const SHORTEST: usize = 12;
/// Longest password, in bytes.
pub(crate) const LONGEST: usize = 1_024;
/// What must be left of a password once everything that can be guessed is taken out.
const LEFT: usize = 6;
/// Checks at a time.
const AT_A_TIME: usize = 2;
/// How many may wait for their turn.
const WAITING: usize = 16;

/// What one check costs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Cost {
    /// Memory, in KiB.
    pub memory_kib: u32,
    /// Passes over it.
    pub passes: u32,
}

impl Cost {
    /// What OWASP advises for argon2id with one lane.
    pub const ADVISED: Cost = Cost {
        memory_kib: 19_456,
        passes: 2,
    };

    fn argon2(self) -> Option<Argon2<'static>> {
        let params = Params::new(self.memory_kib, self.passes, 1, None).ok()?;
        Some(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
    }
}

/// What a check found.
pub(crate) struct Checked {
    pub is_right: bool,
    /// The password kept anew, where it was kept at less than today's cost.
    pub kept_anew: Option<String>,
}

/// Keeps and checks passwords.
pub(crate) struct Hasher {
    cost: Cost,
    argon2: Argon2<'static>,
    /// What is checked where there is nobody, so that it takes as long as where there is somebody.
    nobody: String,
    gate: Gate,
}

impl Hasher {
    pub(crate) fn new(cost: Cost, chance: &Chance) -> Result<Hasher, Refusal> {
        let argon2 = cost.argon2().or_else(|| Cost::ADVISED.argon2());
        let mut hasher = Hasher {
            cost,
            argon2: argon2.unwrap_or_default(),
            nobody: String::new(),
            gate: Gate::default(),
        };
        let never = Secret::new(hex(&chance.bytes::<32>()?));
        hasher.nobody = hasher.keep(&never, chance)?;
        Ok(hasher)
    }

    /// A turn at something that takes as much memory as a check, for as long as it is held.
    pub(crate) fn turn(&self) -> Result<Turn<'_>, Refusal> {
        self.gate.enter()
    }

    /// A password as it is kept.
    pub(crate) fn keep(&self, password: &Secret, chance: &Chance) -> Result<String, Refusal> {
        let _turn = self.gate.enter()?;
        self.kept(password, chance)
    }

    fn kept(&self, password: &Secret, chance: &Chance) -> Result<String, Refusal> {
        let salt = chance.bytes::<16>()?;
        let kept = self
            .argon2
            .hash_password_with_salt(password.expose().as_bytes(), &salt);
        let kept = kept.map_err(|error| refuse::weak(&format!("it cannot be kept ({error})")))?;
        Ok(kept.to_string())
    }

    /// Checks a password; against nobody's in the same time where there is none.
    pub(crate) fn check(
        &self,
        password: &Secret,
        kept: Option<&str>,
        chance: &Chance,
    ) -> Result<Checked, Refusal> {
        let _turn = self.gate.enter()?;
        let against = PasswordHash::new(kept.unwrap_or(&self.nobody));
        let fits = |hash: &PasswordHash| {
            let password = password.expose().as_bytes();
            self.argon2.verify_password(password, hash).is_ok()
        };
        // The check runs whether or not there is somebody.
        let is_right = against.as_ref().is_ok_and(fits) && kept.is_some();
        let is_cheap = against.is_ok_and(|hash| self.is_cheaper(&hash));
        let kept_anew = match is_right && is_cheap {
            true => Some(self.kept(password, chance)?),
            false => None,
        };
        Ok(Checked {
            is_right,
            kept_anew,
        })
    }

    /// Whether a password was kept at less than it costs today.
    fn is_cheaper(&self, hash: &PasswordHash) -> bool {
        Params::try_from(hash).is_ok_and(|params| {
            params.m_cost() < self.cost.memory_kib || params.t_cost() < self.cost.passes
        })
    }
}

/// Lets so many in at a time, and so many wait.
#[derive(Default)]
pub(crate) struct Gate {
    /// Those inside, and those who wait.
    count: Mutex<(usize, usize)>,
    left: Condvar,
}

pub(crate) struct Turn<'a>(&'a Gate);

impl Gate {
    fn enter(&self) -> Result<Turn<'_>, Refusal> {
        let mut count = self.count.lock().unwrap_or_else(PoisonError::into_inner);
        if count.0 >= AT_A_TIME && count.1 >= WAITING {
            return Err(refuse::busy());
        }
        count.1 += 1;
        while count.0 >= AT_A_TIME {
            count = self
                .left
                .wait(count)
                .unwrap_or_else(PoisonError::into_inner);
        }
        count.1 -= 1;
        count.0 += 1;
        Ok(Turn(self))
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let mut count = self.0.count.lock().unwrap_or_else(PoisonError::into_inner);
        count.0 = count.0.saturating_sub(1);
        self.0.left.notify_one();
    }
}

/// Whether a password is taken: long enough, and not what is guessed first. `own` are words that
/// stand close to the person: name, e-mail, company.
pub(crate) fn judge(password: &Secret, own: &[&str]) -> Result<(), Refusal> {
    let text = password.expose();
    let length = text.chars().count();
    if length < SHORTEST {
        return Err(refuse::weak(&format!(
            "it has {length} characters, and {SHORTEST} are the fewest"
        )));
    }
    if text.len() > LONGEST {
        return Err(refuse::weak(&format!(
            "it has {} bytes, and {LONGEST} are the most",
            text.len()
        )));
    }
    let folded = common::folded(text);
    if common::is_listed(&folded) {
        return Err(refuse::weak(
            "it is among the passwords that are guessed first",
        ));
    }
    if common::is_repeated(&folded) {
        return Err(refuse::weak("it is a few characters over and over"));
    }
    if common::is_row(&folded) {
        return Err(refuse::weak("it is a row of keys, letters or digits"));
    }
    let rest = common::without_words(&folded, own);
    if rest.chars().count() < LEFT {
        let what = "it is made of common words, years, or of words that stand close to you";
        return Err(refuse::weak(what));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHEAP: Cost = Cost {
        memory_kib: 8,
        passes: 1,
    };

    fn refused(password: &str) -> bool {
        let own = [
            "Vera Lindqvist",
            "vera.lindqvist@tessera.example",
            "Tessera Ltd",
        ];
        let judged = judge(&Secret::new(password), &own);
        judged.is_err_and(|refusal| refusal.code == "E0613")
    }

    #[test]
    fn what_is_guessed_first_is_refused() {
        for password in [
            "",
            "short",
            "elevenchars",
            "aaaaaaaaaaaa",
            "abcabcabcabc",
            "123456789012",
            "987654321098",
            "qwertyuiop123",
            "qwertzuiop12",
            "1qaz2wsx3edc4rfv",
            "abcdefghijklmnop",
            "password1234",
            "P@ssw0rd2024!!",
            "passwordpassword",
            "correcthorsebatterystaple",
            "Tessera2025!!",
            "vera.lindqvist1",
            "lindqvist-tessera",
            "welcome-tessera-2026",
            "handfast2026",
            "Summer2026!Summer",
            "letmeinletmein",
            "iloveyou1234567",
        ] {
            assert!(refused(password), "{password} was taken");
        }
        assert!(refused(&"long and odd 7 ".repeat(100)));
    }

    #[test]
    fn what_is_hard_to_guess_is_taken() {
        for password in [
            "plum lantern gravel mist",
            "Zug um Zug nach Lindau",
            "vera counts nine herons",
            "Kd7#mW2x!pLq",
            "пчела варит кофе",
            "密码很长而且很奇怪没有人猜得到",
            "9c1e7b44d2aa",
        ] {
            assert!(!refused(password), "{password} was refused");
        }
    }

    #[test]
    fn a_kept_password_opens_for_itself_only_and_is_kept_anew_when_costs_rise() {
        let chance = Chance::system();
        let cheap = Hasher::new(CHEAP, &chance).unwrap();
        let (right, wrong) = (
            Secret::new("plum lantern gravel"),
            Secret::new("plum lantern"),
        );
        let kept = cheap.keep(&right, &chance).unwrap();
        assert!(kept.starts_with("$argon2id$v=19$m=8,t=1,p=1$"), "{kept}");
        assert_ne!(kept, cheap.keep(&right, &chance).unwrap());
        let check = |hasher: &Hasher, password: &Secret, kept: Option<&str>| {
            let checked = hasher.check(password, kept, &chance).unwrap();
            (checked.is_right, checked.kept_anew)
        };
        assert_eq!(check(&cheap, &right, Some(&kept)), (true, None));
        assert_eq!(check(&cheap, &wrong, Some(&kept)), (false, None));
        assert_eq!(check(&cheap, &right, None), (false, None));
        assert_eq!(check(&cheap, &right, Some("not a hash")), (false, None));
        let dearer = Cost {
            memory_kib: 16,
            passes: 2,
        };
        let dear = Hasher::new(dearer, &chance).unwrap();
        let (is_right, anew) = check(&dear, &right, Some(&kept));
        assert!(is_right && anew.is_some_and(|anew| anew.contains("m=16,t=2,p=1")));
        assert_eq!(check(&dear, &wrong, Some(&kept)), (false, None));
    }

    #[test]
    fn two_are_checked_at_a_time_and_a_few_wait() {
        let gate = Gate::default();
        let inside = [gate.enter().unwrap(), gate.enter().unwrap()];
        gate.count.lock().unwrap().1 = WAITING;
        assert_eq!(gate.enter().err().unwrap().code, "E0612");
        gate.count.lock().unwrap().1 = 0;
        std::thread::scope(|scope| {
            let third = scope.spawn(|| gate.enter().is_ok());
            drop(inside);
            assert!(third.join().unwrap());
        });
        assert_eq!(*gate.count.lock().unwrap(), (0, 0));
    }
}
