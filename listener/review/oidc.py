"""Logging in at the organisation's own provider: OpenID Connect's code flow with PKCE, every claim of it checked.

Sources: OpenID Connect Core 1.0 (3.1.3.7, what a token must hold), RFC 7636 (PKCE), RFC 9207 (who answers), RFC 9700
(what an attacker may try).
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import requests
from authlib.common.security import generate_token
from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from flask import abort, current_app, g, redirect, request, session, url_for
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from werkzeug.wrappers import Response

from listener.clock import read_time, rfc3339
from listener.doors import Oidc
from listener.errors import SourceError
from listener.language import N_, _
from listener.review.login import note, with_session
from listener.review.provider import Provider, guarded
from listener.review.safety import inside
from listener.review.shown import page
from listener.review.vouched import admitted, no_role
from listener.store.log_ins import STATE_LIVES, Outcome, use_state

STARTED = "oidc"  # what the visitor's own cookie holds until the provider sends them back
LEEWAY = 60  # seconds that two clocks may differ
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519"]
LONGEST = 200
NAMES = ("name", "preferred_username", "upn", "unique_name", "email")  # claims that call somebody something
TOO_OLD = N_("The log-in took too long, was begun in another window, or was used already: begin again.")
NOT_OURS = N_("The answer does not come from the organisation's log-in service, or was changed on its way.")
NO_ANSWER = N_("The organisation's log-in service does not answer as it should: try again in a moment.")
SAID_NO = N_("The organisation's log-in service did not log you in.")
Answer = Response | tuple[str, int]


class NotVouched(ValueError):
    """The provider's answer does not hold; the text says why, for the log of the page alone."""


def start() -> Answer:
    """Send the visitor to the provider, with what must come back unchanged."""
    provider = provider_here()
    target = inside(request.args.get("next"), url_for("queue"))
    state, nonce, verifier = generate_token(43), generate_token(43), generate_token(64)
    try:
        with guarded(g.config) as http:
            address = provider.described(http, g.now)["authorization_endpoint"]
    except SourceError:
        return refused(NO_ANSWER, 502)
    client = client_of(provider.oidc)
    sent, _state = client.create_authorization_url(address, state=state, nonce=nonce, code_verifier=verifier)
    client.close()
    began = {"state": state, "nonce": nonce, "verifier": verifier, "target": target, "at": rfc3339(g.now)}
    session[STARTED] = began
    return redirect(sent)


def come_back() -> Answer:
    """The visitor comes back from the provider: let in with a role of ours, or told why not."""
    provider = provider_here()
    began = session.pop(STARTED, None)
    sent = request.args.get("state", "")
    if not is_begun(began, sent) or not use_state(g.store, sent, g.now):
        note("", "oidc", Outcome.REFUSED)
        return refused(TOO_OLD, 400)
    if "error" in request.args:
        note("", "oidc", Outcome.REFUSED)
        return refused(SAID_NO, 403)
    try:
        claims = claims_of(provider, began)
    except (NotVouched, JoseError, OAuthError):
        note("", "oidc", Outcome.REFUSED)
        return refused(NOT_OURS, 403)
    except (SourceError, requests.RequestException):
        return refused(NO_ANSWER, 502)
    role = provider.oidc.roles.of(named(claims, provider.oidc.claims))
    person = admitted(provider.oidc.issuer, claims["sub"], shown_name(claims, provider.oidc), role, "oidc")
    if person is None:
        return no_role()
    return with_session(redirect(inside(began["target"], url_for("queue"))), person, role, "oidc")


def provider_here() -> Provider:
    """The provider that the settings name; without one there are no such pages."""
    provider: Provider | None = current_app.extensions.get("oidc")
    if provider is None:
        abort(404)
    return provider


def refused(told: str, code: int) -> tuple[str, int]:
    """A plain page; what exactly did not hold is no news for whoever tried."""
    return page("door.html", told=_(told)), code


def is_begun(began: object, sent: str) -> bool:
    """Whether this browser began the log-in that comes back, and not too long ago."""
    if not isinstance(began, dict) or not sent or not isinstance(began.get("state"), str):
        return False
    same = hmac.compare_digest(began["state"].encode(), sent.encode("utf-8", "replace"))
    age = g.now - read_time(str(began.get("at")))
    return same and age < STATE_LIVES


def client_of(oidc: Oidc, method: str | None = None) -> Any:
    """Authlib's client for this provider; the secret comes from the environment, and without one PKCE alone proves."""
    return OAuth2Session(
        oidc.client_id,
        g.config.secrets.get("LISTEN_OIDC_CLIENT_SECRET"),
        scope=" ".join(oidc.scopes),
        redirect_uri=url_for("oidc_return", _external=True),
        code_challenge_method="S256",
        token_endpoint_auth_method=method,
    )


def claims_of(provider: Provider, began: Mapping[str, str]) -> dict[str, Any]:
    """What the provider says of the visitor. Raises NotVouched, JoseError, OAuthError or SourceError."""
    with guarded(g.config) as http:
        described = provider.described(http, g.now)
        check_answers(described, provider.oidc.issuer)
        method = provider.method(described, bool(g.config.secrets.get("LISTEN_OIDC_CLIENT_SECRET")))
        client = client_of(provider.oidc, method)
        client.trust_env, client.max_redirects = False, 0
        for scheme in ("http://", "https://"):
            client.mount(scheme, http.requests.get_adapter(scheme))
        token = exchanged(client, described["token_endpoint"], began["verifier"]).get("id_token")
        if not isinstance(token, str):
            raise NotVouched("no id_token")
        claims = verified(token, provider, http, began["nonce"], g.now)
        if not named(claims, provider.oidc.claims) and "userinfo_endpoint" in described:
            claims |= asked_for(client, described["userinfo_endpoint"], claims["sub"])
        return claims


def exchanged(client: Any, address: str, verifier: str) -> Mapping[str, Any]:
    """What the provider gives for the code. Raises OAuthError when it refuses, NotVouched when it cannot be read."""
    code = request.args.get("code", "")
    try:
        tokens = client.fetch_token(address, code=code, grant_type="authorization_code", code_verifier=verifier)
    except (ValueError, TypeError, AttributeError, KeyError) as wrong:  # no JSON, or not of the shape it should have
        raise NotVouched("the answer for the code is unreadable") from wrong
    if not isinstance(tokens, Mapping):
        raise NotVouched("the answer for the code is no table")
    return tokens


def check_answers(described: Mapping[str, Any], issuer: str) -> None:
    """RFC 9207: the answer says whose it is, so that one provider's cannot be passed off as another's."""
    said = request.args.get("iss")
    if said is None and described.get("authorization_response_iss_parameter_supported") is True:
        raise NotVouched("the answer does not say whose it is")
    if said is not None and said != issuer:
        raise NotVouched("the answer is another issuer's")


def verified(token: str, provider: Provider, http: Any, nonce: str, now: datetime) -> dict[str, Any]:
    """The claims of an ID token, once signature, issuer, audience, times and nonce hold."""
    try:
        found = jwt.decode(token, provider.keys(http, now), algorithms=ALGORITHMS)
    except (JoseError, ValueError, TypeError):
        # Signed perhaps with a key that is newer than those at hand; asked for anew once a minute at most.
        found = _decoded(token, provider.keys(http, now, anew=True))
    claims = dict(found.claims)
    needed: Any = {
        "iss": {"essential": True, "value": provider.oidc.issuer},
        "aud": {"essential": True, "value": provider.oidc.client_id},
        "nonce": {"essential": True, "value": nonce},
        **{name: {"essential": True} for name in ("sub", "exp", "iat")},
    }
    jwt.JWTClaimsRegistry(now=int(now.timestamp()), leeway=LEEWAY, **needed).validate(claims)
    audience = claims["aud"]
    if isinstance(audience, list) and len(audience) > 1 and claims.get("azp") != provider.oidc.client_id:
        raise NotVouched("meant for several, and not handed to us")
    if "azp" in claims and claims["azp"] != provider.oidc.client_id:
        raise NotVouched("handed to somebody else")
    if not 0 < len(claims["sub"]) <= LONGEST:
        raise NotVouched("no subject")
    return claims


def _decoded(token: str, keys: KeySet) -> Any:
    try:
        return jwt.decode(token, keys, algorithms=ALGORITHMS)
    except (ValueError, TypeError) as wrong:  # a token that is no token, or a key of another kind
        raise NotVouched("unreadable") from wrong


def asked_for(client: Any, address: str, subject: str) -> dict[str, Any]:
    """What the provider tells only when asked. Raises NotVouched when it tells of somebody else."""
    answer = client.get(address)
    try:
        told = answer.json() if answer.ok else None
    except ValueError as wrong:
        raise NotVouched("userinfo is no JSON") from wrong
    if not isinstance(told, dict) or told.get("sub") != subject:
        raise NotVouched("userinfo is about somebody else")
    return {name: value for name, value in told.items() if name not in ("iss", "aud", "exp", "iat", "nonce", "azp")}


def named(claims: Mapping[str, Any], names: tuple[str, ...]) -> list[str]:
    """The groups and roles that the claims of these names hold."""
    found: list[str] = []
    for name in names:
        value = claims.get(name)
        listed = value if isinstance(value, list) else [value]
        found += [one for one in listed if isinstance(one, str)]
    return found


def shown_name(claims: Mapping[str, Any], oidc: Oidc) -> str:
    """What somebody is called: by the claim of the settings, else by another that says it."""
    values = (claims.get(name) for name in (oidc.name_claim, *NAMES, "sub"))
    return next(value[:LONGEST] for value in values if isinstance(value, str) and value.strip())
