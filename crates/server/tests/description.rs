//! The API's description is committed, and is what the routes say.

use std::path::Path;

#[test]
fn the_committed_description_is_that_of_the_routes() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi.json");
    let now = handfast_server::description();
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::write(&file, &now).unwrap();
    }
    let committed = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(
        committed == now,
        "crates/server/openapi.json is stale: UPDATE_EXPECT=1 cargo test -p handfast-server"
    );
}

#[test]
fn a_rehearsal_is_of_as_many_quarters_as_its_description_says() {
    let all: serde_json::Value = serde_json::from_str(&handfast_server::description()).unwrap();
    let mut paths = all["paths"].as_object().unwrap().iter();
    let (_, path) = paths.find(|(path, _)| path.ends_with("/rehearse")).unwrap();
    let asked = path["get"]["parameters"].as_array().unwrap().iter();
    let mut asked = asked.filter(|one| one["name"] == "quarters");
    let told = asked.next().unwrap()["description"].as_str().unwrap();
    let quarters = handfast_service::agree::rehearse::QUARTERS;
    assert!(
        told.ends_with(&format!("; {quarters} unless said.")),
        "{told}"
    );
}

#[test]
fn every_operation_says_what_it_refuses_with() {
    let all: serde_json::Value = serde_json::from_str(&handfast_server::description()).unwrap();
    let mut silent = Vec::new();
    for (path, item) in all["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let responses = operation["responses"].as_object().unwrap();
            let is_health = path == "/healthz" || path == "/readyz";
            let says = responses
                .keys()
                .any(|status| status.starts_with(['4', '5']));
            if !is_health && !says {
                silent.push(format!("{method} {path}"));
            }
        }
    }
    assert_eq!(silent, Vec::<String>::new());
    let ids = all["paths"].as_object().unwrap().values();
    let ids = ids.flat_map(|item| item.as_object().unwrap().values());
    let mut ids: Vec<&str> = ids.filter_map(|one| one["operationId"].as_str()).collect();
    let count = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), count, "two operations have one id");
    assert_eq!(all["openapi"], "3.1.0");
}
