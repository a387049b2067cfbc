"""RFC 3161 timestamps: a third party's word that the manifest stood as it does, at a time, and no later."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from listener.errors import Changed, ConfigError, SourceError
from listener.http import Session
from listener.urls import shown_url

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

MISSING = "timestamps need the extra `evidence`: pip install 'listener[evidence]'"
MOST_BYTES = 100_000  # a token with its certificates is some 6 kB
_QUERY, _REPLY = "application/timestamp-query", "application/timestamp-reply"


def ask(session: Session, url: str, message: bytes) -> bytes:
    """The authority's whole answer (DER) over the SHA-256 of `message`. Raises SourceError, Changed or ConfigError."""
    try:
        from rfc3161_client import HashAlgorithm, TimestampRequestBuilder
    except ImportError as missing:
        raise ConfigError(MISSING) from missing
    import requests

    request = TimestampRequestBuilder().data(message).hash_algorithm(HashAlgorithm.SHA256).nonce(nonce=True).build()
    try:
        answer = session.requests.post(url, data=request.as_bytes(), headers={"Content-Type": _QUERY, "Accept": _REPLY})
    except requests.RequestException as failed:
        raise SourceError(f"{shown_url(url)}: no timestamp ({type(failed).__name__})") from failed
    if answer.status_code != 200 or len(answer.content) > MOST_BYTES:
        raise SourceError(f"{shown_url(url)} answers {answer.status_code}")
    if why := trouble_with(answer.content, message, request.nonce):
        raise Changed(f"{shown_url(url)}: no usable timestamp: {why}")
    return answer.content


def trouble_with(answer: bytes, message: bytes, nonce: int | None = None, root: Path | None = None) -> str:
    """Why a timestamp does not vouch for `message`, or nothing when it does.

    Without a `root` certificate its own must do: then it shows that nothing was altered since, not who signed it.
    Raises ConfigError when the extra is not installed.
    """
    try:
        from cryptography import x509
        from rfc3161_client import VerificationError, VerifierBuilder, decode_timestamp_response
    except ImportError as missing:
        raise ConfigError(MISSING) from missing
    try:
        decoded = decode_timestamp_response(answer)
        found = [x509.load_der_x509_certificate(each) for each in decoded.signed_data.certificates]
        roots = x509.load_pem_x509_certificates(root.read_bytes()) if root else _last(found)
        # no intermediates: the library trusts what it is given as such, and those of the token are known to it anyway
        VerifierBuilder(roots=roots, nonce=nonce).build().verify_message(decoded, message)
    except (VerificationError, ValueError, OSError) as wrong:
        return str(wrong)[:200] or type(wrong).__name__
    return ""


def _last(certificates: list[Certificate]) -> list[Certificate]:
    """The certificates that none of the others signed: the end of the chain that came along."""
    subjects = {each.subject for each in certificates}
    ends = [each for each in certificates if each.issuer not in subjects or each.issuer == each.subject]
    return ends or certificates[:1]
