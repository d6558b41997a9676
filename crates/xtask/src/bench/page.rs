//! What the bench says, as Markdown: on the terminal, and in `docs/benchmarks.md` below the
//! heading that is kept for it, one subsection per part.

use super::cost::Cost;

/// Where the page keeps what the command writes.
const CHAPTER: &str = "## As the command last wrote it";

/// What one part of the bench found.
pub struct Section {
    pub title: &'static str,
    /// On what, in a sentence.
    pub about: String,
    pub costs: Vec<Cost>,
    pub ratios: Vec<Ratio>,
}

/// A figure beside what is wanted of it.
pub struct Ratio {
    pub what: String,
    pub value: f64,
    pub unit: &'static str,
    pub wanted: Wanted,
}

/// What is wanted of a figure.
#[derive(Clone, Copy)]
pub enum Wanted {
    AtMost(f64),
    AtLeast(f64),
    /// It is told, and that is all.
    Nothing,
}

impl Ratio {
    /// So many times the peer's.
    pub fn times(what: &str, ours: f64, peers: f64, wanted: Wanted) -> Ratio {
        Ratio {
            what: what.to_owned(),
            value: ours / peers,
            unit: "x",
            wanted,
        }
    }

    /// So many times the peer's processor time, whatever else the machine did.
    pub fn worked(what: &str, ours: &Cost, peers: &Cost) -> Option<Ratio> {
        let what = format!("processor time of {what}");
        let (ours, peers) = (ours.worked()?, peers.worked()?);
        Some(Ratio::times(&what, ours, peers, Wanted::Nothing))
    }

    /// Peak memory.
    pub fn memory(what: &str, cost: &Cost, most_mib: f64) -> Ratio {
        Ratio {
            what: format!("peak memory, {what}"),
            value: cost.peak_mib.map_or(f64::NAN, |mib| mib as f64),
            unit: " MiB",
            wanted: Wanted::AtMost(most_mib),
        }
    }

    fn line(&self) -> String {
        let unit = self.unit;
        let value = number(self.value);
        let (bound, is_met) = match self.wanted {
            Wanted::AtMost(bound) => (format!("≤ {}{unit}", number(bound)), self.value <= bound),
            Wanted::AtLeast(bound) => (format!("≥ {}{unit}", number(bound)), self.value >= bound),
            Wanted::Nothing => return format!("| {} | {value}{unit} | | |", self.what),
        };
        let verdict = if is_met { "met" } else { "**missed**" };
        format!("| {} | {value}{unit} | {bound} | {verdict} |", self.what)
    }
}

/// Three digits that matter, and all of those before the point.
pub fn number(value: f64) -> String {
    let places = match value.abs() {
        0.0..1.0 => 3,
        1.0..10.0 => 2,
        10.0..100.0 => 1,
        _ => 0,
    };
    grouped(&format!("{value:.places$}"))
}

/// Digits before the point in groups of three.
fn grouped(text: &str) -> String {
    let (whole, rest) = text.split_at(text.find('.').unwrap_or(text.len()));
    let mut grouped = String::new();
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped + rest
}

impl Section {
    /// As Markdown.
    pub fn text(&self) -> String {
        let mut text = format!("### {}\n\n{}\n", self.title, self.about);
        let mut line = |one: &str| {
            text.push_str(one);
            text.push('\n');
        };
        line("\n| step | times | rows | seconds | rows/s | processor s | peak MiB |");
        line("|---|---:|---:|---:|---:|---:|---:|");
        for cost in &self.costs {
            let rows = cost.rows.map_or(String::new(), |rows| number(rows as f64));
            let rate = cost.rows_per_second().map_or(String::new(), number);
            let peak = cost
                .peak_mib
                .map_or(String::new(), |mib| number(mib as f64));
            let worked = cost.worked().map_or(String::new(), number);
            let seconds = number(cost.seconds());
            let times = cost.seconds.len();
            line(&format!(
                "| {} | {times} | {rows} | {seconds} | {rate} | {worked} | {peak} |",
                cost.what
            ));
        }
        if !self.ratios.is_empty() {
            line("\n| against | measured | wanted | |");
            line("|---|---:|---:|---|");
            self.ratios.iter().for_each(|ratio| line(&ratio.line()));
        }
        text
    }
}

/// The page with a section in the place of the one of its title, or after the others.
pub fn with(page: &str, title: &str, section: &str) -> String {
    let (before, chapter, after) = match page.find(CHAPTER) {
        Some(at) => {
            let body = at + CHAPTER.len();
            let rest = page.get(body..).unwrap_or_default();
            let end = rest.find("\n## ").map_or(page.len(), |end| body + end + 1);
            (page.get(..at), page.get(body..end), page.get(end..))
        }
        // Before the first chapter.
        None => {
            let at = page.find("\n## ").map_or(page.len(), |at| at + 1);
            (page.get(..at), None, page.get(at..))
        }
    };
    let mut sections: Vec<&str> = chapter.unwrap_or_default().split("\n### ").collect();
    let intro = sections.remove(0).trim();
    let section = section.trim().trim_start_matches("### ");
    let is_it = |one: &&str| one.lines().next() == Some(title);
    match sections.iter().position(is_it) {
        Some(at) => sections.splice(at..=at, [section]).for_each(drop),
        None => sections.push(section),
    }
    let mut page = format!("{}{CHAPTER}\n", before.unwrap_or_default());
    if !intro.is_empty() {
        page = format!("{page}\n{intro}\n");
    }
    for section in sections {
        page = format!("{page}\n### {}\n", section.trim());
    }
    match after.unwrap_or_default() {
        "" => page,
        after => format!("{page}\n{after}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_section_takes_the_place_of_the_one_before() {
        let page = "# Benchmarks\n\nIntro.\n\n## 2026\n\nOld.\n";
        let one = with(page, "Import", "### Import\n\nOne.\n");
        assert_eq!(
            one,
            format!(
                "# Benchmarks\n\nIntro.\n\n{CHAPTER}\n\n### Import\n\nOne.\n\n## 2026\n\nOld.\n"
            )
        );
        let two = with(&one, "Window", "### Window\n\nTwo.\n");
        let three = with(&two, "Import", "### Import\n\nThree.\n");
        let wanted = "### Import\n\nThree.\n\n### Window\n\nTwo.\n\n## 2026\n\nOld.\n";
        assert_eq!(
            three,
            format!("# Benchmarks\n\nIntro.\n\n{CHAPTER}\n\n{wanted}")
        );
    }

    #[test]
    fn a_section_says_how_often_each_step_ran() {
        let cost = |what: &str, seconds: &[f64]| Cost {
            what: what.to_owned(),
            rows: Some(1_000),
            seconds: seconds.to_vec(),
            worked: Vec::new(),
            peak_mib: None,
            said: Vec::new(),
        };
        let section = Section {
            title: "Import",
            about: "Of one file.".to_owned(),
            costs: vec![cost("once", &[4.0]), cost("thrice", &[1.0, 2.0, 9.0])],
            ratios: Vec::new(),
        };
        let text = section.text();
        assert!(
            text.contains("\n| once | 1 | 1,000 | 4.00 | 250 |"),
            "{text}"
        );
        assert!(
            text.contains("\n| thrice | 3 | 1,000 | 2.00 | 500 |"),
            "{text}"
        );
    }

    #[test]
    fn a_ratio_says_whether_it_is_what_is_wanted() {
        let ratio = |wanted| Ratio::times("Import", 1.0, 4.0, wanted).line();
        assert_eq!(
            ratio(Wanted::AtLeast(0.25)),
            "| Import | 0.250x | ≥ 0.250x | met |"
        );
        assert_eq!(
            ratio(Wanted::AtMost(0.2)),
            "| Import | 0.250x | ≤ 0.200x | **missed** |"
        );
        assert_eq!(ratio(Wanted::Nothing), "| Import | 0.250x | | |");
    }

    #[test]
    fn numbers_keep_three_digits() {
        let numbers = [0.0314, 2.345, 31.44, 999.6, 1_234_567.0].map(number);
        assert_eq!(numbers, ["0.031", "2.35", "31.4", "1,000", "1,234,567"]);
    }
}
