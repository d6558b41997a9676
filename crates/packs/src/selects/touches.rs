//! The SELECT of contacts, and whose they are.

use super::lines::Lines;
use super::{Brief, Drafted, literal, quoted};
use crate::attribute::attribute_name;
use crate::names::Role;

impl Brief<'_> {
    pub(super) fn touches(&self) -> Drafted {
        let mut lines = Lines::new();
        self.happened(&mut lines, &[Role::Moment, Role::Created]);
        self.person(&mut lines);
        self.key(&mut lines, Role::Account, "account");
        self.key(&mut lines, Role::Deal, "deal");
        match self
            .part(Role::Touch)
            .filter(|column| self.is_safe(&column.name))
        {
            Some(column) => lines.add(quoted(&column.name), "touch", "the kind of contact"),
            None => lines.add(
                literal(&attribute_name(self.stream)),
                "touch",
                "no column tells kinds apart: the file's name is the kind",
            ),
        }
        let side = self.side();
        match &side {
            Some((expression, why)) => lines.add(expression, "team", why),
            None => lines.add(
                "'marketing'",
                "team",
                "CHECK: whose contacts are these? or 'sales', 'partner', 'product'",
            ),
        }
        self.key(&mut lines, Role::Source, "source");
        self.key(&mut lines, Role::Medium, "medium");
        self.key(&mut lines, Role::Channel, "channel");
        self.key(&mut lines, Role::Campaign, "campaign");
        self.key(&mut lines, Role::Page, "landing_page");
        let mut used = vec![
            Role::Moment,
            Role::Person,
            Role::Email,
            Role::Account,
            Role::Deal,
            Role::Touch,
            Role::Source,
            Role::Medium,
            Role::Channel,
            Role::Campaign,
            Role::Page,
            Role::Modified,
        ];
        used.extend(side.is_some().then_some(Role::Team));
        self.attributes(&mut lines, &used);
        let about = "One row is one dated contact.";
        self.drafted("touch", "", &lines, (about, None))
    }

    /// Whose each contact was, where a column holds nothing but the names of sides.
    fn side(&self) -> Option<(String, String)> {
        let column = self
            .part(Role::Team)
            .filter(|column| self.is_safe(&column.name))?;
        let sides: Vec<(&str, &str)> = column
            .words
            .iter()
            .map(|(word, _)| Some((word.as_str(), side_of(word)?)))
            .collect::<Option<_>>()?;
        let words: u64 = column.words.iter().map(|(_, rows)| rows).sum();
        if sides.is_empty() || words != column.filled.given {
            return None;
        }
        let is_own = sides
            .iter()
            .all(|(word, side)| word.eq_ignore_ascii_case(side));
        let name = quoted(&column.name);
        let side = match is_own {
            true => name,
            false => {
                let cases = sides
                    .iter()
                    .map(|(word, side)| format!("WHEN {} THEN {}", literal(word), literal(side)));
                let cases: Vec<String> = cases.collect();
                format!("CASE trim({name}) {} ELSE {name} END", cases.join(" "))
            }
        };
        let (side, why) = match column.filled.given < column.filled.rows {
            true => (
                format!("coalesce({side}, 'marketing')"),
                "whose contact it was; CHECK: of rows without one, marketing's",
            ),
            false => (side, "whose contact it was"),
        };
        let side = format!("as_one_of({side}, 'marketing|sales|partner|product')");
        Some((side, why.to_owned()))
    }
}

/// The side of a company that a word names.
fn side_of(word: &str) -> Option<&'static str> {
    const SIDES: [(&str, &str); 4] = [
        ("marketing", "marketing"),
        ("sales", "sales|vertrieb|ventas|vendas|ventes"),
        ("partner", "partner|partners"),
        ("product", "product|produkt|producto|produto|produit"),
    ];
    let word = word.trim().to_lowercase();
    let mut sides = SIDES.iter();
    let found = sides.find(|(_, words)| words.split('|').any(|known| known == word));
    found.map(|(side, _)| *side)
}
