use core::time::Duration;

use crate::policy::{Counts, CspDirective, CspOverride, Limit, LimitKey, OnOutage, Policy, Quota, Rule, Via};

use super::*;
use crate::router::{
    entry::{Entry, Openness},
    method_router::{Declared, Methods},
};

const HEALTH: Policy = Policy::public("app::health").with_reason("load balancer probe");
const ORDERS: Policy = Policy::protected("app::orders")
    .with_via(Via::BEARER.or(Via::API_KEY))
    .with_max_login_age(Duration::from_secs(300))
    .with_rule(Rule::All(&[
        Rule::Any(&[Rule::role("admin"), Rule::check(0, "owns_order")]),
        Rule::Not(&Rule::scope("guest")),
    ]))
    .with_limits(&[
        Limit::new(Quota::per_minute(10).with_burst(3), LimitKey::User),
        Limit::new(Quota::per_day(1_000), LimitKey::Header("x-tenant")).with_name("tenant").with_cost(2),
        Limit::new(Quota::per_second(5), LimitKey::Global).with_outage(OnOutage::Deny).with_shadow(true),
    ]);

const PAID: Policy = Policy::protected("app::paid").with_csrf_exemption("signed | by the provider");
const MINE: Policy = Policy::protected("app::mine");

fn guarded(methods: Methods, path: &str, policy: &'static Policy) -> Entry {
    Entry::guarded(path, Declared { methods, policy, has_layers: false, has_met_auth: false })
}

impl AccessMatrix {
    fn of(entries: &[Entry]) -> Self {
        Self::new(entries.iter().map(|entry| entry.row(&[])))
    }
}

fn matrix() -> AccessMatrix {
    AccessMatrix::of(&[
        guarded(Methods::These(vec!["GET"]), "/health", &HEALTH),
        guarded(Methods::These(vec!["POST", "PUT"]), "/orders/{id}", &ORDERS).below("/api/"),
        Entry::open("/static", Openness::Service { reason: "style sheets" }),
        Entry::open("*", Openness::Unguarded { reason: "metrics | behind the mesh" }),
    ])
}

#[test]
fn text_is_aligned() {
    let expected = "\
METHOD    PATH              WHO                                                                       VIA              CSRF  LIMITS                                                                                                                    WHY PUBLIC                 HANDLER
GET       /health           everyone                                                                  -                -  -                                                                                                                         load balancer probe        app::health
POST,PUT  /api/orders/{id}  (role admin or check owns_order) and not scope guest, login within 5 min  bearer, api_key  -  10/min by user burst 3; 1000/day by header x-tenant cost 2 as tenant; 5/sec by global, deny on outage (shadow)                             app::orders
*         /static           everyone (service)                                                        -                -  -                                                                                                                         style sheets
*         *                 UNGUARDED                                                                 -                -  -                                                                                                                         metrics | behind the mesh
";
    let squeeze = |text: &str| -> Vec<Vec<String>> {
        text.lines()
            .map(|line| line.split("  ").map(|cell| cell.trim().to_owned()).filter(|cell| !cell.is_empty()).collect())
            .collect()
    };
    let text = matrix().to_string();
    assert_eq!(squeeze(&text), squeeze(expected));
    let columns: Vec<_> =
        text.lines().take(3).map(|line| line.find("/").unwrap_or_else(|| line.find("PATH").unwrap())).collect();
    assert!(columns.iter().all(|column| column == &columns[0]), "{text}");
}

#[test]
fn every_form_shows_what_a_shared_limit_counts_beside_a_check() {
    const OPENED: Policy = Policy::protected("app::open").with_rule(Rule::check(0, "pin")).with_limits(&[
        Limit::new(Quota::per_minute(5), LimitKey::Path("id"))
            .with_counts(Counts::BeforeChecks)
            .with_outage(OnOutage::Deny),
        Limit::new(Quota::per_minute(9), LimitKey::Global).with_name("all").with_counts(Counts::AfterChecks),
    ]);
    let matrix = AccessMatrix::of(&[guarded(Methods::Any, "/{id}", &OPENED)]);
    let limits =
        "5/min by path id, counted before checks, deny on outage; 9/min by global as all, counted after checks";
    assert_eq!(matrix.rows()[0].limits, limits);
    assert!(matrix.to_string().contains(limits) && matrix.to_markdown().contains(limits));
    assert!(matrix.to_json().contains(limits));
}

#[test]
fn the_content_security_policy_has_a_column_where_a_handler_changes_it() {
    const CHARTS: Policy = Policy::public("app::charts").with_csp(
        &CspOverride::new(&[
            CspDirective::new("script-src", &["'nonce'", "'unsafe-eval'"]),
            CspDirective::new("frame-ancestors", &[]),
            CspDirective::new("sandbox", &[]),
        ])
        .with_reason("the charts compile | their templates"),
    );
    let entries = [guarded(Methods::Any, "/charts", &CHARTS), guarded(Methods::Any, "/health", &HEALTH)];
    let matrix = AccessMatrix::of(&entries);
    let csp = "script-src 'nonce' 'unsafe-eval'; frame-ancestors 'none'; sandbox (because the charts compile | their \
               templates)";
    assert_eq!(matrix.rows()[0].csp, csp);
    let text = matrix.to_string();
    let columns: Vec<_> = text.lines().zip(["CSP ", csp, "-  "]).map(|(line, cell)| line.rfind(cell)).collect();
    assert!(columns[0].is_some() && columns[0] == columns[1], "{text}");
    assert!(matrix.to_markdown().starts_with(
        "| METHOD | PATH | WHO | VIA | CSRF | LIMITS | CSP | WHY PUBLIC | HANDLER |\n\
         | --- | --- | --- | --- | --- | --- | --- | --- | --- |\n"
    ));
    assert!(matrix.to_markdown().contains(&format!("| {} |", csp.replace('|', "\\|"))));
    let rows: serde_json::Value = serde_json::from_str(&matrix.to_json()).unwrap();
    assert_eq!((&rows[0]["csp"], &rows[1]["csp"]), (&csp.into(), &serde_json::Value::Null));
    let without = AccessMatrix::of(&[guarded(Methods::Any, "/health", &HEALTH)]);
    assert!(!without.to_string().contains("CSP") && !without.to_markdown().contains("CSP"));
}

#[test]
fn markdown_escapes_pipes() {
    let markdown = matrix().to_markdown();
    assert_eq!(markdown.lines().count(), 6);
    assert!(markdown.contains(r"metrics \| behind the mesh"));
    assert!(markdown.contains("| POST,PUT | /api/orders/{id} |"));
}

#[test]
fn every_form_shows_what_other_sites_may_cause() {
    let matrix = AccessMatrix::of(&[
        guarded(Methods::These(vec!["GET", "HEAD"]), "/mine", &MINE),
        guarded(Methods::These(vec!["GET", "POST"]), "/mine", &MINE),
        guarded(Methods::Any, "/mine", &MINE),
        guarded(Methods::These(vec!["GET"]), "/paid", &PAID),
        guarded(Methods::These(vec!["DELETE"]), "/orders", &ORDERS),
        guarded(Methods::Any, "/health", &HEALTH),
    ]);
    let csrf: Vec<_> = matrix.rows().iter().map(|row| row.csrf.as_str()).collect();
    assert_eq!(csrf, ["-", "checked", "checked", "exempt: signed | by the provider", "-", "-"]);
    assert!(matrix.to_string().contains("exempt: signed | by the provider"));
    assert!(matrix.to_markdown().contains(r"| exempt: signed \| by the provider |"));
    let rows: serde_json::Value = serde_json::from_str(&matrix.to_json()).unwrap();
    assert_eq!(rows[3]["csrf"], "exempt: signed | by the provider");
}

#[test]
fn json_has_a_named_member_for_each_column() {
    let rows: serde_json::Value = serde_json::from_str(&matrix().to_json()).unwrap();
    assert_eq!(rows[0]["because"], "load balancer probe");
    assert_eq!(rows[1]["via"], "bearer, api_key");
    assert_eq!(rows[3]["access"], "UNGUARDED");
}

#[test]
fn nesting_joins_paths() {
    let path = |prefix, path| guarded(Methods::Any, path, &HEALTH).below(prefix).row(&[]).path;
    assert_eq!(path("/api", "/a"), "/api/a");
    assert_eq!(path("/api/", "/a"), "/api/a");
    assert_eq!(path("/api", "/"), "/api");
    assert_eq!(path("/api", Entry::FALLBACK), "/api/(fallback)");
}

#[test]
fn a_handler_under_a_layer_is_marked() {
    let entry = |has_layers| {
        Entry::guarded("/mine", Declared { methods: Methods::Any, policy: &MINE, has_layers, has_met_auth: false })
    };
    let matrix = AccessMatrix::of(&[entry(true), entry(false)]);
    assert!(matrix.to_string().contains("app::mine (layers)\n"), "{matrix}");
    assert_eq!(matrix.to_markdown().matches("| app::mine (layers) |").count(), 1);
    let rows: serde_json::Value = serde_json::from_str(&matrix.to_json()).unwrap();
    assert_eq!((&rows[0]["layers"], &rows[1]["layers"]), (&true.into(), &serde_json::Value::Null));
}
