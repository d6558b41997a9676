//! The catalogue of metrics.

use axum::Json;
use axum::extract::{Path, State};
use handfast_accounts::Capability;
use handfast_engine::answer::explained::{self, Listed};
use handfast_model::catalogue::{Argument, PAID_FOR};
use handfast_model::question::AsOf;
use handfast_wire::v1::catalogue::{Definition, Metric, Parameter, Said};

use crate::apart::apart;
use crate::house::Shared;
use crate::problem::{Answered, Problems, Refused};
use crate::viewer::Viewer;

/// Every metric of the charter in force, subject by subject.
#[utoipa::path(get, path = "/metrics", tag = "metrics",
    responses((status = 200, body = Vec<Metric>), Problems))]
pub async fn list(viewer: Viewer, State(house): State<Shared>) -> Answered<Json<Vec<Metric>>> {
    viewer.may_know(Capability::Read)?;
    apart(&house, |house| {
        let (charter, _) = house.book.charter(AsOf::Latest, None)?;
        let all = explained::list(&charter.catalogue);
        Ok(Json(all.into_iter().map(metric).collect()))
    })
    .await
}

/// One metric's whole definition.
#[utoipa::path(get, path = "/metrics/{name}", tag = "metrics",
    params(("name" = String, Path, description = "Its name, without parameters.")),
    responses((status = 200, body = Definition), Problems))]
pub async fn explain(
    viewer: Viewer,
    State(house): State<Shared>,
    Path(name): Path<String>,
) -> Answered<Json<Definition>> {
    viewer.may_know(Capability::Read)?;
    apart(&house, move |house| {
        let (charter, _) = house.book.charter(AsOf::Latest, None)?;
        let explained = explained::explain(&charter.catalogue, &name).map_err(|refusal| {
            match refusal.code {
                "E0403" => Refused::missing(refusal),
                _ => refusal.into(),
            }
        })?;
        let said = |what: &str, how: String| Said {
            what: what.to_owned(),
            how,
        };
        let measures = explained.measures.into_iter();
        let declares = explained.declares.into_iter();
        Ok(Json(Definition {
            metric: metric(explained.listed),
            formula: explained.formula,
            measures: measures.map(|(what, how)| said(&what, how)).collect(),
            declares: declares.map(|(what, how)| said(what, how)).collect(),
        }))
    })
    .await
}

fn parameter(told: explained::Parameter) -> Parameter {
    Parameter {
        choices: match told.takes {
            Argument::PaidFor => PAID_FOR.to_vec(),
            _ => Vec::new(),
        },
        name: told.name,
        takes: told.takes.takes(),
        is_optional: told.is_optional,
    }
}

/// A metric as it goes out.
pub(super) fn metric(listed: Listed) -> Metric {
    Metric {
        subject: listed.subject,
        name: listed.name,
        usage: listed.usage,
        parameters: listed.parameters.into_iter().map(parameter).collect(),
        means: listed.means,
        is_the_charters: listed.is_instead,
    }
}
