//! A row of groups above the names of columns, where no cell is merged to say so: `Contact,,,Deal,`
//! over `Id,Name,Mail,Stage,Amount`.
//!
//! Pure on the first records. A second row of names is taken for one only where the rows below it
//! prove it: they hold numbers or dates where it holds words.

use super::kind::is_typed;

/// A header of two rows.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Band {
    /// The place of the names below the groups.
    pub names: usize,
    /// The groups.
    pub groups: Vec<String>,
    /// Whether some of the names are equal, so that only the groups tell them apart.
    pub is_needed: bool,
}

/// The groups above the names, if the record here is either.
pub(super) fn band(records: &[Vec<String>], place: usize) -> Option<Band> {
    let above = place.checked_sub(1).map(|above| (above, place));
    let pairs = [Some((place, place + 1)), above].into_iter().flatten();
    let mut bands = pairs.filter_map(|(groups, names)| of(records, groups, names));
    bands.next()
}

fn of(records: &[Vec<String>], groups: usize, names: usize) -> Option<Band> {
    let (above, below) = (records.get(groups)?, records.get(names)?);
    let (filled, named) = (given(above), given(below));
    let is_title = filled.len() == 1 && above.first().is_some_and(|text| is_given(text));
    let is_over = above.len() <= below.len() && filled.len() < named.len();
    let are_words = !filled.iter().chain(&named).any(|text| is_typed(text));
    let is_full = named.len() * 10 >= below.len() * 9 && below.len() > 2;
    let rows = records.get(names + 1..).unwrap_or(&[]);
    let is_band = !filled.is_empty() && !is_title && is_over && are_words && is_full;
    if !is_band || !proves(rows, below.len()) {
        return None;
    }
    let mut apart: Vec<String> = named.iter().map(|name| name.to_lowercase()).collect();
    apart.sort_unstable();
    apart.dedup();
    Some(Band {
        names,
        groups: filled.iter().map(|text| (*text).to_owned()).collect(),
        is_needed: apart.len() < named.len(),
    })
}

/// Whether a column holds nothing but numbers, dates and addresses in these rows.
fn proves(rows: &[Vec<String>], width: usize) -> bool {
    (0..width).any(|at| {
        let texts = rows.iter().filter_map(|row| row.get(at));
        let mut texts = texts.map(|text| text.trim()).filter(|text| is_given(text));
        texts.next().is_some_and(is_typed) && texts.all(is_typed)
    })
}

fn is_given(text: &str) -> bool {
    !text.trim().is_empty()
}

fn given(record: &[String]) -> Vec<&str> {
    let texts = record.iter().map(|text| text.trim());
    texts.filter(|text| is_given(text)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str, place: usize) -> Option<(usize, bool)> {
        let row = |line: &str| line.split(',').map(str::to_owned).collect();
        let records: Vec<Vec<String>> = text.lines().map(row).collect();
        band(&records, place).map(|band| (band.names, band.is_needed))
    }

    #[test]
    fn groups_are_told_from_titles_names_and_rows() {
        for (text, place, expected) in [
            (
                "Lead,,Deal,\nId,Mail,Stage,Sum\nx,y,z,7",
                0,
                Some((1, false)),
            ),
            (
                "Lead,,Deal,\nId,Mail,Stage,Sum\nx,y,z,7",
                1,
                Some((1, false)),
            ),
            (
                ",Q1,,Q2,\nTeam,Won,Lost,Won,Lost\na,1,2,3,4",
                0,
                Some((1, true)),
            ),
            // A title, a header with a blank, a header of one row, and rows of words alone.
            ("Report,,\nid,mail,sum\nx,y,7", 1, None),
            ("id,,sum\n1,y,7\n2,y,8", 0, None),
            ("id,mail,sum\nx,y,z\nx,y,7", 0, None),
            ("name,,city\nAna,x,Rome\nBo,y,Oslo", 0, None),
        ] {
            assert_eq!(told(text, place), expected, "{text}");
        }
    }
}
