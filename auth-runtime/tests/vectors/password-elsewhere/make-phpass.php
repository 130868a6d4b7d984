<?php
// WordPress 2.5 to 6.7 calls `(new PasswordHash(8, true))->HashPassword(trim($password))`.
require $argv[1]; // src/Hautelook/Phpass/PasswordHash.php of bordoni/phpass
$hasher = new Hautelook\Phpass\PasswordHash(8, true);
foreach (["correct horse battery staple", "p", "pa\u{df}wo\u{308}rd \u{1f980}"] as $password) {
    echo json_encode(['form' => 'phpass', 'password' => $password, 'encoded' => $hasher->HashPassword(trim($password))], JSON_UNESCAPED_SLASHES), "\n";
}
