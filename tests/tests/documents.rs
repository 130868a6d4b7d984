//! The documents as readers follow them: their commands run, their code is read by the tools that it is for.

mod documents {
    use auth_tests::http;

    mod blocks;
    mod console;
    mod guide;
    mod hashes;
    mod own_program;
    mod readme;
    mod security;
    mod tables;
}
