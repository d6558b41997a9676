//! Seeds that once failed, as a file keeps them: `SEED KIND why`, a line each.

/// Through what a seed failed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// A small world, asked of the kernels.
    Small,
    /// A large one.
    Large,
    /// Through the whole engine.
    Engine,
}

impl Kind {
    fn parse(word: &str) -> Option<Kind> {
        match word {
            "small" => Some(Kind::Small),
            "large" => Some(Kind::Large),
            "engine" => Some(Kind::Engine),
            _ => None,
        }
    }
}

/// The seeds of a kind, from a file's text.
pub fn seeds(text: &str, kind: Kind) -> Result<Vec<u64>, String> {
    let lines = text.lines();
    let lines = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
    let mut seeds = Vec::new();
    for line in lines {
        let mut words = line.splitn(3, ' ');
        let seed = words.next().and_then(|word| word.parse().ok());
        let of = words.next().and_then(Kind::parse);
        match (seed, of, words.next()) {
            (Some(seed), Some(of), Some(_)) if of == kind => seeds.push(seed),
            (Some(_), Some(_), Some(_)) => {}
            _ => {
                return Err(format!(
                    "`{line}` is no seed, `small`, `large` or `engine`, and why it is kept"
                ));
            }
        }
    }
    Ok(seeds)
}
