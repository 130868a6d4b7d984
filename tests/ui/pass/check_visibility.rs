#![deny(warnings, dead_code)]

//! The compiler watches over a check as over any function: it warns where no policy asks the check, and the check is
//! visible where the function is.

use auth_runtime::{authorize, check};
use auth_tests::demands;

#[check]
async fn private() -> bool {
    true
}

#[authorize(check(private))]
pub async fn asks_a_private_check() {}

#[expect(dead_code, reason = "no policy asks the check")]
#[check]
async fn unasked() -> bool {
    true
}

pub mod posts {
    use auth_runtime::{authorize, check};

    #[expect(dead_code, reason = "no policy asks the check")]
    #[check]
    pub(crate) async fn unasked() -> bool {
        true
    }

    #[check]
    pub(super) async fn owned() -> bool {
        true
    }

    #[check]
    pub async fn r#try() -> bool {
        true
    }

    #[check]
    async fn private() -> bool {
        true
    }

    #[authorize(check(private) || check(r#try))]
    pub async fn asks_a_private_check() {}
}

#[authorize(check(posts::owned))]
pub async fn asks_another_module() {}

fn main() {
    #[check]
    async fn local() -> bool {
        true
    }

    #[authorize(check(local))]
    async fn asks_a_local_check() {}

    let _ = asks_a_local_check;
    assert_eq!(demands::<__asks_a_private_check_policy>(), "check(private)");
    assert_eq!(demands::<posts::__asks_a_private_check_policy>(), "any(check(private), check(r#try))");
    assert_eq!(demands::<__asks_another_module_policy>(), "check(posts::owned)");
}
