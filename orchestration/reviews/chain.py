"""The chain of frozen reviews: what one says, its hash, their order, and the recorded end.

Each review.json carries a SHA-256 of every file beside it, the hash of the review frozen before
it, and its own. The last hash, the chain's head, also stands outside the folder, in secrets/, and
in the event log of the run that froze it: a chain that was shortened or rewritten no longer ends
there. Checking all of it is in `verification.py`.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from orchestration.paths import Home
from orchestration.reviews.durable import replace_durably

REVIEW_FILE = "review.json"
_HEAD_FILE = "review_head.json"
SHA256 = "review_sha256"


@dataclass(frozen=True)
class Review:
    """One frozen revision of one quarter: its folder, and what its review.json says."""

    folder: Path
    content: dict[str, Any]

    @property
    def sequence(self) -> int:
        """Its place in the chain, from 1, in the order of freezing."""
        return int(self.content["sequence"])

    @property
    def quarter(self) -> str:
        """Label of the quarter, `2026-Q2`."""
        return str(self.content["quarter"])

    @property
    def revision(self) -> int:
        """Number of the revision, from 1."""
        return int(self.content["revision"])

    @property
    def sha256(self) -> str:
        """The hash of review.json, which covers every file through its hash."""
        return str(self.content[SHA256])


def seal(content: dict[str, Any]) -> dict[str, Any]:
    """The content with its own hash added; the hash is over canonical JSON without it."""
    bare = {key: value for key, value in content.items() if key != SHA256}
    text = json.dumps(bare, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return {**bare, SHA256: hashlib.sha256(text.encode()).hexdigest()}


def read_chain(home: Home) -> list[Review]:
    """Every frozen review in the order of freezing; unreadable ones are left to `verify`."""
    reviews = [review for _, review in review_folders(home) if review is not None]
    return sorted(reviews, key=lambda review: review.sequence)


def review_folders(home: Home) -> Iterator[tuple[Path, Review | None]]:
    """Every folder of a revision, with its review, or None where review.json is not readable."""
    for folder in sorted(home.reviews.glob("quarter=*/revision=*")):
        try:
            content = json.loads((folder / REVIEW_FILE).read_bytes())
            review = Review(folder, content)
            review.sequence, review.revision, review.quarter, review.sha256  # noqa: B018
        except (OSError, ValueError, KeyError, TypeError):
            yield folder, None
        else:
            yield folder, review


def write_head(home: Home, last: str | None, following: str | None = None) -> None:
    """Record the chain's end; `following` is the review that is about to be renamed into place.

    Recording it beforehand keeps a crash between the two steps from looking like tampering.
    """
    content = json.dumps({"last": last, "following": following}).encode()
    replace_durably(home.secrets / _HEAD_FILE, content)


def read_head(home: Home) -> tuple[str | None, str | None]:
    """The recorded (last, following) hashes; (None, None) where nothing was ever frozen."""
    try:
        head = json.loads((home.secrets / _HEAD_FILE).read_bytes())
    except FileNotFoundError:
        return None, None
    return head["last"], head["following"]
