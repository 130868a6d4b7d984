//! Forms, queries and paths.

use auth_runtime::validate::{plain_text, slug};
use serde::Deserialize;
use serde_json::json;
use validator::Validate;

use super::support::*;

#[derive(Deserialize, Validate)]
struct Search {
    #[validate(length(min = 2), custom(function = plain_text))]
    text: String,
    #[validate(range(min = 1, max = 100))]
    page: Option<u32>,
    #[serde(default)]
    #[expect(dead_code, reason = "the parameter is read and not used")]
    exact: bool,
}

const FORM: &str = "application/x-www-form-urlencoded";

#[tokio::test]
async fn a_form_is_told_all_its_faults() {
    let (status, _) = send(form::<Search>(), FORM, "text=a+b&page=3&exact=true").await;
    assert_eq!(status, 200);
    let (status, _) = send(form::<Search>(), FORM, "text=%C3%A4%C3%B6").await;
    assert_eq!(status, 200);
    let (status, document) = send(form::<Search>(), FORM, "text=a&page=canary&exact=canary&admin=1&text=b").await;
    let expected = pairs([
        ("/admin", "unknown"),
        ("/exact", "type"),
        ("/page", "type"),
        ("/text", "duplicate"),
        ("/text", "length"),
    ]);
    assert_eq!(listed(status, &document), expected);
    assert_eq!(document["code"], "invalid-body");
    assert!(!document.to_string().contains("canary"), "{document}");
    let (status, document) = send(form::<Search>(), FORM, "page=0").await;
    assert_eq!(listed(status, &document), pairs([("/page", "range"), ("/text", "missing")]));
    let (status, document) = send(form::<Search>(), "application/json", "{}").await;
    assert_eq!((status, &document["code"]), (415, &json!("unsupported-media-type")));
}

#[tokio::test]
async fn the_form_of_a_get_is_its_query() {
    assert_eq!(open(form::<Search>(), "/?text=ab").await.0, 200);
    let (status, document) = open(form::<Search>(), "/?text=a").await;
    assert_eq!(listed(status, &document), pairs([("/text", "length")]));
}

/// Links gather parameters on their way.
#[tokio::test]
async fn a_query_may_have_other_parameters() {
    assert_eq!(open(query::<Search>(), "/?text=ab&utm_source=mail").await.0, 200);
    let (status, document) = open(query::<Search>(), "/?page=101&page=1&utm_source=mail").await;
    assert_eq!(listed(status, &document), pairs([("/page", "duplicate"), ("/page", "range"), ("/text", "missing")]));
    assert_eq!(document["code"], "invalid-query");
    assert_eq!(open(query::<Search>(), "/").await.0, 422);
}

#[derive(Deserialize, Validate)]
struct Place {
    #[validate(custom(function = slug))]
    blog: String,
    #[validate(range(min = 1))]
    post: u32,
}

#[tokio::test]
async fn a_path_has_its_rules() {
    let app = || path::<Place>("/{blog}/{post}");
    assert_eq!(open(app(), "/my-blog/7").await.0, 200);
    for (uri, expected) in [
        ("/My%20Blog/0", &[("/blog", "slug"), ("/post", "range")][..]),
        ("/My%20Blog/canary", &[("/blog", "slug"), ("/post", "type")]),
    ] {
        let (status, document) = open(app(), uri).await;
        let expected: Vec<_> = expected.iter().map(|(pointer, code)| ((*pointer).into(), (*code).into())).collect();
        assert_eq!(listed(status, &document), expected, "{uri}");
        assert_eq!(document["code"], "invalid-path");
        assert!(!document.to_string().contains("canary"), "{document}");
    }
    assert_eq!(open(app(), "/%ff/7").await.0, 400);
}

#[derive(Deserialize, Validate)]
struct Price {
    #[validate(range(min = 0.0, max = 10.0))]
    euros: f64,
    #[serde(default)]
    #[validate(range(min = 0.0, max = 10.0))]
    tip: Option<f32>,
}

#[derive(Deserialize, Validate)]
struct Costs {
    #[validate(range(min = 0.0, max = 10.0))]
    euros: f64,
    #[expect(dead_code, reason = "the parameter is read and not used")]
    name: String,
}

/// `NaN` passes the rules of a range, since no comparison with it fails.
#[tokio::test]
async fn text_that_is_no_finite_number_is_no_number() {
    assert_eq!(send(form::<Price>(), FORM, "euros=2.5&tip=1").await.0, 200);
    assert_eq!(open(path::<Costs>("/{euros}/{name}"), "/2.5/nan").await.0, 200);
    for text in ["NaN", "nan", "-nan", "inf", "-Infinity", "1e400"] {
        let (status, document) = send(form::<Price>(), FORM, format!("euros={text}&tip={text}")).await;
        assert_eq!(listed(status, &document), pairs([("/euros", "type"), ("/tip", "type")]), "{text}");
        let (status, document) = open(query::<Price>(), &format!("/?euros={text}")).await;
        assert_eq!(listed(status, &document), pairs([("/euros", "type")]), "{text}");
        let (status, document) = open(path::<Costs>("/{euros}/{name}"), &format!("/{text}/a")).await;
        assert_eq!(listed(status, &document), pairs([("/euros", "type")]), "{text}");
    }
}

#[derive(Deserialize, Validate)]
struct Numbers {
    #[expect(dead_code, reason = "only the reading counts")]
    a: u8,
    #[expect(dead_code, reason = "only the reading counts")]
    b: u8,
    #[expect(dead_code, reason = "only the reading counts")]
    c: u8,
}

/// A form of a few bytes a field must not become many in memory, nor be read again and again.
#[test]
fn a_flood_of_fields_is_refused_with_little_work() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let twice = "&text".repeat(200_000);
    let unknown: String = (0..100_000).map(|number| format!("&{number}")).collect();
    for (flood, most) in [(format!("a=x&b=x&c=x{twice}"), 8 << 20), (format!("a=x&b=x&c=x{unknown}"), 32 << 20)] {
        let length = flood.len();
        let mut answer = (0, serde_json::Value::Null);
        let used = allocation_counter::measure(|| answer = runtime.block_on(send(form::<Numbers>(), FORM, flood)));
        assert_eq!(answer.0, 422);
        let faults = answer.1["errors"].as_array().unwrap().len();
        assert!(used.bytes_max < most && used.count_total < 500_000, "{length} bytes, {faults} faults: {used:?}");
    }
}
