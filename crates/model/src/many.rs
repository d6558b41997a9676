//! Counts in sentences.

use crate::money::grouped;

/// `1 deal`, `14 deals`, `1,200 people`.
pub fn many(count: u64, one: &str) -> String {
    let number = grouped(&count.to_string());
    match count {
        1 => format!("{number} {one}"),
        _ => format!("{number} {}", plural(one)),
    }
}

fn plural(one: &str) -> String {
    if let Some(before) = one.strip_suffix("person") {
        return format!("{before}people");
    }
    let is_hissing = ["s", "x", "ch", "sh"].iter().any(|end| one.ends_with(end));
    match one.strip_suffix('y') {
        Some(stem) if !stem.ends_with(['a', 'e', 'o', 'u']) => format!("{stem}ies"),
        _ if is_hissing => format!("{one}es"),
        _ => format!("{one}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_one_and_others_are_several() {
        let told = [(0, "deal"), (1, "deal"), (1_200, "won deal")];
        let told = told.map(|(count, one)| many(count, one));
        assert_eq!(told, ["0 deals", "1 deal", "1,200 won deals"]);
        let words = [
            "person", "currency", "day", "touch", "success", "path", "process",
        ];
        let several = "people currencies days touches successes paths processes";
        assert_eq!(words.map(plural).join(" "), several);
    }
}
