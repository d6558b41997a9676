//! What one question may take: time, and memory. Linux says how much memory a process holds;
//! elsewhere nobody looks.

use std::fs;
use std::time::Duration;

use handfast_model::limits::{QUESTION_GROWTH_MIB, QUESTION_SECONDS};

/// Bytes of a mebibyte.
pub const MIB: u64 = 1 << 20;

/// What one question may take.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Bounds {
    /// So long it may be worked on.
    pub deadline: Duration,
    /// So many bytes the whole server may hold while it is worked on; none = as many as there are.
    pub memory: Option<u64>,
}

impl Default for Bounds {
    fn default() -> Bounds {
        Bounds {
            deadline: Duration::from_secs(QUESTION_SECONDS),
            memory: most_of_all(),
        }
    }
}

/// The memory that a question finds when it begins, and may not grow beyond.
pub struct Room {
    most: Option<u64>,
}

impl Room {
    /// Of a question that begins now. Where the server is near its bound already, a small question
    /// is answered all the same: what others let go of is not given back to the system at once.
    pub fn of(bounds: Bounds) -> Room {
        let most = bounds.memory.zip(held());
        Room {
            most: most.map(|(most, held)| most.max(held + QUESTION_GROWTH_MIB * MIB)),
        }
    }

    /// Whether the server has outgrown it.
    pub fn is_over(&self) -> bool {
        let both = self.most.zip(held());
        both.is_some_and(|(most, held)| held > most)
    }
}

/// Bytes that this process holds.
fn held() -> Option<u64> {
    kib(&fs::read_to_string("/proc/self/status").ok()?, "VmRSS:")
}

/// Three quarters of what the machine has, or the group of processes that this one is in.
fn most_of_all() -> Option<u64> {
    let machine = kib(&fs::read_to_string("/proc/meminfo").ok()?, "MemTotal:")?;
    let groups = [
        "/sys/fs/cgroup/memory.max",
        "/sys/fs/cgroup/memory/memory.limit_in_bytes",
    ];
    let group = groups.iter().find_map(|path| {
        let text = fs::read_to_string(path).ok()?;
        text.trim().parse().ok()
    });
    Some(group.map_or(machine, |group: u64| group.min(machine)) / 4 * 3)
}

/// A line of kibibytes, in bytes.
fn kib(text: &str, name: &str) -> Option<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix(name))?;
    let kib: u64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kib * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kibibytes_are_read_from_their_own_line() {
        let text = "VmHWM:\t  900 kB\nVmRSS:\t  20 kB\nRssAnon:\t 10 kB\n";
        assert_eq!(kib(text, "VmRSS:"), Some(20_480));
        assert_eq!(kib(text, "VmSwap:"), None);
    }

    #[test]
    fn a_question_may_grow_a_little_wherever_the_server_stands() {
        let bounds = Bounds {
            memory: Some(1),
            ..Bounds::default()
        };
        assert!(!Room::of(bounds).is_over());
        let full = Room { most: Some(1) };
        assert_eq!(full.is_over(), held().is_some());
        assert!(!Room { most: None }.is_over());
    }
}
