//! The fewest rows that still fail: accounts are left out first, then sources, then single rows.

use super::emission::Row;

/// Tries before what is left is good enough.
const PATIENCE: usize = 600;

/// Leaves out what is not needed for a failure.
pub(super) fn fewest(rows: &[Row], fails: &dyn Fn(&[Row]) -> bool) -> Vec<Row> {
    let mut left = PATIENCE;
    let source = |row: &Row| row.says.first().map(|said| said.source.clone());
    let stream = |row: &Row| row.says.first().map(|said| said.stream.clone());
    let rows = without_groups(rows.to_vec(), &|row| row.account, fails, &mut left);
    let rows = without_groups(rows, &source, fails, &mut left);
    let rows = without_groups(rows, &stream, fails, &mut left);
    let record = |row: &Row| row.says.first().map(|said| (said.key, said.version));
    without_groups(rows, &record, fails, &mut left)
}

/// Leaves out whole groups: half of them at a time, then fewer, then one by one.
fn without_groups<G: PartialEq + Clone>(
    mut rows: Vec<Row>,
    group: &dyn Fn(&Row) -> G,
    fails: &dyn Fn(&[Row]) -> bool,
    left: &mut usize,
) -> Vec<Row> {
    let groups = |rows: &[Row]| {
        let mut groups: Vec<G> = Vec::new();
        for row in rows {
            let name = group(row);
            if !groups.contains(&name) {
                groups.push(name);
            }
        }
        groups
    };
    let mut size = groups(&rows).len().div_ceil(2);
    while size > 0 {
        let mut at = 0;
        loop {
            let all = groups(&rows);
            if at >= all.len() || *left == 0 {
                break;
            }
            *left -= 1;
            let out = &all[at..(at + size).min(all.len())];
            let fewer = rows.iter().filter(|row| !out.contains(&group(row)));
            let fewer: Vec<Row> = fewer.cloned().collect();
            match fails(&fewer) {
                true => rows = fewer,
                false => at += size,
            }
        }
        size = if size == 1 { 0 } else { size.div_ceil(2) };
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::super::world::Size;
    use super::super::{Case, USUAL};
    use super::*;

    #[test]
    fn what_is_left_still_fails_and_nothing_of_it_can_be_left_out() {
        let case = Case::of(7, Size::small(7), USUAL);
        let rows = &case.emitted.rows;
        let place = |row: &Row| row.says.first().map(|said| (said.key, said.version));
        // It fails where both of two rows are there, of two accounts.
        let mut told = rows.iter().filter(|row| !row.says.is_empty());
        let one = told.next().and_then(place);
        let other = rows.iter().rev().find(|row| {
            row.account != rows[0].account && !row.says.is_empty() && place(row) != one
        });
        let other = other.and_then(place);
        let fails = |rows: &[Row]| {
            let has = |wanted| rows.iter().any(|row| place(row) == wanted);
            has(one) && has(other)
        };
        let left = fewest(rows, &fails);
        assert!(fails(&left));
        assert!(rows.len() > 100 && left.len() < 10, "{}", left.len());
        let places: Vec<_> = left.iter().map(place).collect();
        assert!(
            places.iter().all(|place| [one, other].contains(place)),
            "{places:?}"
        );
    }
}
