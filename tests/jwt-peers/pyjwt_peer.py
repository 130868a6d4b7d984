"""PyJWT. README.md has the commands."""

import json
import sys

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from jwt.algorithms import ECAlgorithm, HMACAlgorithm, OKPAlgorithm, RSAAlgorithm

from claims import AUDIENCE, ISSUER, claims

SECRET = "3xQm-8fKz_pW0vNc7RtLhYb2UeAj5GsD"


def new_key(alg):
    """Returns a key for signing and its JWK."""
    if alg == "HS256":
        return SECRET, HMACAlgorithm.to_jwk(SECRET.encode(), as_dict=True)
    if alg == "ES256":
        key = ec.generate_private_key(ec.SECP256R1())
        return key, ECAlgorithm.to_jwk(key.public_key(), as_dict=True)
    if alg == "EdDSA":
        key = ed25519.Ed25519PrivateKey.generate()
        return key, OKPAlgorithm.to_jwk(key.public_key(), as_dict=True)
    key = rsa.generate_private_key(65537, 2048)
    return key, RSAAlgorithm.to_jwk(key.public_key(), as_dict=True)


def sign(alg, count, now):
    key, jwk = new_key(alg)
    jwk.pop("key_ops", None)
    print(json.dumps({"keys": [{**jwk, "kid": "peer", "alg": alg, "use": "sig"}]}))
    for index in range(count):
        print(jwt.encode(claims(index, now), key, algorithm=alg, headers={"typ": "at+jwt", "kid": "peer"}))


def verify(alg):
    keys = {key.key_id: key.key for key in jwt.PyJWKSet.from_json(sys.stdin.readline()).keys}
    count = 0
    for line in sys.stdin:
        header = jwt.get_unverified_header(line.strip())
        assert header["typ"] == "at+jwt"
        jwt.decode(line.strip(), keys[header["kid"]], algorithms=[alg], audience=AUDIENCE, issuer=ISSUER,
                   options={"require": ["exp", "iat", "iss", "aud", "sub", "jti"]})
        count += 1
    print(count)


if sys.argv[1] == "sign":
    sign(sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
else:
    verify(sys.argv[2])
