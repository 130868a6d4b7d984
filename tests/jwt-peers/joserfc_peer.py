"""joserfc. README.md has the commands."""

import json
import sys

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, OctKey, OKPKey, RSAKey

from claims import AUDIENCE, ISSUER, claims


def new_key(alg):
    parameters = {"kid": "peer", "alg": alg, "use": "sig"}
    if alg == "HS256":
        return OctKey.generate_key(256, parameters)
    if alg == "ES256":
        return ECKey.generate_key("P-256", parameters)
    if alg == "EdDSA":
        return OKPKey.generate_key("Ed25519", parameters)
    return RSAKey.generate_key(2048, parameters)


def sign(alg, count, now):
    key = new_key(alg)
    print(json.dumps({"keys": [key.as_dict(private=alg == "HS256")]}))
    header = {"typ": "at+jwt", "alg": alg, "kid": "peer"}
    for index in range(count):
        print(jwt.encode(header, claims(index, now), key, algorithms=[alg]))


def verify(alg):
    keys = KeySet.import_key_set(json.loads(sys.stdin.readline()))
    registry = jwt.JWTClaimsRegistry(
        iss={"essential": True, "value": ISSUER}, aud={"essential": True, "value": AUDIENCE}, exp={"essential": True},
        sub={"essential": True}, jti={"essential": True})
    count = 0
    for line in sys.stdin:
        token = jwt.decode(line.strip(), keys, algorithms=[alg])
        assert token.header["typ"] == "at+jwt"
        registry.validate(token.claims)
        count += 1
    print(count)


if sys.argv[1] == "sign":
    sign(sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
else:
    verify(sys.argv[2])
