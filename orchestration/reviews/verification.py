"""Check frozen reviews: every file, every hash and signature, and the order of the chain.

Raising an alarm is all that happens here; nothing is mended. How reviews are written is in
`freeze.py`, what they look like in `chain.py`.
"""

from collections.abc import Iterator

from orchestration.landing.hashing import file_sha256
from orchestration.paths import Home
from orchestration.reviews.chain import (
    REVIEW_FILE,
    SHA256,
    Review,
    read_chain,
    read_head,
    review_folders,
    seal,
)
from orchestration.reviews.signing import SIGNATURE_FILE, public_key, wrong_signature


def verify(home: Home, kept_head: str | None = None) -> list[str]:
    """Check every frozen file and the chain; returns what is wrong, in words.

    `kept_head` is a head hash that was written down elsewhere (the command prints it, Dagster's
    event log and the build keep it): the chain must still hold that review. Without it, a chain
    is held against the head in secrets/, which whoever rewrites both can rewrite, too.
    """
    problems: list[str] = []
    for folder, review in review_folders(home):
        name = folder.relative_to(home.reviews).as_posix()
        if review is None:
            problems.append(f"{name}/{REVIEW_FILE}: missing or not readable")
        else:
            problems += [f"{name}/{problem}" for problem in _wrong_in(home, review)]
    return [*problems, *_wrong_in_chain(home), *_wrong_at(home, kept_head)]


def _wrong_in(home: Home, review: Review) -> Iterator[str]:
    """Problems of one review's own files."""
    if seal(review.content)[SHA256] != review.sha256:
        yield f"{REVIEW_FILE}: its content has another hash than it states"
    place = f"quarter={review.quarter}/revision={review.revision}"
    if not review.folder.as_posix().endswith(f"/{place}"):
        yield f"{REVIEW_FILE}: is of {place}, and stands in another folder"
    signed_by = review.content.get("signed_by")
    if signed_by is not None:
        yield from _wrong_signatures(home, review, signed_by)
    stated = dict(review.content["files"])
    beside = {REVIEW_FILE} | ({SIGNATURE_FILE} if signed_by is not None else set())
    found = {
        path.relative_to(review.folder).as_posix(): path
        for path in review.folder.rglob("*")
        if path.is_file() and path.relative_to(review.folder).as_posix() not in beside
    }
    for name, description in stated.items():
        if name not in found:
            yield f"{name}: missing"
        elif file_sha256(found[name]) != description["sha256"]:
            yield f"{name}: changed since it was frozen"
    for name in sorted(found.keys() - stated.keys()):
        yield f"{name}: not part of the review"


def _wrong_signatures(home: Home, review: Review, signed_by: str) -> Iterator[str]:
    if wrong := wrong_signature(review.folder, review.sha256, signed_by):
        yield wrong
    if (ours := public_key(home)) is not None and signed_by != ours:
        yield f"{SIGNATURE_FILE}: by another key than the one in secrets/"


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


def _wrong_at(home: Home, kept_head: str | None) -> Iterator[str]:
    """A kept head that no review of the chain has."""
    if kept_head is None:
        return
    wanted = kept_head.strip().lower()
    chain = read_chain(home)
    if wanted not in {review.sha256 for review in chain}:
        ends = f"{chain[-1].quarter} revision {chain[-1].revision}" if chain else "nothing"
        yield (
            f"no review of the chain has the kept head {wanted}: the review that had it, or one "
            f"before it, was removed or rewritten; the chain that is here ends at {ends}"
        )
