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
fn every_operation_says_whether_it_can_be_sent_twice_and_how_to_come_in() {
    let all: serde_json::Value = serde_json::from_str(&handfast_server::description()).unwrap();
    let schemes = all["components"]["securitySchemes"].as_object().unwrap();
    let names: Vec<&str> = schemes.keys().map(String::as_str).collect();
    assert_eq!(names, ["session", "token"]);
    // What passes on passwords, secrets of browsers and keys of people, told a second time.
    let without = [
        "post /api/v1/session",
        "delete /api/v1/session",
        "post /api/v1/session/guest",
        "post /api/v1/session/provider",
        "post /api/v1/setup",
        "post /api/v1/invitations/read",
        "post /api/v1/invitations/accept",
        "post /api/v1/password",
        "post /api/v1/persons/forget",
        "post /api/v1/persons/export",
    ];
    let (mut keyed, mut closed) = (0, 0);
    for (path, item) in all["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let name = format!("{method} {path}");
            let parameters = operation["parameters"]
                .as_array()
                .cloned()
                .unwrap_or_default();
            let key = parameters
                .iter()
                .find(|one| one["name"] == "Idempotency-Key");
            let takes_key = method != "get" && !without.contains(&name.as_str());
            assert_eq!(key.is_some(), takes_key, "{name}");
            if let Some(key) = key {
                assert_eq!(
                    (&key["in"], &key["schema"]["maxLength"]),
                    (&"header".into(), &128.into())
                );
                keyed += 1;
            }
            let shown = operation["security"]
                .as_array()
                .cloned()
                .unwrap_or_default();
            let mut shown = shown.iter().flat_map(|one| one.as_object().unwrap().keys());
            assert!(shown.all(|one| names.contains(&one.as_str())), "{name}");
            closed += usize::from(operation["security"].is_array());
        }
    }
    assert!(keyed > 30 && closed > 60, "{keyed} {closed}");
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
