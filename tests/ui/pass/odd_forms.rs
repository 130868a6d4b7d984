//! Unusual ways to write an attribute are the attribute.

#![deny(warnings)]
#![allow(dead_code)]

use auth_runtime::{protected, public, rate_limit, require_role};
use auth_tests::demands;

#[protected {}]
#[rate_limit[10/min]]
async fn delimiters() {}

#[require_role["admin"]]
#[r#rate_limit(10/min)]
async fn raw_below() {}

#[r#require_role("admin")]
#[rate_limit(10/min)]
async fn raw_above() {}

#[cfg_attr(all(), require_role("admin"), rate_limit(10/min))]
async fn under_cfg_attr() {}

#[rate_limit(10/min)]
#[cfg_attr(all(), cfg_attr(all(), require_role("admin")))]
async fn deep_under_cfg_attr() {}

#[cfg_attr(any(), public)]
#[auth_runtime::prelude::require_role("admin")]
#[::auth_runtime::rate_limit(10/min)]
async fn full_paths() {}

mod facade {
    pub(crate) mod auth {
        pub(crate) use auth_runtime::*;
    }
    pub(crate) use auth_runtime::require_role;
}

#[facade::require_role("admin")]
#[facade::auth::rate_limit(10/min)]
async fn through_two_facades() {}

/// #[public]
#[doc = "public"]
#[doc(alias = "public")]
#[require_role("admin")]
#[rate_limit(10/min)]
async fn documented_as_public() {
    // Unnameable from outside, and guarded all the same.
    #[public]
    async fn inner() {}
}

macro_rules! twice {
    ($($module:ident)*) => {
        $(mod $module {
            use auth_runtime::{rate_limit, require_role};

            #[require_role("admin")]
            #[rate_limit(10/min)]
            pub(super) async fn made() {}

            pub(super) use __made_policy as policy;
        })*
    };
}

twice!(one two);

fn main() {
    assert_eq!(demands::<__delimiters_policy>(), "authenticated; 10/60s by user");
    for demanded in [
        demands::<__raw_below_policy>(),
        demands::<__raw_above_policy>(),
        demands::<__under_cfg_attr_policy>(),
        demands::<__deep_under_cfg_attr_policy>(),
        demands::<__full_paths_policy>(),
        demands::<__through_two_facades_policy>(),
        demands::<__documented_as_public_policy>(),
        demands::<one::policy>(),
        demands::<two::policy>(),
    ] {
        assert_eq!(demanded, "role(admin); 10/60s by user");
    }
}
