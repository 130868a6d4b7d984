//! The cases of `scripts/bench-instructions`, which counts the instructions in [`counted`] for each of them.
//!
//! The program prints the name of each case before it runs. `INSTRUCTIONS_CASES` selects the cases whose names have
//! this text, and `INSTRUCTIONS_CALLS` says how often each is called. Without it, the program only prints the names.
//! `INSTRUCTIONS_LARGE` takes the cases with a million records, too.
#![expect(clippy::print_stdout, reason = "a program that prints names")]

#[allow(dead_code, reason = "shared with the benchmark `guard`, which measures times")]
#[path = "guard/apps.rs"]
mod apps;
#[path = "instructions/growth.rs"]
mod growth;
#[path = "instructions/limits.rs"]
mod limits;
#[path = "instructions/requests.rs"]
mod requests;
#[allow(dead_code, reason = "shared with the benchmark `guard`, which measures times")]
#[path = "guard/rounds.rs"]
mod rounds;
#[allow(dead_code, reason = "shared with the benchmark `guard`, which measures times")]
#[path = "guard/sessions.rs"]
mod sessions;
#[path = "instructions/tokens.rs"]
mod tokens;

/// A case that is ready. Each call does its work once, and panics when the work has another result than expected.
pub(crate) type Call = Box<dyn FnMut()>;

/// A case by name. The function prepares it.
pub(crate) type Named = (String, Box<dyn Fn() -> Call>);

/// The number that ends the names of cases with a million records, which need gigabytes, and minutes under a counter.
const LARGE: &str = " 1000000";

/// The calls before the counted ones. They set up what the process sets up once, for example the random generator.
const FIRST: u32 = 3;

fn main() {
    let is_test = std::env::args().any(|argument| argument == "--test");
    let takes_large = std::env::var_os("INSTRUCTIONS_LARGE").is_some();
    let words = std::env::var("INSTRUCTIONS_CASES").unwrap_or_default();
    let calls = std::env::var("INSTRUCTIONS_CALLS").ok().map(|calls| calls.parse().expect("a number"));
    let cases = [requests::cases(), tokens::cases(), limits::cases(), growth::cases()];
    for (name, prepare) in cases.into_iter().flatten().filter(|(name, _)| name.contains(&words)) {
        let Some(calls) = calls.or(is_test.then_some(1)) else {
            println!("{name}");
            continue;
        };
        if takes_large || !name.ends_with(LARGE) {
            println!("{name}");
            let mut call = prepare();
            (0..FIRST).for_each(|_| call());
            counted(&mut call, calls);
            between();
        }
    }
}

/// Calls the case. The counter starts when it enters this function.
#[inline(never)]
fn counted(call: &mut Call, calls: u32) {
    (0..calls).for_each(|_| call());
}

/// The counter ends a case when it enters this function.
#[inline(never)]
fn between() {
    std::hint::black_box(());
}
