//! Every route, and the API's description that is made from them.

mod access;
mod acts;
mod agree;
mod ask;
mod audit;
mod book;
mod catalogue;
mod charter;
mod deals;
mod description;
mod events;
mod health;
mod imports;
mod jobs;
mod meetings;
mod people;
mod periods;
mod persons;
mod provider;
mod saved;
mod search;
mod session;
mod uploads;
mod wizard;

use axum::Router;
use axum::middleware;
use axum::routing::get;
use handfast_wire::v1::problem::Problem;
use tower_http::compression::CompressionLayer;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub use description::description;

use crate::house::Shared;
use crate::{again, assets, frame};

/// What the description says of the API as a whole.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Handfast",
        description = "One ledger, one funnel, one set of definitions for two teams. Every \
                   door asks the same questions and shows the same answers.",
        license(name = "MIT OR Apache-2.0")
    ),
    components(schemas(Problem))
)]
struct Described;

/// The API's routes with their description.
fn described() -> OpenApiRouter<Shared> {
    let api = OpenApiRouter::new()
        .routes(routes!(ask::ask))
        .routes(routes!(ask::records))
        .routes(routes!(ask::csv))
        .routes(routes!(ask::xlsx))
        .routes(routes!(ask::passport))
        .routes(routes!(book::book))
        .routes(routes!(catalogue::list))
        .routes(routes!(catalogue::explain))
        .routes(routes!(charter::show))
        .routes(routes!(charter::log))
        .routes(routes!(charter::drafts, agree::propose))
        .routes(routes!(charter::draft))
        .routes(routes!(agree::rehearse))
        .routes(routes!(agree::comment))
        .routes(routes!(agree::withdraw))
        .routes(routes!(agree::sign))
        .routes(routes!(agree::become_signer))
        .routes(routes!(deals::story))
        .routes(routes!(deals::dispute))
        .routes(routes!(deals::rule))
        .routes(routes!(periods::list))
        .routes(routes!(periods::restatements))
        .routes(routes!(periods::close))
        .routes(routes!(periods::reopen))
        .routes(routes!(periods::vouch))
        .routes(routes!(periods::retract))
        .routes(routes!(saved::views, saved::keep_view))
        .routes(routes!(saved::drop_view))
        .routes(routes!(saved::notes, saved::keep_note))
        .routes(routes!(saved::drop_note))
        .routes(routes!(search::accounts))
        .routes(routes!(search::search))
        .routes(routes!(session::show, session::sign_in, session::sign_out))
        .routes(routes!(session::guest))
        .routes(routes!(provider::begin))
        .routes(routes!(provider::back))
        .routes(routes!(session::set_up))
        .routes(routes!(session::read_link))
        .routes(routes!(session::accept))
        .routes(routes!(session::change_password))
        .routes(routes!(people::list, people::invite))
        .routes(routes!(people::change, people::remove))
        .routes(routes!(people::link))
        .routes(routes!(people::sessions))
        .routes(routes!(people::end_session))
        .routes(routes!(access::tokens, access::make_token))
        .routes(routes!(access::end_token))
        .routes(routes!(access::keys, access::make_key))
        .routes(routes!(access::end_key))
        .routes(routes!(audit::page))
        .routes(routes!(audit::jsonl))
        .routes(routes!(audit::verify));
    OpenApiRouter::with_openapi(Described::openapi())
        .nest("/api/v1", api.merge(rows()).merge(met()).merge(taken_out()))
        .routes(routes!(health::alive))
        .routes(routes!(health::ready))
}

/// The routes of meetings.
fn met() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(meetings::list))
        .routes(routes!(meetings::report))
        .routes(routes!(meetings::open))
        .routes(routes!(meetings::close))
        .routes(routes!(meetings::show))
        .routes(routes!(meetings::verify))
        .routes(routes!(meetings::set))
        .routes(routes!(meetings::decide))
        .routes(routes!(meetings::settle))
}

/// The routes by which somebody or something is taken out, or along.
fn taken_out() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(persons::forget))
        .routes(routes!(persons::export))
        .routes(routes!(audit::taken))
}

/// The routes by which rows enter.
fn rows() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(events::send))
        .routes(routes!(imports::sources))
        .routes(routes!(imports::list, jobs::import))
        .routes(routes!(imports::aside_all))
        .routes(routes!(imports::reconcile))
        .routes(routes!(jobs::mended))
        .routes(routes!(imports::undo))
        .routes(routes!(imports::aside_of))
        .routes(routes!(imports::aside_of_job))
        .routes(routes!(jobs::list))
        .routes(routes!(jobs::show))
        .routes(routes!(jobs::cancel))
        .routes(routes!(uploads::list, uploads::send))
        .routes(routes!(uploads::remove))
        .routes(routes!(wizard::look))
        .routes(routes!(wizard::preview))
        .routes(routes!(wizard::save))
        .routes(routes!(wizard::begin))
}

/// The whole application of a house.
pub fn app(house: Shared) -> Router {
    let (api, _) = described().split_for_parts();
    api.route("/openapi.json", get(health::openapi))
        .route("/metrics", get(health::metrics))
        .route("/assets/{*path}", get(assets::asset))
        .route("/errors/{code}", get(health::explained))
        .fallback(assets::page)
        .method_not_allowed_fallback(health::other_method)
        .layer(middleware::from_fn_with_state(house.clone(), again::again))
        .layer(CompressionLayer::new().gzip(true))
        .layer(middleware::from_fn_with_state(house.clone(), frame::frame))
        .with_state(house)
}
