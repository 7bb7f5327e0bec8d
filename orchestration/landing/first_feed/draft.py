"""Writing a first feed.yml: what was guessed is marked, what could not be guessed is asked for.

A required column without a guess stands as an empty value, and the feed stops until it is filled.
Values of the samples never stand in it, but for words that the contract itself has.
"""

import difflib
import json
import re
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from orchestration.landing.contracts import Column, load_contracts
from orchestration.landing.feeds import Feed, WrongFeed, load_feeds
from orchestration.landing.first_feed.matching import Match, Matches, Pairing, match, normal
from orchestration.landing.first_feed.samples import Field, Samples, look_at
from orchestration.paths import Home

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_.]*")
_YAML_WORDS = {"null", "true", "false", "yes", "no", "on", "off", "y", "n"}
_DATES = (
    (
        re.compile(r"(?<!\d)20\d{6}[T_-]?\d{6}(?!\d)"),
        "",
    ),  # the format depends on what stands between
    (re.compile(r"(?<!\d)20\d{2}-[01]\d-[0-3]\d(?!\d)"), "%Y-%m-%d"),
    (re.compile(r"(?<!\d)20\d{2}_[01]\d_[0-3]\d(?!\d)"), "%Y_%m_%d"),
    (re.compile(r"(?<!\d)20\d{2}[01]\d[0-3]\d(?!\d)"), "%Y%m%d"),
)
_RIVALS = 2  # other entities named beside the best


class DraftError(ValueError):
    """No draft can be made or written; the message says what to do."""


@dataclass(frozen=True)
class Draft:
    """A first feed.yml: its text, and the required columns that are still to be filled in."""

    name: str
    text: str
    entity: str
    missing: tuple[str, ...]


def draft_feed(
    home: Home, files: Sequence[Path], name: str | None = None, entity: str | None = None
) -> Draft:
    """Look at sample files of one feed and draft its feed.yml. Raises DraftError or SampleError."""
    if entity is not None and entity not in load_contracts():
        close = difflib.get_close_matches(entity, load_contracts(), n=1, cutoff=0.6)
        hint = f"did you mean {close[0]}?" if close else f"there are {', '.join(load_contracts())}"
        raise DraftError(f"there is no entity {entity!r}; {hint}")
    name = name or _name_of(files[0])
    if not re.fullmatch("[a-z0-9][a-z0-9_]*", name):
        fix = "give one with --name, of lower-case letters, digits and _"
        raise DraftError(f"{name!r} is no name for a feed; {fix}")
    if len({path.name for path in files}) < len(files):
        raise DraftError("two samples have one name; give each a name of its own")
    root = home.root if home.root.is_dir() else None
    with tempfile.TemporaryDirectory(prefix=".first-feed-", dir=root) as folder:
        samples = look_at(files, Path(folder))
    matches = match(samples, entity)
    best = matches.ranked[0]
    if not best.pairings and entity is None:
        fix = "name the entity it holds with --entity"
        raise DraftError(f"no column of {files[0]} looks like a column of any entity; {fix}")
    text = "\n".join(_lines(name, samples, matches)) + "\n"
    missing = tuple(column.name for column in best.missing)
    draft = Draft(name, text, best.contract.entity, missing)
    _check(draft)
    return draft


def write_draft(home: Home, draft: Draft) -> Path:
    """Write landing/<name>/feed.yml; raises DraftError where a feed of that name is there."""
    taken = [path for path in home.landing.rglob("feed.yml") if path.parent.name == draft.name]
    if taken:
        fix = "choose another --name, or edit it"
        raise DraftError(f"{taken[0]} is there already; {fix}")
    path = home.landing / draft.name / "feed.yml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(draft.text, encoding="utf-8")
    return path


def copy_samples(files: Sequence[Path], folder: Path) -> list[str]:
    """Copy samples beside their feed.yml with their times; names that were there already stay."""
    there = [file.name for file in files if (folder / file.name).exists()]
    for file in files:
        if file.name not in there:
            shutil.copy2(file, folder / file.name)
    return there


def _check(draft: Draft) -> None:
    """A draft must load, or stop at nothing but a column that is still to be filled in."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "landing" / draft.name / "feed.yml"
        path.parent.mkdir(parents=True)
        path.write_text(draft.text, encoding="utf-8")
        (loaded,) = load_feeds(path.parent.parent)
    if isinstance(loaded, WrongFeed) and not (
        draft.missing and loaded.problem.startswith("required column without a value")
    ):
        raise DraftError(f"the draft does not load: {loaded}")
    if isinstance(loaded, Feed) and draft.missing:
        raise DraftError(f"the draft loads without {', '.join(draft.missing)}")


def _lines(name: str, samples: Samples, matches: Matches) -> Iterator[str]:
    best = matches.ranked[0]
    names = [path.name for path in samples.files]
    globs, exported_at, from_name = _naming(names)
    rivals = [m.contract.entity for m in matches.ranked[1 : _RIVALS + 1]]
    yield f"# A first draft, made by looking at {_comment(', '.join(names))}."
    yield "# Check every line marked `guess`, fill in what is marked `required`, drop the exports"
    yield "# beside this file; `steelyard admit --dry-run` then shows what the door makes of them."
    yield from (f"# {_comment(note)}" for note in samples.notes)
    yield f"feed: {_scalar(name)}"
    yield f"files: {_scalar(globs)}" + ("  # guess: what changes from file to file is *")
    why = "from the date in the name" if from_name else "the names hold no date"
    yield f"exported_at: {_scalar(exported_at)}  # guess: {why}"
    yield "# expected_every: 1 day  # how often a new file comes, if `steelyard status` is to watch"
    yield from _read_lines(samples, matches)
    yield "entities:"
    if rivals:
        yield f"  # guess: {best.contract.entity} fits best; next came {' and '.join(rivals)}"
    yield from _entity_lines(best, samples)
    yield from _masking_lines(best, matches.personal)


def _read_lines(samples: Samples, matches: Matches) -> Iterator[str]:
    read, conventions = samples.read, matches.conventions
    yield "read:"
    yield f"  format: {read.format}"
    if read.format == "csv":
        yield f"  delimiter: {_scalar(read.delimiter, always=True)}  # guess"
        if read.quote != '"':
            yield f"  quote: {_scalar(read.quote, always=True)}  # guess"
        if read.escape != '"':
            yield f"  escape: {_scalar(read.escape, always=True)}  # guess"
        if read.skip:
            yield f"  skip: {read.skip}  # guess: lines before the header"
    if read.columns:
        columns = ", ".join(read.columns)
        yield f"  columns: [{columns}]  # guess: there is no header; give the columns names"
    if read.records:
        yield f"  records: {_scalar(read.records)}  # guess: the array that holds the rows"
    if read.format != "parquet":
        yield f"  encoding: {read.encoding}  # guess"
    yield "  timezone: UTC  # guess: where times without an offset are meant, e.g. Europe/Berlin"
    nulls = ", ".join(_scalar(null, always=True) for null in conventions.nulls)
    yield f"  nulls: [{nulls}]  # guess: what stands for a missing value"
    if conventions.timestamp_formats:
        formats = ", ".join(_scalar(each, always=True) for each in conventions.timestamp_formats)
        yield f"  timestamp_formats: [{formats}]  # guess: check that day and month are right"


def _entity_lines(best: Match, samples: Samples) -> Iterator[str]:
    yield f"  {best.contract.entity}:"
    yield "    select:"
    for column in best.contract.columns:
        pairing = best.pairings.get(column.name)
        if pairing is not None:
            yield f"      {column.name}: {_scalar(pairing.sql)}  # {_why(pairing)}"
        elif column.required:
            yield f"      {column.name}: null  # required: {_asked(column)}"
    others = [c.name for c in best.contract.columns if not c.required]
    unmapped = [name for name in others if name not in best.pairings]
    if unmapped:
        yield f"      # not mapped: {', '.join(unmapped)}"
    used = {pairing.field.name for pairing in best.pairings.values()}
    unused = [each.sql for each in samples.fields if each.name not in used]
    if unused:
        yield f"      # columns of the file that nothing uses: {_comment(', '.join(unused))}"
    if samples.nested:
        lists = _comment(", ".join(samples.nested))
        yield f"      # lists within a row, which only a `query` with unnest can map: {lists}"


def _masking_lines(best: Match, personal: Sequence[Field]) -> Iterator[str]:
    """Personal columns that the entity does not mask, named so that no rejected row shows them."""
    masked = {pairing.field.name for pairing in best.pairings.values() if pairing.column.masked}
    bare = [each for each in personal if each.name not in masked]
    if not bare:
        return
    if best.contract.entity == "customers":
        names = _comment(", ".join(each.sql for each in bare))
        yield f"  # personal, it seems, and shown where a row is refused: {names}; export without"
        return
    yield "  # guess: personal values; mapped to nothing, so that refused rows show them as ***"
    yield "  customers:"
    yield '    where: "false"'
    yield "    select:"
    yield f"      customer_id: {_scalar(bare[0].sql)}"
    yield f"      email: {_scalar(' || '.join(f'({each.sql})' for each in bare))}"


def _asked(column: Column) -> str:
    if column.values:
        return f"one of {', '.join(column.values)}, by a column or as a constant \"'…'\""
    if column.key:
        return "what tells one row from the others; join columns as \"day || '-' || shop\""
    return "say which column, or write a constant as \"'…'\""


def _why(pairing: Pairing) -> str:
    need = "required, guess" if pairing.column.required else "guess"
    if pairing.taken < 1 and pairing.field.values:
        need += f": the door takes {int(pairing.taken * 100)} % of the sampled values"
    is_price = normal(pairing.field.name).endswith("price")
    if pairing.column.name == "line_amount" and is_price:
        need += "; if it is the price of one piece, multiply by the quantity"
    return need


def _name_of(path: Path) -> str:
    stem = path.name.split(".", 1)[0]
    for pattern, _ in _DATES:
        stem = pattern.sub("", stem)
    kept = re.sub(r"[^a-z0-9]+", "_", normal(stem))
    return kept.strip("_")


def _naming(names: Sequence[str]) -> tuple[str, str, bool]:
    """The glob of all files, `exported_at`, and whether the names tell it."""
    for pattern, form in _DATES:
        found = [pattern.search(name) for name in names]
        dates = [each for each in found if each]
        if len(dates) < len(names) or any(c in name for name in names for c in "()%"):
            continue
        between = re.sub(r"\d", "", dates[0].group())
        form = form or f"%Y%m%d{between}%H%M%S"
        around = {
            (name[: d.start()], name[d.end() :]) for name, d in zip(names, dates, strict=True)
        }
        before = _common([pair[0] for pair in around])
        after = _common([re.sub(r"\d+(?=\.)", "*", pair[1]) for pair in around])
        return f"{before}*{after}".replace("**", "*"), f"{before}({form}){after}", True
    return _common(names), "file_modified", False


def _common(texts: Sequence[str]) -> str:
    """A glob for all texts: what they share at both ends, with * between."""
    first, *others = (re.sub(r"([\[?])", r"[\1]", text) for text in sorted(set(texts)))
    if not others:
        return first
    start = min(_shared(first, other) for other in others)
    end = min(_shared(first[::-1], other[::-1]) for other in others)
    end = min(end, *(len(text) - start for text in (first, *others)))
    return f"{first[:start]}*{first[len(first) - end :] if end else ''}"


def _shared(one: str, other: str) -> int:
    return next(
        (place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b),
        min(len(one), len(other)),
    )


def _scalar(text: str, always: bool = False) -> str:
    """Text as a YAML scalar: bare where that is safe, else in double quotes."""
    if not always and _PLAIN.fullmatch(text) and text.lower() not in _YAML_WORDS:
        return text
    return _escaped(json.dumps(text, ensure_ascii=False))


def _comment(text: str) -> str:
    """Text within a comment: one line, whatever the file's names hold."""
    return _escaped(" ".join(text.split()))


def _escaped(text: str) -> str:
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text)
