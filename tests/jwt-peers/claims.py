"""Claims in the forms that issuers write, for the two libraries in Python."""

ISSUER = "https://peer.example"
AUDIENCE = "notes"


def claims(index, now):
    audience = AUDIENCE if index % 2 else ["other", AUDIENCE]
    return {
        "iss": ISSUER, "sub": f"user-{index} é😀\"\\/", "aud": audience, "exp": now + 3600 + (0.5 if index % 3 == 0 else 0),
        "iat": now, "nbf": now, "jti": f"{index:x}", "client_id": "web", "scope": "notes:read notes:write",
        "nested": {"list": [index, None, True, -1.5e-3]},
    }
