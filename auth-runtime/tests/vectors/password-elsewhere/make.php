<?php
// WordPress 6.8 (`wp_hash_password` without filters) and Laravel 12 (`Hash::make`: `password_hash`).
$passwords = ["correct horse battery staple", "p", "pa\u{df}wo\u{308}rd \u{1f980}", str_repeat("x", 73), "  with space around\t"];
foreach ($passwords as $password) {
    $hash = '$wp' . password_hash(base64_encode(hash_hmac('sha384', trim($password), 'wp-sha384', true)), PASSWORD_BCRYPT, ['cost' => 4]);
    echo json_encode(['form' => 'wordpress bcrypt', 'password' => $password, 'encoded' => $hash], JSON_UNESCAPED_SLASHES), "\n";
}
foreach (array_slice($passwords, 0, 3) as $password) {
    $hash = password_hash($password, PASSWORD_BCRYPT, ['cost' => 4]);
    echo json_encode(['form' => 'laravel bcrypt', 'password' => $password, 'encoded' => $hash], JSON_UNESCAPED_SLASHES), "\n";
    $hash = password_hash($password, PASSWORD_ARGON2ID, ['memory_cost' => 1024, 'time_cost' => 2, 'threads' => 2]);
    echo json_encode(['form' => 'laravel argon2id', 'password' => $password, 'encoded' => $hash], JSON_UNESCAPED_SLASHES), "\n";
}
foreach (array_slice($passwords, 0, 4) as $at => $password) {
    foreach (['$5$', '$6$'] as $scheme) {
        $hash = crypt($password, $scheme . ($at % 2 ? '' : 'rounds=1001$') . ['saltstring', 'short', 'sixteencharacter', 'a.b/C9'][$at]);
        echo json_encode(['form' => $scheme === '$5$' ? 'sha256_crypt' : 'sha512_crypt', 'password' => $password, 'encoded' => $hash], JSON_UNESCAPED_SLASHES), "\n";
    }
}
// As the login form hands them over: `wp_magic_quotes` has put backslashes into `$_POST`, and `wp_signon` takes the password from there.
foreach (["it's", "say \"friend\" and enter", " back\\slash' "] as $password) {
    $hash = '$wp' . password_hash(base64_encode(hash_hmac('sha384', trim(addslashes($password)), 'wp-sha384', true)), PASSWORD_BCRYPT, ['cost' => 4]);
    echo json_encode(['form' => 'wordpress bcrypt by a form', 'password' => $password, 'encoded' => $hash], JSON_UNESCAPED_SLASHES), "\n";
}
