#![deny(warnings)]
#![allow(dead_code)]

use auth_runtime::{protected, rate_limit};
use auth_tests::demands;

macro_rules! same {
    ($seconds:literal: $($handler:ident $policy:ident $unit:ident),*) => {$(
        #[protected]
        #[rate_limit(3/$unit)]
        async fn $handler() {}
)*
        pub(crate) fn all() {
            $(assert_eq!(demands::<$policy>(), concat!("authenticated; 3/", $seconds, "s by user"), stringify!($unit));)*
        }
    };
}

mod seconds {
    use super::*;
    same!(1: b __b_policy sec, c __c_policy secs, d __d_policy second, e __e_policy seconds);
}

mod minutes {
    use super::*;
    same!(60: b __b_policy min, c __c_policy mins, d __d_policy minute, e __e_policy minutes);
}

mod hours {
    use super::*;
    same!(3600: b __b_policy hour, c __c_policy hours);
}

mod days {
    use super::*;
    same!(86400: b __b_policy day, c __c_policy days);
}

fn main() {
    seconds::all();
    minutes::all();
    hours::all();
    days::all();
}
