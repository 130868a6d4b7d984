import json, sys
from passlib.hash import bcrypt_sha256, sha256_crypt, sha512_crypt, phpass, ldap_salted_sha256, ldap_salted_sha512
from werkzeug.security import generate_password_hash
import passlib, werkzeug
P=["correct horse battery staple","p","pa\u00dfwo\u0308rd \U0001f980", "x"*73]
def out(form,pw,enc): print(json.dumps({"form":form,"password":pw,"encoded":enc}))
for p in P:
    out("passlib bcrypt_sha256 v1",p,bcrypt_sha256.using(rounds=4,version=1).hash(p))
    out("passlib bcrypt_sha256 v2",p,bcrypt_sha256.using(rounds=4).hash(p))
    out("sha256_crypt",p,sha256_crypt.using(rounds=1000).hash(p))
    out("sha256_crypt",p,sha256_crypt.using(rounds=5000).hash(p))
    out("sha512_crypt",p,sha512_crypt.using(rounds=1000).hash(p))
    out("sha512_crypt",p,sha512_crypt.using(rounds=5000).hash(p))
    out("phpass",p,phpass.using(rounds=8).hash(p))
    out("phpBB 3",p,phpass.using(rounds=7,ident="$H$").hash(p))
    out("ldap_salted_sha256",p,ldap_salted_sha256.hash(p))
    out("ldap_salted_sha512",p,ldap_salted_sha512.using(salt_size=16).hash(p))
    out("werkzeug scrypt",p,generate_password_hash(p))
    out("werkzeug pbkdf2 sha256",p,generate_password_hash(p,method="pbkdf2:sha256:1000"))
    out("werkzeug pbkdf2 sha1",p,generate_password_hash(p,method="pbkdf2:sha1:1000"))
    out("werkzeug pbkdf2 sha512",p,generate_password_hash(p,method="pbkdf2:sha512:1000"))
for p in P[:3]:
    out("phpass",p,phpass.using(rounds=13).hash(p))
import bcrypt
out("truncated bcrypt","x"*80,bcrypt.hashpw(b"x"*80,bcrypt.gensalt(4)).decode())
out("truncated bcrypt","\u00e9"*60,bcrypt.hashpw("\u00e9".encode()*60,bcrypt.gensalt(4)).decode())
