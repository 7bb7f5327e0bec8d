"""Ed25519 signatures of frozen reviews (RFC 8032), for companies that want them.

Belongs here: one key pair a home, signing a review's hash, checking a signature. A review says in
its sealed content by which public key it is signed, so that neither key nor signature can be left
out unnoticed; who has written that public key down elsewhere can tell a chain that was frozen
anew with another key.
"""

import json
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from orchestration.paths import Home
from orchestration.reviews.durable import replace_durably, write_durably

SIGNATURE_FILE = "review.sig"
_KEY_FILE = "review_signing_key.pem"


class SigningKeyExistsError(RuntimeError):
    """The home has a signing key; a second one would make the first one's reviews look foreign."""


def make_signing_key(home: Home) -> str:
    """Make the home's key pair in secrets/ (mode 0600); returns the public key in hex.

    Raises SigningKeyExistsError where there is one.
    """
    path = home.secrets / _KEY_FILE
    if path.exists():
        raise SigningKeyExistsError(
            f"{path} is there already; its public key is {public_key(home)}. Reviews signed with "
            "it are checked against it: move it away only to start signing with another"
        )
    key = Ed25519PrivateKey.generate()
    replace_durably(
        path,
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ),
    )
    return _hex(key.public_key())


def public_key(home: Home) -> str | None:
    """The home's public key in hex; None where reviews are not signed."""
    key = _private_key(home)
    return _hex(key.public_key()) if key else None


def sign(home: Home, folder: Path, sha256: str) -> None:
    """Write the signature of a review's hash beside it; nothing where the home has no key."""
    key = _private_key(home)
    if key is None:
        return
    content = {
        "public_key": _hex(key.public_key()),
        "signature": key.sign(bytes.fromhex(sha256)).hex(),
    }
    write_durably(folder / SIGNATURE_FILE, json.dumps(content).encode())


def wrong_signature(folder: Path, sha256: str, signed_by: str) -> str | None:
    """What is wrong with the signature of a review that says it is signed by this public key."""
    try:
        content = json.loads((folder / SIGNATURE_FILE).read_bytes())
        signature = bytes.fromhex(content["signature"])
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(signed_by)).verify(
            signature, bytes.fromhex(sha256)
        )
    except FileNotFoundError:
        return f"{SIGNATURE_FILE}: missing, though the review says it is signed"
    except (ValueError, KeyError, TypeError):
        return f"{SIGNATURE_FILE}: not readable as a signature"
    except InvalidSignature:
        return f"{SIGNATURE_FILE}: not the signature of this review by the key that it names"
    return None


def _private_key(home: Home) -> Ed25519PrivateKey | None:
    path = home.secrets / _KEY_FILE
    if not path.exists():
        return None
    key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise ValueError(f"{path} is not an Ed25519 key: put the one back that signed the reviews")
    return key


def _hex(key: Ed25519PublicKey) -> str:
    return key.public_bytes_raw().hex()
