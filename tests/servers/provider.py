"""A small OpenID provider on loopback that signs whatever a test wants said, and keeps the rules it is there for."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, OctKey

from listener.demo.serve import Reply, Request, Server, json_reply

CLIENT, SECRET = "granskning", "en-hemlighet-som-delas-0123456789"


class Provider:
    """`claims` are what it says of whoever logs in; `described` adds to its discovery document."""

    def __init__(self, now: int) -> None:
        self.now = now
        self.key = ECKey.generate_key("P-256", {"kid": "1"}, private=True)
        self.keys = KeySet([self.key])
        self.claims: dict[str, Any] = {"sub": "a-1", "name": "Anna Svensson", "groups": ["almby-beslut"]}
        self.described: dict[str, Any] = {}
        self.told: dict[str, Any] = {}
        self.token: str | None = None  # instead of the one it would sign
        self.signs_with: Any = None
        self.exchanged: Reply | None = None  # instead of its answer for a code
        self.asked = 0
        self.codes: dict[str, dict[str, str]] = {}
        self.server = Server(self)
        self.url = self.server.url

    def agree(self, address: str) -> dict[str, str]:
        """What a browser brings back that was sent to this address and whose person said yes."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert address.startswith(f"{self.url}/authorize?"), address
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        code = f"code-{len(self.codes)}"
        self.codes[code] = asked
        return {"code": code, "state": asked["state"]}

    def __call__(self, request: Request) -> Reply:
        self.asked += 1
        pages = {
            "/.well-known/openid-configuration": self.description,
            "/keys": lambda _request: json_reply(self.keys.as_dict(private=False)),
            "/token": self.exchange,
            "/me": lambda _request: json_reply(self.told),
        }
        page = pages.get(request.path)
        return page(request) if page else Reply(status=404)

    def description(self, _request: Request) -> Reply:
        said = {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/keys",
            "end_session_endpoint": f"{self.url}/end",
        }
        return json_reply(said | self.described)

    def exchange(self, request: Request) -> Reply:
        """A code for a token: once, for the client alone, and with the verifier its challenge was made from."""
        sent = {name: values[0] for name, values in parse_qs(request.body.decode()).items()}
        begun = self.codes.pop(sent.get("code", ""), None)
        expected = "Basic " + base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        if begun is None or request.headers.get("authorization") != expected:
            return json_reply({"error": "invalid_grant"}, 400)
        made = base64.urlsafe_b64encode(hashlib.sha256(sent["code_verifier"].encode()).digest()).rstrip(b"=").decode()
        if made != begun["code_challenge"] or sent["redirect_uri"] != begun["redirect_uri"]:
            return json_reply({"error": "invalid_grant"}, 400)
        if self.exchanged:
            return self.exchanged
        token = self.token or self.signed(begun["nonce"])
        return json_reply({"access_token": "tillträde", "token_type": "Bearer", "id_token": token})

    def signed(self, nonce: str, **others: Any) -> str:
        """An ID token with these claims; None takes one away."""
        claims = {
            "iss": self.url, "aud": CLIENT, "iat": self.now, "exp": self.now + 300, "nonce": nonce,
            **self.claims, **others,
        }  # fmt: skip
        kept = {name: value for name, value in claims.items() if value is not None}
        key = self.signs_with or self.key
        alg = "HS256" if isinstance(key, OctKey) else "ES256"
        return jwt.encode({"alg": alg, "kid": self.key.kid}, kept, key, algorithms=[alg])


def signed_with_public(token: str, key: ECKey) -> str:
    """The same claims, under a signature made with the public key as if it were a shared secret."""
    head = base64.urlsafe_b64encode(json.dumps({"alg": "HS256", "kid": key.kid}).encode()).rstrip(b"=")
    said = head + b"." + token.split(".")[1].encode()
    made = hmac.new(key.as_pem(private=False), said, "sha256").digest()
    return (said + b"." + base64.urlsafe_b64encode(made).rstrip(b"=")).decode()


def unsigned(token: str) -> str:
    """The same claims under no signature at all."""
    head = base64.urlsafe_b64encode(json.dumps({"alg": "none"}).encode()).rstrip(b"=").decode()
    return f"{head}.{token.split('.')[1]}."
