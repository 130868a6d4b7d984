use std::{fs, path::Path};

use super::TARGETS;

/// The package lacks this folder, and this repository has it.
#[test]
fn inputs_that_were_found_hold() {
    let all = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/inputs");
    for (name, target) in TARGETS {
        target(b"");
        if !all.exists() {
            continue;
        }
        let inputs: Vec<_> = fs::read_dir(all.join(name)).unwrap_or_else(|_| panic!("{name} has no inputs")).collect();
        assert!(!inputs.is_empty(), "{name} has no inputs");
        for input in inputs {
            target(&fs::read(input.unwrap().path()).unwrap());
        }
    }
}
