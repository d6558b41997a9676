//! The functions that a pack's SELECT may call, with what they take and give.
//!
//! All are pure, work on one row and give about as much as they take; none asks a clock, a random
//! source, a file or the network, and none repeats or pads its input.

/// One parameter.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Takes {
    /// A text (a number is written out).
    Text,
    /// A text or a parsed value.
    Any,
    /// A whole number.
    Int,
    /// A number.
    Number,
    /// A format of dates between quotes.
    Format,
    /// An IANA zone between quotes.
    Zone,
    /// `'.'` or `','`.
    Mark,
    /// A text between quotes.
    Literal,
}

/// What a function gives.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Gives {
    /// A text.
    Text,
    /// A parsed value or an issue.
    Carried,
    /// A whole number.
    Int,
    /// Yes or no.
    Bool,
    /// What its arguments are.
    Same,
}

/// What is added where the pack says it once for all.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Default {
    /// Nothing.
    None,
    /// The source's zone, as third argument.
    Zone,
    /// The source's currency, as second argument.
    Currency,
}

/// A function.
pub struct Function {
    /// How packs call it.
    pub name: &'static str,
    /// How the planner calls it.
    pub runs: &'static str,
    /// What it must be given.
    pub takes: &'static [Takes],
    /// What it may be given after that; the last one any number of times where `is_open`.
    pub may_take: &'static [Takes],
    /// Whether the last parameter repeats.
    pub is_open: bool,
    /// What it gives.
    pub gives: Gives,
    /// What the pack adds.
    pub default: Default,
    /// Whether a personal column may go in, because nothing of the person comes out.
    pub hides_people: bool,
}

const PLAIN: Function = Function {
    name: "",
    runs: "",
    takes: &[],
    may_take: &[],
    is_open: false,
    gives: Gives::Text,
    default: Default::None,
    hides_people: false,
};

const fn text(name: &'static str, runs: &'static str, takes: &'static [Takes]) -> Function {
    Function {
        name,
        runs,
        takes,
        ..PLAIN
    }
}

const fn parsing(name: &'static str, takes: &'static [Takes]) -> Function {
    Function {
        name,
        runs: name,
        takes,
        gives: Gives::Carried,
        ..PLAIN
    }
}

/// The function of this name.
pub fn find(name: &str) -> Option<&'static Function> {
    FUNCTIONS.iter().find(|function| function.name == name)
}

/// All names, for messages.
pub fn names() -> Vec<&'static str> {
    FUNCTIONS.iter().map(|function| function.name).collect()
}

static FUNCTIONS: [Function; 31] = [
    Function {
        may_take: &[Takes::Zone],
        default: Default::Zone,
        ..parsing("as_date", &[Takes::Text, Takes::Format])
    },
    Function {
        may_take: &[Takes::Zone],
        default: Default::Zone,
        ..parsing("as_time", &[Takes::Text, Takes::Format])
    },
    Function {
        may_take: &[Takes::Text, Takes::Mark],
        default: Default::Currency,
        ..parsing("as_money", &[Takes::Text])
    },
    Function {
        may_take: &[Takes::Text],
        default: Default::Currency,
        ..parsing("as_micros", &[Takes::Text])
    },
    parsing("as_int", &[Takes::Text]),
    Function {
        may_take: &[Takes::Mark],
        ..parsing("as_decimal", &[Takes::Text])
    },
    parsing("as_bool", &[Takes::Text]),
    // It gives words that the pack lists and no others.
    Function {
        hides_people: true,
        ..parsing("as_one_of", &[Takes::Text, Takes::Literal])
    },
    parsing("required", &[Takes::Any]),
    Function {
        hides_people: true,
        ..text("email_domain", "email_domain", &[Takes::Text])
    },
    Function {
        gives: Gives::Bool,
        hides_people: true,
        ..text("is_given", "is_given", &[Takes::Any])
    },
    Function {
        may_take: &[Takes::Any],
        is_open: true,
        gives: Gives::Same,
        ..text("coalesce", "coalesce", &[Takes::Any])
    },
    Function {
        gives: Gives::Same,
        ..text("nullif", "nullif", &[Takes::Text, Takes::Text])
    },
    text("lower", "lower", &[Takes::Text]),
    text("upper", "upper", &[Takes::Text]),
    Function {
        may_take: &[Takes::Literal],
        ..text("trim", "btrim", &[Takes::Text])
    },
    Function {
        may_take: &[Takes::Literal],
        ..text("btrim", "btrim", &[Takes::Text])
    },
    Function {
        may_take: &[Takes::Literal],
        ..text("ltrim", "ltrim", &[Takes::Text])
    },
    Function {
        may_take: &[Takes::Literal],
        ..text("rtrim", "rtrim", &[Takes::Text])
    },
    text(
        "replace",
        "replace",
        &[Takes::Text, Takes::Literal, Takes::Literal],
    ),
    Function {
        may_take: &[Takes::Int],
        ..text("substr", "substr", &[Takes::Text, Takes::Int])
    },
    Function {
        may_take: &[Takes::Int],
        ..text("substring", "substr", &[Takes::Text, Takes::Int])
    },
    text("left", "left", &[Takes::Text, Takes::Int]),
    text("right", "right", &[Takes::Text, Takes::Int]),
    text(
        "split_part",
        "split_part",
        &[Takes::Text, Takes::Literal, Takes::Int],
    ),
    Function {
        may_take: &[Takes::Text],
        is_open: true,
        ..text("concat", "concat", &[Takes::Text])
    },
    Function {
        gives: Gives::Int,
        ..text("length", "character_length", &[Takes::Text])
    },
    Function {
        gives: Gives::Int,
        ..text("strpos", "strpos", &[Takes::Text, Takes::Text])
    },
    Function {
        gives: Gives::Bool,
        ..text("starts_with", "starts_with", &[Takes::Text, Takes::Text])
    },
    Function {
        gives: Gives::Same,
        ..text("abs", "exact_abs", &[Takes::Number])
    },
    Function {
        may_take: &[Takes::Int],
        gives: Gives::Same,
        ..text("round", "exact_round", &[Takes::Number])
    },
];
