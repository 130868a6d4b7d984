"""The FastAPI guide's way to protect a handler: a dependency that verifies the token, and one more for the role.

Serves one worker with uvloop and httptools on the port that is given; keys and names come from the environment.
"""

import os
import sys
from typing import Annotated

import jwt
import uvicorn
from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import OAuth2PasswordBearer
from pydantic import BaseModel

SECRET, ISSUER, AUDIENCE = (os.environ[name] for name in ("BENCH_SECRET", "BENCH_ISSUER", "BENCH_AUDIENCE"))

app = FastAPI()
token_in_header = OAuth2PasswordBearer(tokenUrl="token")


class Caller(BaseModel):
    subject: str
    roles: list[str] = []


async def caller(token: Annotated[str, Depends(token_in_header)]) -> Caller:
    try:
        claims = jwt.decode(token, SECRET, algorithms=["HS256"], issuer=ISSUER, audience=AUDIENCE)
        return Caller(subject=claims["sub"], roles=claims.get("roles", []))
    except (jwt.InvalidTokenError, KeyError):
        raise HTTPException(401, "Could not validate credentials", {"WWW-Authenticate": "Bearer"})


async def admin(caller: Annotated[Caller, Depends(caller)]) -> Caller:
    if "admin" not in caller.roles:
        raise HTTPException(403, "Not enough permissions")
    return caller


@app.get("/")
async def hello(_: Annotated[Caller, Depends(admin)]) -> dict[str, str]:
    return {"message": "hello"}


if __name__ == "__main__":
    uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), loop="uvloop", http="httptools", access_log=False, log_level="warning")
