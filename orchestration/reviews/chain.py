"""The chain of frozen reviews: their hashes, their order, and what proves that none was touched.

Each review.json carries a SHA-256 of every file beside it, the hash of the review frozen before
it, and its own. The last hash, the chain's head, also stands outside the folder, in secrets/, and
in the event log of the run that froze it: a chain that was shortened or rewritten no longer ends
there.
"""

import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from orchestration.landing.hashing import file_sha256
from orchestration.paths import PRIVATE_FILE, Home

REVIEW_FILE = "review.json"
_HEAD_FILE = "review_head.json"
_HASH = "review_sha256"


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
        return str(self.content[_HASH])


def seal(content: dict[str, Any]) -> dict[str, Any]:
    """The content with its own hash added; the hash is over canonical JSON without it."""
    bare = {key: value for key, value in content.items() if key != _HASH}
    text = json.dumps(bare, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return {**bare, _HASH: hashlib.sha256(text.encode()).hexdigest()}


def read_chain(home: Home) -> list[Review]:
    """Every frozen review in the order of freezing; unreadable ones are left to `verify`."""
    reviews = [review for _, review in _folders(home) if review is not None]
    return sorted(reviews, key=lambda review: review.sequence)


def _folders(home: Home) -> Iterator[tuple[Path, Review | None]]:
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
    path = home.secrets / _HEAD_FILE
    unfinished = path.with_suffix(".tmp")
    write_durably(unfinished, json.dumps({"last": last, "following": following}).encode())
    unfinished.replace(path)
    sync_folder(home.secrets)


def read_head(home: Home) -> tuple[str | None, str | None]:
    """The recorded (last, following) hashes; (None, None) where nothing was ever frozen."""
    try:
        head = json.loads((home.secrets / _HEAD_FILE).read_bytes())
    except FileNotFoundError:
        return None, None
    return head["last"], head["following"]


def verify(home: Home) -> list[str]:
    """Check every frozen file and the chain; returns what is wrong, in words."""
    problems: list[str] = []
    for folder, review in _folders(home):
        name = folder.relative_to(home.reviews).as_posix()
        if review is None:
            problems.append(f"{name}/{REVIEW_FILE}: missing or not readable")
        else:
            problems += [f"{name}/{problem}" for problem in _wrong_in(review)]
    return [*problems, *_wrong_in_chain(home)]


def _wrong_in(review: Review) -> Iterator[str]:
    """Problems of one review's own files."""
    if seal(review.content)[_HASH] != review.sha256:
        yield f"{REVIEW_FILE}: its content has another hash than it states"
    stated = dict(review.content["files"])
    found = {
        path.relative_to(review.folder).as_posix(): path
        for path in review.folder.rglob("*")
        if path.is_file() and path.name != REVIEW_FILE
    }
    for name, description in stated.items():
        if name not in found:
            yield f"{name}: missing"
        elif file_sha256(found[name]) != description["sha256"]:
            yield f"{name}: changed since it was frozen"
    for name in sorted(found.keys() - stated.keys()):
        yield f"{name}: not part of the review"


def _wrong_in_chain(home: Home) -> Iterator[str]:
    """Problems of the order: gaps, a broken link, an end that is not the recorded one."""
    chain = read_chain(home)
    previous: str | None = None
    for place, review in enumerate(chain, start=1):
        name = f"{review.quarter} revision {review.revision}"
        if review.sequence != place:
            yield f"{name}: stands at place {place} of the chain but says {review.sequence}"
        if review.content["previous_sha256"] != previous:
            yield f"{name}: does not follow the review frozen before it"
        previous = review.sha256
    last, following = read_head(home)
    if previous not in {last, following or last}:
        yield "the chain does not end at the recorded head: a review was removed or rewritten"


def write_durably(path: Path, content: bytes) -> None:
    """Write a private file and force it to the disk."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, PRIVATE_FILE)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Force a folder's entries to the disk, so that a rename in it survives a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
