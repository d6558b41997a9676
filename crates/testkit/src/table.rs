//! Rows of text in aligned columns, two spaces apart, without trailing blanks.

/// Lays rows out; each line starts with `indent`.
pub fn lay_out(rows: &[Vec<String>], indent: &str) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let mut text = String::new();
    for row in rows {
        let cells = row.iter().zip(&widths);
        let line: Vec<String> = cells
            .map(|(cell, width)| {
                let gap = width.saturating_sub(cell.chars().count());
                format!("{cell}{}", " ".repeat(gap))
            })
            .collect();
        text.push_str(format!("{indent}{}", line.join("  ")).trim_end());
        text.push('\n');
    }
    text
}
