//! Credit: what is split by touches balances, and what cannot be told apart is refused.

use std::fmt::Write;

use handfast_engine::answer::Pick;
use handfast_model::Cell;
use handfast_model::credit::{CreditModel, ModelKind, NobodyBetween, Positions};

use crate::book::{Book, shown};

const CHARTER: &str = "zone UTC\npath mql, won\nopens deal\nlost lost";

const TWO_DEALS: &str = "
2018-01-02  touch   Ana  webinar  channel=event   team=marketing
2018-01-03  deal    #1   Ana      amount='100.00 EUR'
2018-01-04  touch   Ana  call     channel=phone   team=sales
2018-01-05  mark    #1   -> won
2018-01-05  deal    #2   Ben      amount='50.01 EUR'
2018-01-06  mark    #2   -> won
";

#[test]
fn credits_of_both_teams_and_of_nobody_are_what_deals_are_worth() {
    let book = Book::of(CHARTER, TWO_DEALS);
    let told = book.ask("credit of=won models='first,last,linear,participation' by=team");
    let columns = [
        "deals",
        "touches",
        "first",
        "last",
        "linear",
        "participation",
    ];
    let rows = [
        "marketing EUR 1 1 100.00 EUR 0.00 EUR 50.00 EUR 100.00 EUR",
        "sales EUR 1 1 0.00 EUR 100.00 EUR 50.00 EUR 100.00 EUR",
        "unknown: no touch EUR 1 0 50.01 EUR 50.01 EUR 50.01 EUR 50.01 EUR",
    ];
    assert_eq!(told.rows(&columns), rows);
    let total = told.total(&columns);
    assert_eq!(total, "2 2 150.01 EUR 150.01 EUR 150.01 EUR n/a");
}

/// Of three won deals marketing touched one before it was created, one after that, and one never.
#[test]
fn what_marketing_touched_stands_above_the_rows_and_is_a_metric() {
    let third = "
2018-05-02  touch   Cleo call     team=sales
2018-05-03  deal    #3   Cleo     amount='200.00 EUR'
2018-05-04  touch   Cleo demo     channel=event   team=marketing
2018-05-05  mark    #3   -> won
2018-06-01  deal    #4   Dov      amount='7.00 EUR'
2018-06-02  touch   Dov  demo     channel=event   team=marketing
";
    let book = Book::of(CHARTER, &format!("{TWO_DEALS}{third}"));
    let figures = |text: &str| {
        let headline = book.ask(text).0.headline.unwrap();
        let figures = headline.figures.iter();
        let figures = figures.map(|(column, cell)| format!("{} {}", column.id, cell.exact()));
        (headline.sentence, figures.collect::<Vec<_>>())
    };
    let (sentence, told) = figures("credit of=won models=last by=channel");
    assert_eq!(
        sentence,
        "marketing touched 2 of 3 deals before they closed (300.00 EUR of 350.01 EUR), 1 before \
         they were created (100.00 EUR)"
    );
    let expected = [
        "marketing_touched 2/3",
        "marketing_touched_by_value 300.00 EUR/350.01 EUR",
        "marketing_touched_before_creation 1/3",
        "marketing_touched_before_creation_by_value 100.00 EUR/350.01 EUR",
    ];
    assert_eq!(told, expected);
    // Neither models nor rows have a part in it; what is open has one of its own.
    assert_eq!(
        figures("credit of=won models='w,linear' by=team").1,
        expected
    );
    let (sentence, told) = figures("credit of=open models=last");
    assert!(
        sentence.starts_with("marketing touched 1 of 1 deal so far"),
        "{sentence}"
    );
    assert_eq!(told[2], "marketing_touched_before_creation 0/1");
    let none = book.ask("credit of=won period=2017-01-01..2018-01-01");
    assert_eq!(none.0.headline, None);
    let deals = |column: &str| -> Vec<String> {
        let listed = book.records("credit of=won by=channel", column);
        let mut columns = listed.0.columns.iter();
        let place = columns.position(|one| one.id == "deal").unwrap();
        listed.0.rows.iter().map(|row| shown(&row[place])).collect()
    };
    assert_eq!(deals("marketing_touched"), ["#1", "#3"]);
    assert_eq!(deals("marketing_touched_before_creation_by_value"), ["#1"]);
    let of_a_row = Pick {
        column: "marketing_touched".to_owned(),
        row: vec!["event".to_owned()],
    };
    let refused = book.answered("credit of=won by=channel", Some(&of_a_row));
    assert_eq!(refused.err().unwrap().code, "E0410");
    let by_quarter = book.ask("metric marketing_touched by=quarter");
    let rows = by_quarter.rows(&["marketing_touched"]);
    assert_eq!(rows, ["2018-Q1 1/2", "2018-Q2 1/1"]);
    let notes = by_quarter.0.notes.join("\n");
    assert!(
        notes.contains("touches of everybody at the buyer"),
        "{notes}"
    );
    let listed = book.records("metric marketing_touched by=quarter", "marketing_touched");
    assert_eq!(listed.0.rows.len(), 2);
}

#[test]
fn more_channels_than_can_be_told_apart_are_refused() {
    let mut lines = String::new();
    for channel in 0..1_001 {
        writeln!(lines, "2018-01-02  touch  Ana  click  channel=c{channel}").unwrap();
    }
    lines.push_str("2018-01-03  deal  #1  Ana  amount='1.00 EUR'\n2018-01-05  mark  #1  -> won");
    let book = Book::of(CHARTER, &lines);
    let refused = book.try_ask("credit of=won models=markov_1");
    assert_eq!(refused.err().unwrap().code, "E0435");
    assert!(book.try_ask("credit of=won models=linear").is_ok());
}

#[test]
fn an_order_of_channels_is_robust_fragile_or_unknown() {
    let lines = |deals: u32| {
        let mut lines = String::new();
        for deal in 0..deals {
            for (day, channel) in [(2, "event"), (3, "event"), (4, "phone")] {
                writeln!(
                    lines,
                    "2018-01-0{day} touch P{deal} click channel={channel}"
                )
                .unwrap();
            }
            writeln!(lines, "2018-01-05 deal #{deal} P{deal} amount='90.00 EUR'").unwrap();
            writeln!(lines, "2018-01-06 mark #{deal} -> won").unwrap();
        }
        lines
    };
    let note = |deals: u32, models: &str| {
        let told = Book::of(CHARTER, &lines(deals)).ask(&format!("credit of=won models={models}"));
        let words = ["robust: ", "fragile: ", "whether their order"];
        let mut notes = told.0.notes.into_iter();
        notes.find(|note| words.iter().any(|word| note.starts_with(word)))
    };
    assert_eq!(
        note(30, "'first,linear'").as_deref(),
        Some(
            "robust: event, phone come first in this order under all 2 models, and in 100 of 100 \
             draws of the deals. Least to turn two round: 16.7 % of the credit, from event to \
             phone under linear"
        )
    );
    assert_eq!(
        note(30, "'first,last,linear'").as_deref(),
        Some(
            "fragile: what comes first depends on the model: event, phone under first, linear; \
             phone, event under last. Least to turn two round: 16.7 % of the credit, from event \
             to phone under linear"
        )
    );
    assert_eq!(
        note(29, "linear").as_deref(),
        Some("whether their order is robust is unknown: too few deals (29; 30 are needed)")
    );
    // Each deal is shared alike: nothing says which comes first.
    let alike: Vec<String> = lines(30)
        .lines()
        .filter(|line| !line.starts_with("2018-01-03"))
        .map(str::to_owned)
        .collect();
    let told = Book::of(CHARTER, &alike.join("\n")).ask("credit of=won models=u_last");
    let tied = "fragile: event and phone get the same under u_last";
    assert!(
        told.0.notes.iter().any(|note| note.starts_with(tied)),
        "{:?}",
        told.0.notes
    );
    let unpriced = "2018-01-05 deal #none Pat\n2018-01-06 mark #none -> won";
    let told = Book::of(CHARTER, &(lines(30) + unpriced)).ask("credit of=won models=linear");
    assert!(told.0.notes.iter().any(|note| note.starts_with("robust")));
    let by_month = Book::of(CHARTER, &lines(30)).ask("credit of=won models=linear by=month");
    assert!(
        !by_month
            .0
            .notes
            .iter()
            .any(|note| note.starts_with("robust"))
    );
}

#[test]
fn a_game_is_declared_and_drawn_values_say_how_far_chance_moves_them() {
    let notes = |channels: usize, models: &str| {
        let mut lines = String::new();
        for deal in 0..channels {
            for (day, channel) in [(2, deal), (3, (deal * 7 + 3) % channels)] {
                let day = format!("2018-01-0{day}");
                writeln!(lines, "{day} touch P{deal} click channel=c{channel}").unwrap();
            }
            writeln!(lines, "2018-01-05 deal #{deal} P{deal} amount='90.00 EUR'").unwrap();
            let end = if deal % 3 == 2 { "lost" } else { "won" };
            writeln!(lines, "2018-01-06 mark #{deal} -> {end}").unwrap();
        }
        let told = Book::of(CHARTER, &lines).ask(&format!("credit of=won models='{models}'"));
        told.0.notes
    };
    let begins = |notes: &[String], words: &str| notes.iter().any(|note| note.starts_with(words));
    let (few, many) = (notes(16, "shapley"), notes(21, "linear,shapley"));
    let drawn = "more than 20 channels: shapley is of 2000 drawn orders of joining, seed 1; 95 of \
                 100 such shares lie within ";
    assert!(!begins(&few, "more than"), "{few:?}");
    assert!(begins(&many, drawn), "{many:?}");
    let unit = " percentage points of what all orders give";
    let mut bounds = many.iter().map(|note| note.strip_prefix(drawn));
    let bound = bounds.find_map(|rest| rest?.strip_suffix(unit));
    let bound: f64 = bound.unwrap().parse().unwrap();
    assert!(bound > 0.0 && bound < 10.0, "{bound}");
    for notes in [&few, &many] {
        assert!(begins(notes, "shapley plays the chain game"), "{notes:?}");
    }
    // Of two channels, all paths go through both.
    let alone = notes(2, "shapley_alone");
    assert!(
        begins(&alone, "shapley_alone: a coalition is worth the rate"),
        "{alone:?}"
    );
    assert!(!begins(&alone, "shapley plays"), "{alone:?}");
}

/// Thirty deals of one channel, thirty of two, and as many that were lost.
fn shared_deals() -> String {
    let mut lines = String::new();
    for deal in 0..90 {
        let channels: &[&str] = match deal % 3 {
            0 => &["event"],
            1 => &["event", "phone"],
            _ => &["phone"],
        };
        for (day, channel) in (1..).zip(channels) {
            writeln!(
                lines,
                "2018-01-0{day} touch P{deal} click channel={channel}"
            )
            .unwrap();
        }
        let end = if deal % 3 == 2 && deal % 2 == 0 {
            "lost"
        } else {
            "won"
        };
        writeln!(lines, "2018-01-05 deal #{deal} P{deal} amount='90.00 EUR'").unwrap();
        writeln!(lines, "2018-01-06 mark #{deal} -> {end}").unwrap();
    }
    lines
}

#[test]
fn what_is_estimated_says_where_its_shares_lie() {
    let book = Book::of(CHARTER, &shared_deals());
    let told = book.ask("credit of=won models='linear,markov_1,shapley_together'");
    let ids: Vec<&str> = told.0.columns.iter().map(|one| one.id.as_str()).collect();
    let models = ["linear", "markov_1", "markov_1_share", "shapley_together"];
    assert_eq!(ids[4..], models);
    let cell = |row: usize, id: &str| {
        let at = ids.iter().position(|one| *one == id).unwrap();
        &told.0.rows[row][at]
    };
    let minor = |row: usize, id: &str| match cell(row, id) {
        Cell::Money(money) => money.minor as f64,
        other => panic!("{other:?}"),
    };
    let (mut shares, mut both) = (0.0, 0.0);
    for row in 0..2 {
        let Cell::EstimatedShare(share, Some((low, high))) = cell(row, "markov_1_share") else {
            panic!("{:?}", cell(row, "markov_1_share"));
        };
        // Its own money over that of both, to the cent by which parts are whole.
        let all = minor(0, "markov_1") + minor(1, "markov_1");
        assert!((share - minor(row, "markov_1") / all).abs() < 1e-12);
        assert!(low < share && share < high, "{low} {share} {high}");
        // Only a third of the deals can be shared otherwise.
        assert!(high - low < 1.0 / 3.0, "{low} {high}");
        assert_eq!(minor(row, "shapley_together"), minor(row, "linear"));
        (shares, both) = (shares + share, both + high - low);
    }
    assert!(
        (shares - 1.0).abs() < 1e-12 && both > 0.01,
        "{shares} {both}"
    );
    // Two currencies have no shares of one whole.
    let mixed = shared_deals().replacen("90.00 EUR", "90.00 USD", 1);
    let told = Book::of(CHARTER, &mixed).ask("credit of=won models=markov_1");
    assert_eq!(told.0.rows[0].last(), Some(&Cell::Unknown));
}

/// Every large deal was touched by both channels, so that drawing deals again never turns them
/// round: what decides is that six small deals came by one alone and five by the other, of which
/// chance could have sent others.
#[test]
fn what_was_learned_is_drawn_again_too_where_an_order_rests_on_it() {
    let mut lines = String::new();
    for deal in 0..51 {
        let (channels, amount): (&[&str], _) = match deal {
            0..40 => (&["event", "phone"], 90),
            40..46 => (&["event"], 1),
            _ => (&["phone"], 1),
        };
        for (day, channel) in (1..).zip(channels) {
            writeln!(
                lines,
                "2018-01-0{day} touch P{deal} click channel={channel}"
            )
            .unwrap();
        }
        writeln!(
            lines,
            "2018-01-05 deal #{deal} P{deal} amount='{amount}.00 EUR'"
        )
        .unwrap();
        writeln!(lines, "2018-01-06 mark #{deal} -> won").unwrap();
    }
    let told = Book::of(CHARTER, &lines).ask("credit of=won models=markov_1");
    let begins = "fragile: event, phone come first in this order under markov_1, but under \
                  markov_1 only in ";
    let mut notes = told.0.notes.iter();
    let rest = notes.find_map(|note| note.strip_prefix(begins)).unwrap();
    let (percent, rest) = rest.split_once(" of 100 ").unwrap();
    // Fewer than six in five's place, or as many and the name decides: some 62 of 100.
    let percent: u32 = percent.parse().unwrap();
    assert!((45..=78).contains(&percent), "{percent}");
    assert!(
        rest.starts_with("draws of the deals and of what was learned"),
        "{rest}"
    );
}

/// Of more than a hundred channels nothing is learned again, and the sentence on their order says that
/// it is of the deals alone.
#[test]
fn an_order_says_whether_what_was_learned_was_drawn_again() {
    let note = |channels: usize| {
        let mut lines = String::new();
        // Forty, thirty and twenty deals of the first three channels, one of each other.
        let of = (0..channels).flat_map(|channel| {
            let deals = [40, 30, 20].get(channel).copied().unwrap_or(1);
            std::iter::repeat_n(channel, deals)
        });
        for (deal, channel) in of.enumerate() {
            writeln!(lines, "2018-01-02 touch P{deal} click channel=c{channel}").unwrap();
            writeln!(lines, "2018-01-05 deal #{deal} P{deal} amount='90.00 EUR'").unwrap();
            writeln!(lines, "2018-01-06 mark #{deal} -> won").unwrap();
        }
        let told = Book::of(CHARTER, &lines).ask("credit of=won models=markov_1");
        let mut notes = told.0.notes.into_iter();
        notes.find(|note| note.contains(" draws of ")).unwrap()
    };
    let (soon, late) = (note(100), note(101));
    assert!(
        soon.contains("draws of the deals and of what was learned"),
        "{soon}"
    );
    assert!(
        late.contains("draws of the deals alone, not of what was learned"),
        "{late}"
    );
}

#[test]
fn a_condition_holds_for_lost_paths_as_for_won_ones() {
    let mut lines = String::new();
    for deal in 0..120 {
        let (product, end) = match deal {
            0..10 => ("large", "won"),
            10..20 => ("large", "lost"),
            20..30 => ("small", "won"),
            _ => ("small", "lost"),
        };
        for (who, name) in [
            (format!("P{deal}"), deal.to_string()),
            (format!("O{deal}"), format!("o{deal}")),
        ] {
            writeln!(lines, "2018-01-02 touch {who} click channel=event").unwrap();
            writeln!(
                lines,
                "2018-01-03 deal #{name} {who} amount='90.00 EUR' product={product}"
            )
            .unwrap();
        }
        writeln!(lines, "2018-01-08 mark #{deal} -> {end}").unwrap();
    }
    let charter = format!("{CHARTER}\nattribute deal.product text");
    let book = Book::of(&charter, &lines);
    let learned = |of: &str, more: &str| {
        let told = book.ask(&format!("credit of={of} models=markov_1 {more}"));
        let mut notes = told.0.notes.into_iter();
        let note = notes
            .find(|note| note.starts_with("statistical models"))
            .unwrap();
        note.split(" (").next().unwrap().to_owned()
    };
    let large = "where='deal.product = ''large'''";
    for of in ["won", "open"] {
        let said = "statistical models learned from 10 won and 10 lost paths";
        assert_eq!(learned(of, large), said, "{of}");
        let all = "statistical models learned from 20 won and 100 lost paths";
        assert_eq!(learned(of, ""), all, "{of}");
    }
}

#[test]
fn a_model_that_learned_nothing_is_refused_by_name_and_left_out_of_those_shown() {
    // No path goes through all three channels.
    let mut lines = String::new();
    for (deal, channels) in [(0, &["a"][..]), (1, &["b"]), (2, &["a", "b"]), (3, &["c"])] {
        for (day, channel) in (1..).zip(channels) {
            writeln!(
                lines,
                "2018-01-0{day} touch P{deal} click channel={channel}"
            )
            .unwrap();
        }
        writeln!(lines, "2018-01-05 deal #{deal} P{deal} amount='90.00 EUR'").unwrap();
        writeln!(lines, "2018-01-06 mark #{deal} -> won").unwrap();
    }
    writeln!(lines, "2018-01-02 touch Ann click channel=a").unwrap();
    writeln!(lines, "2018-01-05 deal #open Ann amount='90.00 EUR'").unwrap();
    let book = Book::of(CHARTER, &lines);
    let refused = book
        .try_ask("credit of=won models='linear,shapley_alone'")
        .err()
        .unwrap();
    assert_eq!(refused.code, "E0433");
    assert!(book.try_ask("credit of=won models=shapley").is_ok());
    let mut shown = Book::of(CHARTER, &lines);
    let models = ["first", "shapley_alone"].map(|name| CreditModel::parse(name).unwrap());
    shown.charter.attribution.shown = models.to_vec();
    let told = shown.ask("credit of=won");
    let ids: Vec<&str> = told.0.columns.iter().map(|one| one.id.as_str()).collect();
    assert_eq!(ids[4..], ["first"]);
    let is_it = |note: &String| note.starts_with("left out: shapley_alone: its values");
    assert!(told.0.notes.iter().any(is_it), "{:?}", told.0.notes);
    // Nothing was won before: open deals cannot be shared by what was learned.
    let unwon = Book::of(CHARTER, &lines.replace("-> won", "-> lost"));
    let refused = unwon
        .try_ask("credit of=open models=markov_1")
        .err()
        .unwrap();
    assert_eq!(refused.code, "E0433");
    assert!(
        refused
            .matters
            .is_some_and(|why| why.contains("nothing was won"))
    );
    // Where nothing is to be shared, nothing need be learned.
    let told = unwon.ask("credit of=won models=markov_1");
    assert!(told.0.rows.is_empty());
}

#[test]
fn deals_without_an_amount_are_told_and_have_no_records_of_credit() {
    let lines = format!(
        "{TWO_DEALS}2018-02-02 touch Cem webinar channel=event team=marketing
        2018-02-05 deal #3 Cem
        2018-02-06 mark #3 -> won"
    );
    let book = Book::of(CHARTER, &lines);
    let text = "credit of=won models='first,participation' by=team";
    let told = book.ask(text);
    assert_eq!(told.issue("W0107"), 1);
    assert_eq!(told.total(&["deals", "touches"]), "3 3");
    assert!(
        !told
            .0
            .notes
            .iter()
            .any(|note| note.contains("date of creation"))
    );
    // The first that is known of it is its end.
    let ended = "2018-02-02 touch Cem webinar channel=event team=marketing
        2018-02-06 deal #3 Cem status=won closed=2018-02-06 amount='1.00 EUR'";
    let told = Book::of(CHARTER, ended).ask("credit of=won models=first");
    let undated = "1 of 1 deal without a date of creation";
    let is_undated = |note: &String| note.starts_with(undated);
    assert!(told.0.notes.iter().any(is_undated), "{:?}", told.0.notes);
    // Of participation each deal is listed once, however many rows it is in.
    for (column, records) in [
        ("deals", 3),
        ("touches", 3),
        ("first", 2),
        ("participation", 2),
    ] {
        let found = book.records(text, column);
        assert_eq!(found.0.rows.len(), records, "{column}");
    }
    let once = book.ask("credit of=won models='first,first' by=team");
    let firsts = once.0.columns.iter().filter(|one| one.id == "first");
    assert_eq!(firsts.count(), 1);
}

/// Five touches of one deal, each of something else: what a touch does not say is a row of its own,
/// and of a tool it is the source that told of the touch.
#[test]
fn credit_is_split_by_who_acted_by_what_was_shown_and_by_which_tool() {
    let lines = "
2018-01-02  touch  Ana  webinar  channel=event  asset=launch  tool=stage   team=marketing
2018-01-03  touch  Ana  paper    channel=web    asset=launch  team=marketing in=website
2018-01-04  touch  Ana  call     ~Rosa          tool=dialler  team=sales
2018-01-05  touch  Ana  call     ~Raul          asset=deck    team=sales
2018-01-06  touch  Ana  call     ~Rosa          team=sales
2018-01-07  deal   #1   Ana      amount='100.00 EUR'
2018-02-05  mark   #1   -> won
2018-01-07  deal   #2   Ben      amount='7.00 EUR'
2018-02-05  mark   #2   -> won
";
    let book = Book::of(CHARTER, lines);
    let told = |by: &str| {
        let told = book.ask(&format!("credit of=won models='first,linear' by={by}"));
        let mut rows = told.rows(&["deals", "touches", "first", "linear"]);
        rows.sort();
        rows
    };
    let nobody = "unknown: no touch EUR 1 0 7.00 EUR 7.00 EUR";
    assert_eq!(
        told("asset"),
        [
            "deck EUR 1 1 0.00 EUR 20.00 EUR",
            "launch EUR 1 2 100.00 EUR 40.00 EUR",
            nobody,
            "unknown: no touch.asset EUR 1 2 0.00 EUR 40.00 EUR",
        ]
    );
    assert_eq!(
        told("tool"),
        [
            "crm EUR 1 2 0.00 EUR 40.00 EUR",
            "dialler EUR 1 1 0.00 EUR 20.00 EUR",
            "stage EUR 1 1 100.00 EUR 20.00 EUR",
            nobody,
            "website EUR 1 1 0.00 EUR 20.00 EUR",
        ]
    );
    let reps = [
        "unknown: no rep EUR 1 2 100.00 EUR 40.00 EUR",
        nobody,
        "~Raul EUR 1 1 0.00 EUR 20.00 EUR",
        "~Rosa EUR 1 2 0.00 EUR 40.00 EUR",
    ];
    assert_eq!(told("rep"), reps);
    assert_eq!(told("actor"), reps);
}

/// Marketing came first to the larger deal, sales did the rest of it; nobody knows who came first
/// to the third, and nobody came to the fourth.
#[test]
fn who_brought_a_deal_in_is_one_lens() {
    let lines = "
2018-01-02  touch  Ana  webinar  channel=event  team=marketing
2018-01-03  touch  Ana  call     team=sales
2018-01-03  touch  Ana  call     team=sales
2018-01-04  deal   #1   Ana      amount='300.00 EUR'
2018-02-05  mark   #1   -> won
2018-01-02  touch  Ben  call     team=sales
2018-01-03  touch  Ben  webinar  channel=event  team=marketing
2018-01-04  deal   #2   Ben      amount='100.00 EUR'
2018-02-05  mark   #2   -> won
2018-01-02  touch  Cem  visit
2018-01-03  touch  Cem  call     team=sales
2018-01-04  deal   #3   Cem      amount='50.00 EUR'
2018-02-05  mark   #3   -> won
2018-01-04  deal   #4   Dan      amount='7.00 EUR'
2018-02-05  mark   #4   -> won
";
    let book = Book::of(CHARTER, lines);
    let told = book.ask("credit of=won models='last,linear' by=sourced");
    let rows = [
        "marketing EUR 1 3 300.00 EUR 300.00 EUR",
        "sales EUR 1 2 100.00 EUR 100.00 EUR",
        "unknown: no team EUR 1 2 50.00 EUR 50.00 EUR",
        "unknown: no touch EUR 1 0 7.00 EUR 7.00 EUR",
    ];
    let mut found = told.rows(&["deals", "touches", "last", "linear"]);
    found.sort();
    assert_eq!(found, rows);
    assert!(
        told.0
            .notes
            .iter()
            .any(|note| note.starts_with("sourced is one lens"))
    );
    let records = book.records("credit of=won models=linear by=sourced", "linear");
    assert_eq!(records.0.rows.len(), 3 + 2 + 2 + 1);
    let by_team = book.ask("credit of=won models=linear by=team");
    assert!(
        by_team
            .rows(&["linear"])
            .contains(&"marketing EUR 150.00 EUR".to_owned())
    );
}

#[test]
fn a_model_called_as_a_column_is_refused_and_one_that_gives_to_nobody_has_its_deals() {
    // Nobody created a lead before the touch, so nobody holds its position.
    let lines = "
2018-01-05  touch   Ana  call channel=web team=marketing
2018-01-06  deal    #1   Ana @A amount='90.00 EUR'
2018-01-07  mark    #1   -> won
2018-01-05  deal    #2   @B amount='10.00 EUR'
2018-01-07  mark    #2   -> won
";
    let mut book = Book::of(CHARTER, lines);
    let own = |name: &str| CreditModel {
        name: name.to_owned(),
        kind: ModelKind::Positions(Positions {
            first: 0,
            lead: 1,
            deal: 0,
            last: 0,
            between: 0,
            nobody_between: NobodyBetween::Proportional,
        }),
    };
    let linear = CreditModel::parse("linear").unwrap();
    book.charter.attribution.shown = vec![linear.clone(), own("ours")];
    let told = book.ask("credit of=won by=channel");
    assert_eq!(
        told.rows(&["deals", "touches", "linear", "ours"]),
        [
            "web EUR 1 1 90.00 EUR 0.00 EUR",
            "unknown: no touch EUR 2 0 10.00 EUR 100.00 EUR",
        ]
    );
    let of_nobody = Pick {
        column: "deals".to_owned(),
        row: vec!["unknown: no touch".to_owned()],
    };
    assert_eq!(
        book.picked("credit of=won by=channel", &of_nobody)
            .0
            .rows
            .len(),
        2
    );
    assert_eq!(
        book.records("credit of=won by=channel", "deals")
            .0
            .rows
            .len(),
        2
    );
    for name in [
        "deals",
        "touches",
        "channel",
        "currency",
        "marketing_touched",
    ] {
        book.charter.attribution.shown = vec![linear.clone(), own(name)];
        let refused = book.try_ask("credit of=won by=channel").err().unwrap();
        assert_eq!(refused.code, "E0448", "{name}");
        assert!(
            book.try_ask("credit of=won by=channel models=linear")
                .is_ok()
        );
    }
}
