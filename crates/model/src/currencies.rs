//! The currency codes of ISO 4217, and what people write instead of them.

/// The codes in use, and those that old exports still name, in order.
pub(crate) const CODES: [&str; 173] = [
    "AED", "AFN", "ALL", "AMD", "ANG", "AOA", "ARS", "AUD", "AWG", "AZN", "BAM", "BBD", "BDT",
    "BGN", "BHD", "BIF", "BMD", "BND", "BOB", "BOV", "BRL", "BSD", "BTN", "BWP", "BYN", "BZD",
    "CAD", "CDF", "CHE", "CHF", "CHW", "CLF", "CLP", "CNY", "COP", "COU", "CRC", "CUC", "CUP",
    "CVE", "CZK", "DJF", "DKK", "DOP", "DZD", "EGP", "ERN", "ETB", "EUR", "FJD", "FKP", "GBP",
    "GEL", "GHS", "GIP", "GMD", "GNF", "GTQ", "GYD", "HKD", "HNL", "HRK", "HTG", "HUF", "IDR",
    "ILS", "INR", "IQD", "IRR", "ISK", "JMD", "JOD", "JPY", "KES", "KGS", "KHR", "KMF", "KPW",
    "KRW", "KWD", "KYD", "KZT", "LAK", "LBP", "LKR", "LRD", "LSL", "LTL", "LVL", "LYD", "MAD",
    "MDL", "MGA", "MKD", "MMK", "MNT", "MOP", "MRU", "MUR", "MVR", "MWK", "MXN", "MXV", "MYR",
    "MZN", "NAD", "NGN", "NIO", "NOK", "NPR", "NZD", "OMR", "PAB", "PEN", "PGK", "PHP", "PKR",
    "PLN", "PYG", "QAR", "RON", "RSD", "RUB", "RWF", "SAR", "SBD", "SCR", "SDG", "SEK", "SGD",
    "SHP", "SLE", "SLL", "SOS", "SRD", "SSP", "STN", "SVC", "SYP", "SZL", "THB", "TJS", "TMT",
    "TND", "TOP", "TRY", "TTD", "TWD", "TZS", "UAH", "UGX", "USD", "USN", "UYI", "UYU", "UYW",
    "UZS", "VED", "VEF", "VES", "VND", "VUV", "WST", "XAF", "XCD", "XCG", "XOF", "XPF", "YER",
    "ZAR", "ZMW", "ZWG", "ZWL",
];

/// Units of account and the like, which nobody means who mistypes a currency.
const FUNDS: [&str; 9] = [
    "BOV", "CHE", "CHW", "CLF", "COU", "MXV", "USN", "UYI", "UYW",
];

/// Countries by their own three letters, and signs, as people write them for a currency.
const MEANT: [(&str, &str); 16] = [
    ("$", "USD"),
    ("US$", "USD"),
    ("€", "EUR"),
    ("£", "GBP"),
    ("¥", "JPY"),
    ("R$", "BRL"),
    ("EURO", "EUR"),
    ("EUROS", "EUR"),
    ("DOLLAR", "USD"),
    ("DOLLARS", "USD"),
    ("USA", "USD"),
    ("DEU", "EUR"),
    ("GER", "EUR"),
    ("FRA", "EUR"),
    ("RMB", "CNY"),
    ("STG", "GBP"),
];

/// Whether ISO 4217 has a code, in capitals.
pub(crate) fn is_listed(code: &str) -> bool {
    CODES.binary_search(&code).is_ok()
}

/// The code that somebody meant who wrote something else.
pub(crate) fn meant(text: &str) -> Option<&'static str> {
    let text = text.trim().to_uppercase();
    if let Some((_, code)) = MEANT.iter().find(|(written, _)| *written == text) {
        return Some(code);
    }
    // A code begins with its country's two letters, so the first two say more than the third.
    let country = text.get(..2).filter(|_| text.len() == 3)?;
    let mut alike = CODES.iter().filter(|code| code.starts_with(country));
    alike.find(|code| !FUNDS.contains(code)).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_three_capitals_in_order() {
        let is_code = |code: &&str| code.len() == 3 && code.bytes().all(|b| b.is_ascii_uppercase());
        assert!(CODES.iter().all(is_code));
        assert!(CODES.is_sorted_by(|one, next| one < next));
        for code in MEANT.iter().map(|(_, code)| code).chain(&FUNDS) {
            assert!(is_listed(code), "{code}");
        }
    }

    #[test]
    fn what_was_meant_is_told_by_the_country() {
        for (written, code) in [
            ("CAN", Some("CAD")),
            ("usa", Some("USD")),
            ("€", Some("EUR")),
            ("UKP", None),
            ("XXQ", None),
            ("CHX", Some("CHF")),
            ("bitcoin", None),
        ] {
            assert_eq!(meant(written), code, "{written}");
        }
    }
}
