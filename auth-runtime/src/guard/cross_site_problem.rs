use crate::error::{Document, fixed};

/// Every document has the same title, because every document has the same code.
macro_rules! with_detail {
    ($detail:literal) => {
        fixed!(403, "cross-site", "The request comes from another site.", $detail)
    };
}

/// Returns the problem document for a request that may come from another site. The code is always the same. The detail
/// names what a page of this service has to send, and repeats no part of the request.
pub(super) fn document(reason: &str) -> Document {
    match reason {
        "csrf_field_missing" => with_detail!("The form has no field `csrf_token`."),
        "csrf_field_twice" => with_detail!("The form has more than one field `csrf_token`."),
        "csrf_field" => with_detail!(
            "The field `csrf_token` holds no token of this session. It changes with each sign-in and each new password: load the form again."
        ),
        "csrf_token" => with_detail!(
            "The header `X-CSRF-Token` holds no token of this session. It changes with each sign-in and each new password: load the page again."
        ),
        "csrf_token_twice" => with_detail!("The header `X-CSRF-Token` is there twice."),
        "no_origin" => {
            with_detail!("The request has none of the headers `Sec-Fetch-Site`, `Origin` and `X-CSRF-Token`.")
        }
        _ => fixed!(403, "cross-site", "The request comes from another site."),
    }
}
