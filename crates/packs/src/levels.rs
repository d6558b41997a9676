//! Reports of one network at several levels: the same money by campaign, by ad, by keyword.

use std::collections::BTreeMap;

use crate::groups::base;
use crate::names::plain;

/// Words of file names that say what money is broken down by, not whose it is.
const LEVELS: [&str; 26] = [
    "account",
    "ad",
    "adgroup",
    "adset",
    "advertised",
    "advertiser",
    "campaign",
    "country",
    "creative",
    "demographics",
    "geo",
    "geographic",
    "group",
    "keyword",
    "keywords",
    "level",
    "placement",
    "product",
    "promotion",
    "region",
    "search",
    "set",
    "squad",
    "targeting",
    "term",
    "terms",
];

/// Of files with money spent, those that cut the same money as another: each with that other.
pub(crate) fn levels_of_others(files: &[String]) -> BTreeMap<String, String> {
    let mut families: BTreeMap<Vec<String>, Vec<(Vec<String>, &String)>> = BTreeMap::new();
    for file in files {
        let name = plain(&base(file));
        let words = name.split(' ').map(str::to_owned);
        let (levels, rest): (Vec<String>, Vec<String>) =
            words.partition(|word| LEVELS.contains(&word.as_str()));
        if !levels.is_empty() {
            families.entry(rest).or_default().push((levels, file));
        }
    }
    let mut again = BTreeMap::new();
    for family in families.into_values() {
        // A campaign is the level that a funnel asks about; fewer words are a coarser cut.
        let rank = |levels: &[String]| (!levels.iter().any(|l| l == "campaign"), levels.len());
        let kept = family
            .iter()
            .min_by_key(|(levels, file)| (rank(levels), *file));
        let Some((kept, one)) = kept else { continue };
        let others = family.iter().filter(|(levels, _)| levels != kept);
        again.extend(others.map(|(_, file)| ((*file).clone(), format!("in {one}"))));
    }
    again
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_level_of_a_network_counts() {
        for (files, again) in [
            (&["spend_google.csv", "spend_meta.csv"][..], &[][..]),
            (
                &["campaign_report_2024.csv", "campaign_report_2025.csv"],
                &[],
            ),
            (
                &[
                    "amazon_ads_ad_group_level_report.csv",
                    "amazon_ads_campaign_level_report.csv",
                ],
                &["amazon_ads_ad_group_level_report.csv"],
            ),
            (
                &[
                    "apple_ad_report.csv",
                    "apple_search_term_report.csv",
                    "bing_ad_report.csv",
                ],
                &["apple_search_term_report.csv"],
            ),
        ] {
            let files: Vec<String> = files.iter().map(|file| (*file).to_owned()).collect();
            let found = levels_of_others(&files);
            assert_eq!(found.keys().collect::<Vec<_>>(), again, "{files:?}");
        }
    }
}
