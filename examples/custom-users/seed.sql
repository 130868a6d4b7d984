-- The database of an application that had users before it had auth-runtime. The people are made up. Their passwords:
--
--   ada@example.org       tulips in april
--   Ben.Ortiz@example.org seven grey herons
--   chi@example.org       a kettle on the moon
--   dov@example.org       marmalade at dawn
--
-- With AUTOINCREMENT, no new user gets the id of a deleted one. A table without it must not delete users: a new user
-- with a former id would own the former user's sessions and API keys.
CREATE TABLE users (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    email        TEXT    NOT NULL UNIQUE,
    pw_hash      TEXT    NOT NULL,
    display_name TEXT    NOT NULL,
    is_disabled  INTEGER NOT NULL DEFAULT 0,
    joined       TEXT    NOT NULL DEFAULT CURRENT_TIMESTAMP
);

INSERT INTO users (id, email, pw_hash, display_name, is_disabled, joined) VALUES
    (1, 'ada@example.org', '$2b$10$.pouAY02vbDw1Ba7mYxod.yATc4B1FFiFzCrF7tpZHVBEjXymTsk6', 'Ada Quist', 0, '2016-04-11 08:02:45'),
    (2, 'Ben.Ortiz@example.org', '$2b$10$Gjc0TvkqFcM49hyOs4/06OyHLzqh6XaCwED/iG1Y5NTx1q2v5mwCS', 'Ben Ortiz', 0, '2017-09-30 21:15:00'),
    (5, 'chi@example.org', '$2b$10$whEsXtTGlAioJXfD3fBbleF7SFqFzH7ceU6hSCa6th7Mw2SV0AkjK', 'Chi Okafor', 0, '2020-01-02 12:00:00'),
    (9, 'dov@example.org', '$2b$10$Va5Xk9VWa12tUfsvLJC5IOCFDC538FdZjDHujJRBYa1jgAOGC9swO', 'Dov Lindgren', 1, '2022-06-17 05:40:10');
