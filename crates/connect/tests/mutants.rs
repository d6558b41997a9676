//! Mutants of small files of every format: nothing panics, nothing grows without bound, and reading
//! twice gives the same.

// Clippy's leave for tests ends at the helpers beside them.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod support;

use std::sync::Arc;

use arrow::array::Int64Array;

use support::{gzip, parquet, patch, peak_mib, read, texts, workbook, zip, zstd};

/// Panics of others' readers are caught and become refusals; they need not be seen.
fn quiet() {
    let loud = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        let is_ours = panic
            .location()
            .is_some_and(|place| place.file().contains("connect"));
        if is_ours || std::env::var_os("HANDFAST_LOUD").is_some() {
            loud(panic);
        }
    }));
}

/// Marsaglia's xorshift: enough for mutants, and the same on every machine.
struct Random(u64);

impl Random {
    fn below(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % below as u64).unwrap()
    }

    fn mutate(&mut self, seed: &[u8]) -> Vec<u8> {
        let spice: [&[u8]; 10] = [
            b"\"",
            b"{",
            b"]",
            b",",
            b"\n",
            b"\0",
            b"\xff\xff\xff\xff\x0f",
            b"1e999",
            b"\\ud800",
            b"\x1f\x8b",
        ];
        let mut bytes = seed.to_vec();
        for _ in 0..=self.below(4) {
            let at = self.below(bytes.len());
            match self.below(5) {
                0 => bytes[at] = u8::try_from(self.below(256)).unwrap(),
                1 => bytes[at] ^= 1 << self.below(8),
                2 => bytes.truncate(at.max(1)),
                3 => {
                    let more = spice[self.below(spice.len())];
                    drop(bytes.splice(at..at, more.iter().copied()));
                }
                _ if bytes.len() > 1 => drop(bytes.remove(at)),
                _ => {}
            }
        }
        bytes
    }
}

#[test]
fn mutants_of_every_format_never_panic_and_are_read_the_same_twice() {
    let json = b"{\"id\":1,\"a\":{\"b\":[1,\"x\"]},\"c\":\"\\u00e9\"}\n{\"id\":2,\"d\":null}\n";
    let array = b"[{\"id\":1,\"a\":\"]}\"},\n{\"id\":2,\"a\":1.50}]\n";
    let csv = b"id,name\n1,\"Ann, B\"\n2,Bo\n";
    let columns = parquet(vec![
        ("id", Arc::new(Int64Array::from(vec![1, 2, 3]))),
        ("name", texts(&[Some("Ann"), None, Some("Ann")])),
    ]);
    let book = workbook(|book| {
        let sheet = book.add_worksheet();
        sheet.write_string(0, 0, "id").unwrap();
        sheet.write_string(0, 1, "name").unwrap();
        for row in 1..4 {
            sheet.write_number(row, 0, row).unwrap();
            sheet.write_string(row, 1, "Ann").unwrap();
        }
    });
    // Mutants of a packed sheet seldom unpack, so its XML is changed as well.
    let sheet = "xl/worksheets/sheet1.xml";
    let row = "<c r=\"A2\"><v>1</v></c>";
    let seeds: Vec<(&str, Vec<u8>, usize)> = vec![
        ("a.jsonl", json.to_vec(), 3_000),
        ("b.json", array.to_vec(), 3_000),
        ("c.parquet", columns, 3_000),
        ("d.xlsx", book.clone(), 300),
        ("e.csv.gz", gzip(csv), 3_000),
        ("f.csv.zst", zstd(csv), 3_000),
        ("g.zip", zip(&[("a.csv", csv), ("b.csv", csv)]), 3_000),
    ];
    quiet();
    let before = peak_mib();
    let mut random = Random(0x2545_f491_4f6c_dd1d);
    for (name, seed, rounds) in &seeds {
        let mut good = 0;
        for round in 0..*rounds {
            let mutant = random.mutate(seed);
            let once = read(name, &mutant);
            good += usize::from(once.is_ok());
            if round % 8 == 0 {
                assert_eq!(once, read(name, &mutant), "{name} round {round}");
            }
        }
        println!("{name}: {good} of {rounds} mutants could be read");
    }
    for _ in 0..300 {
        let text = String::from_utf8_lossy(&random.mutate(row.as_bytes())).into_owned();
        let _ = read("d.xlsx", &patch(&book, sheet, row, &text));
    }
    assert!(peak_mib() - before < 600, "{before} {}", peak_mib());
}
