//! Counts the allocations of `web::hardened`. The test is a binary of its own, because it counts in the allocator of
//! the process.
#![cfg(feature = "web")]

#[path = "../benches/hardened/stacks.rs"]
mod stacks;

use allocation_counter::measure;
use axum::Router;
use stacks::{ORIGIN, call, has_all_fields};

fn allocations(app: &Router, origin: Option<&'static str>) -> (u64, u64) {
    // One request before counting keeps the set-up of the first use out of the count.
    drop(call(app, origin));
    let counted = measure(|| drop(call(app, origin)));
    (counted.count_total, counted.bytes_total)
}

#[tokio::test]
async fn the_layers_allocate_no_more_than_those_of_tower_http() {
    for origin in [None, Some(ORIGIN)] {
        let apps = [stacks::plain(), stacks::by_hand(), stacks::hardened()];
        for app in &apps[1..] {
            assert!(has_all_fields(&call(app, origin), origin));
        }
        let [plain, by_hand, ours] = apps.map(|app| allocations(&app, origin));
        assert!(ours.0 <= by_hand.0, "{origin:?}: {ours:?}, by hand {by_hand:?}, plain {plain:?}");
    }
}
