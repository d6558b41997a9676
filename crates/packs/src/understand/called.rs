//! What files are called that hold companies or people, in the languages and tools that we know.

/// What a file of companies is called.
pub(super) const COMPANIES: [&str; 12] = [
    "account",
    "company",
    "companies",
    "organization",
    "organisation",
    "firma",
    "firmen",
    "empresa",
    "kunde",
    "kunden",
    "cuenta",
    "entreprise",
];

/// What a file of people is called.
pub(super) const PEOPLE: [&str; 12] = [
    "lead",
    "contact",
    "prospect",
    "person",
    "people",
    "subscriber",
    "mql",
    "visitor",
    "customer",
    "kontakt",
    "kontakte",
    "contacto",
];
