"""Hashes of the door: of files, and the keyed hash that personal values become.

Belongs here: SHA-256 of files, the home's HMAC key, HMAC-SHA-256 as a SQL expression. Which columns
are hashed is said by the contracts.
"""

import hashlib
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from orchestration.paths import Home

_BLOCK = 64  # bytes, of SHA-256
_KEY_BYTES = 32
_BLANKS = "' ' || chr(9) || chr(10) || chr(13)"


@dataclass(frozen=True)
class HashKey:
    """The HMAC key of a home. It never appears in SQL text: statements take it as parameters."""

    key: bytes

    @property
    def key_id(self) -> str:
        """Says whether two lakes were hashed with one key, without telling the key."""
        return hashlib.sha256(b"steelyard key id" + self.key).hexdigest()[:16]

    def parameters(self) -> dict[str, bytes]:
        """The padded keys that `hmac_sql` refers to."""
        block = self.key.ljust(_BLOCK, b"\0")
        return {
            "inner_pad": bytes(byte ^ 0x36 for byte in block),
            "outer_pad": bytes(byte ^ 0x5C for byte in block),
        }


def hmac_sql(value: str) -> str:
    """SQL for HMAC-SHA-256 (hex) of a text expression, trimmed and lower-cased first."""
    message = f"encode(lower(trim({value}, {_BLANKS})))"
    return f"sha256($outer_pad || unhex(sha256($inner_pad || {message})))"


def load_hash_key(home: Home) -> HashKey:
    """The key in secrets/hmac.key; made (mode 0600) when there is none yet."""
    path = home.secrets / "hmac.key"
    if not path.exists():
        home.secrets.mkdir(mode=0o700, parents=True, exist_ok=True)
        scratch = path.with_name(f"{path.name}.{os.getpid()}.tmp")
        descriptor = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_hex(_KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
        scratch.replace(path)
    return HashKey(bytes.fromhex(path.read_text().strip()))


def file_sha256(path: Path) -> str:
    """SHA-256 (hex) of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
