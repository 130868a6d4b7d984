//! Compiles and calls handlers in many shapes: `scripts/handler-shapes` runs it.
//!
//! ```sh
//! cargo run -p auth-tests --bin handler_shapes              # 2,400 handlers
//! cargo run -p auth-tests --bin handler_shapes -- 600 7     # 600 handlers, drawn with the seed 7
//! ```

use std::{env, process::ExitCode};

use auth_tests::shapes::{Trial, Verdict};

#[expect(clippy::print_stdout, reason = "the program's output")]
fn main() -> ExitCode {
    let mut arguments = env::args().skip(1).map(|argument| argument.parse::<u64>().ok());
    let handlers = arguments.next().flatten().and_then(|count| usize::try_from(count).ok()).unwrap_or(2400);
    let seed = arguments.next().flatten().unwrap_or(1);
    let Verdict { refused, new_warnings, wrong_answers, called } = Trial { handlers, seed }.run();
    for fault in refused.iter().chain(&new_warnings).chain(&wrong_answers) {
        println!("{fault}\n");
    }
    println!("{handlers} handlers, drawn with the seed {seed}: {called} called");
    println!("{} refused by the compiler", refused.len());
    println!("{} with new warnings", new_warnings.len());
    println!("{} wrong answers", wrong_answers.len());
    let is_clean = refused.is_empty() && new_warnings.is_empty() && wrong_answers.is_empty() && called == handlers;
    if is_clean { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
