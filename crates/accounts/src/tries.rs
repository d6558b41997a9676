//! How often a password may be guessed: per account and network, per account by strangers, and per
//! network. What is counted are hashes, and unknown accounts are counted like known ones.
//!
//! An attacker with many addresses meets the account's own limit, which whoever signs in from a
//! network that the account has been used from does not share: nobody is locked out from where
//! they work.

use rusqlite::{Transaction, params};

use crate::actor::Call;
use crate::secret::{Hash, hash};
use crate::store::Fault;
use crate::{DAY, HOUR, SECOND, refuse};

/// How long a try counts.
pub(crate) const COUNTED: i64 = HOUR;
/// How long a network stays one that an account is used from.
pub(crate) const KNOWN: i64 = 90 * DAY;
/// Tries per hour on one account by all networks that it was never used from, together.
const BY_STRANGERS: usize = 10;
/// Tries per hour on one account from one network that it was used from.
const BY_KNOWN: usize = 10;
/// Tries per hour from one network on whatever accounts.
const BY_NETWORK: usize = 60;
/// Tries on one account from one network before each further one waits.
const FREE: usize = 3;
/// The longest such wait, in seconds.
const LONGEST: i64 = 600;

/// Whom a try is about, and from where.
pub(crate) struct Try {
    account: Hash,
    network: Hash,
}

impl Try {
    pub(crate) fn of(folded: &str, call: &Call<'_>) -> Try {
        Try {
            account: hash(folded.as_bytes()),
            network: hash(call.network().as_bytes()),
        }
    }

    /// Counts the try, or refuses it with the seconds until one counts again. It is counted before
    /// the password is looked at, so that many at once are no way around.
    pub(crate) fn admit(&self, act: &Transaction<'_>, call: &Call<'_>) -> Result<(), Fault> {
        let now = call.now.0;
        let since = now.saturating_sub(COUNTED);
        let both = params![self.account.as_slice(), self.network.as_slice(), since];
        let is_known = self.is_known(act, now)?;
        let here = times(
            act,
            "SELECT at FROM tries WHERE account = ?1 AND network = ?2 AND at > ?3",
            both,
        )?;
        let strange = times(
            act,
            "SELECT at FROM tries WHERE account = ?1 AND known = 0 AND at > ?2",
            params![self.account.as_slice(), since],
        )?;
        let network = times(
            act,
            "SELECT at FROM tries WHERE network = ?1 AND at > ?2",
            params![self.network.as_slice(), since],
        )?;
        let account = match is_known {
            true => over(&here, BY_KNOWN),
            false => over(&strange, BY_STRANGERS),
        };
        let until = account.max(over(&network, BY_NETWORK)).max(pause(&here));
        if until > now {
            return Err(refuse::too_many(seconds(until - now)).into());
        }
        self.count(act, is_known, now)
    }

    fn count(&self, act: &Transaction<'_>, is_known: bool, now: i64) -> Result<(), Fault> {
        let sql = "INSERT INTO tries (account, network, known, at) VALUES (?1, ?2, ?3, ?4)";
        act.prepare_cached(sql)?.execute(params![
            self.account.as_slice(),
            self.network.as_slice(),
            is_known,
            now
        ])?;
        Ok(())
    }

    fn forgive(&self, act: &Transaction<'_>) -> Result<(), Fault> {
        act.prepare_cached("DELETE FROM tries WHERE account = ?1 AND network = ?2")?
            .execute(params![self.account.as_slice(), self.network.as_slice()])?;
        Ok(())
    }

    /// The password was right: what was tried from here no longer counts, and from now on this is
    /// a network that the account is used from.
    pub(crate) fn succeed(&self, act: &Transaction<'_>, call: &Call<'_>) -> Result<(), Fault> {
        self.forgive(act)?;
        let sql = "INSERT INTO networks (account, network, at) VALUES (?1, ?2, ?3) \
                   ON CONFLICT (account, network) DO UPDATE SET at = excluded.at";
        act.prepare_cached(sql)?.execute(params![
            self.account.as_slice(),
            self.network.as_slice(),
            call.now.0
        ])?;
        Ok(())
    }

    fn is_known(&self, act: &Transaction<'_>, now: i64) -> Result<bool, Fault> {
        let sql = "SELECT 1 FROM networks WHERE account = ?1 AND network = ?2 AND at > ?3";
        let since = now.saturating_sub(KNOWN);
        let found = act.prepare_cached(sql)?.exists(params![
            self.account.as_slice(),
            self.network.as_slice(),
            since
        ])?;
        Ok(found)
    }
}

/// How often something that asks for no password is begun from one network. What is counted stands
/// beside the tries and among none of theirs: whoever begins often is kept from no password.
pub(crate) struct Pace(Try);

impl Pace {
    pub(crate) fn of(what: &str, call: &Call<'_>) -> Pace {
        let named = |whose: &str| hash(format!("{what}\0{whose}").as_bytes());
        Pace(Try {
            account: named(""),
            network: named(&call.network()),
        })
    }

    /// Counts one more, unless there were so many within the hour.
    pub(crate) fn admit(
        &self,
        act: &Transaction<'_>,
        call: &Call<'_>,
        most: usize,
    ) -> Result<(), Fault> {
        let now = call.now.0;
        let Pace(both) = self;
        let since = now.saturating_sub(COUNTED);
        let here = times(
            act,
            "SELECT at FROM tries WHERE account = ?1 AND network = ?2 AND at > ?3",
            params![both.account.as_slice(), both.network.as_slice(), since],
        )?;
        let until = over(&here, most);
        if until > now {
            return Err(refuse::too_many(seconds(until - now)).into());
        }
        both.count(act, true, now)
    }

    /// It led to somebody who may come in: what was begun from here no longer counts.
    pub(crate) fn forgive(&self, act: &Transaction<'_>) -> Result<(), Fault> {
        self.0.forgive(act)
    }
}

/// Whole seconds of a time, no fewer.
fn seconds(micros: i64) -> i64 {
    micros.div_euclid(SECOND) + 1
}

/// Forgets that there was such an account.
pub(crate) fn forget(act: &Transaction<'_>, folded: &str) -> Result<(), Fault> {
    let account = hash(folded.as_bytes());
    for table in ["tries", "networks"] {
        let sql = format!("DELETE FROM {table} WHERE account = ?1");
        act.execute(&sql, [account.as_slice()])?;
    }
    Ok(())
}

/// When tries were, newest first.
fn times(
    act: &Transaction<'_>,
    sql: &str,
    bounds: impl rusqlite::Params,
) -> Result<Vec<i64>, Fault> {
    let mut rows = act.prepare_cached(&format!("{sql} ORDER BY at DESC"))?;
    let times = rows.query_map(bounds, |row| row.get(0))?;
    Ok(times.collect::<Result<_, _>>()?)
}

/// When the next try counts where so many are allowed per hour; 0 for at once.
fn over(newest_first: &[i64], most: usize) -> i64 {
    let full_since = newest_first.get(most.saturating_sub(1));
    full_since.map_or(0, |at| at.saturating_add(COUNTED))
}

/// When the next try counts after so many: each wait is twice the one before.
fn pause(newest_first: &[i64]) -> i64 {
    let Some(last) = newest_first.first() else {
        return 0;
    };
    match newest_first.len().saturating_sub(FREE) {
        0 => 0,
        beyond @ 1..=9 => last + (SECOND << beyond),
        _ => last + LONGEST * SECOND,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_after_the_free_tries_and_end_at_ten_minutes() {
        let waits = |count: usize| pause(&vec![0; count]) / SECOND;
        let given: Vec<i64> = (0..9).map(waits).collect();
        assert_eq!(given, [0, 0, 0, 0, 2, 4, 8, 16, 32]);
        assert_eq!(waits(60), LONGEST);
    }

    #[test]
    fn a_full_hour_ends_an_hour_after_the_oldest_try_that_fills_it() {
        assert_eq!(over(&[9, 8], 3), 0);
        assert_eq!(over(&[9, 8, 7, 6], 3), 7 + COUNTED);
    }
}
