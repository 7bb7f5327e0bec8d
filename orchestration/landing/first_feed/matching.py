"""Which entity the samples hold, and which column gives which of its columns.

A pairing is judged by two things: how near the names are, and what share of the sampled values the
door itself would take there, by the same SQL with which it casts.
"""

import atexit
import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache

import duckdb

from orchestration.landing.checks import clean_sql, readings, typed_sql
from orchestration.landing.contracts import Column, Contract, load_contracts
from orchestration.landing.conventions import Conventions
from orchestration.landing.first_feed.samples import Field, Samples
from orchestration.landing.first_feed.words import PERSONAL, names_of
from orchestration.landing.sql_text import literal

_NEAR_ENOUGH = 0.55  # of a pairing's score
_TAKEN_ENOUGH = 0.5  # of the values
_REQUIRED, _OPTIONAL, _MISSING = 2.0, 0.8, 1.4  # weights of an entity's score
_NAMED_AFTER = 1.5  # what an entity gains whose name the file's name holds
_NULL_WORDS = ("NULL", "null", "\\N", "NaN", "nan", "?", "N/A", "n/a")
_FORMATS = tuple(
    f"{day}{clock}"
    for day in ("%d/%m/%Y", "%d.%m.%Y", "%m/%d/%Y", "%d-%m-%Y", "%Y%m%d")
    for clock in (" %H:%M:%S", " %H:%M", "")
)
_ISO = "USD EUR GBP CNY JPY BRL CAD AUD CHF SEK NOK DKK PLN INR KRW HKD SGD"
_CURRENCIES = frozenset(_ISO.split())
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
# Ways to write numbers that need an expression: what all values then look like, and the SQL. Looks
# decide and not what can be cast: 1.234,50 without its comma is a number too, and another one.
_NUMBERS = (
    (r"[-+]?[0-9]+(,[0-9]{1,2})?", "replace({}, ',', '.')"),
    (r"[-+]?[0-9]{1,3}([.][0-9]{3})*(,[0-9]+)?", "replace(replace({}, '.', ''), ',', '.')"),
    (r"[-+]?([0-9]{1,3}(,[0-9]{3})*|[0-9]+)([.][0-9]+)?", "replace({}, ',', '')"),
    (r"[$€£¥]? ?[0-9]+([.][0-9]+)?", "ltrim({}, '$€£¥ ')"),
)
# Parts of names that say little: two names that share no other part are not near.
_SAID_OFTEN = "amount at by code count date id kind name no number on time total type value"
_COMMON = frozenset(_SAID_OFTEN.split())


@dataclass(frozen=True)
class Pairing:
    """One contract column and what would give it; `taken` is the share of values that fit."""

    column: Column
    field: Field
    sql: str
    score: float
    taken: float


@dataclass(frozen=True)
class Match:
    """An entity, the pairings found for it, and how well it fits."""

    contract: Contract
    pairings: dict[str, Pairing]
    score: float

    @property
    def missing(self) -> list[Column]:
        """Required columns that nothing was found for."""
        return [c for c in self.contract.columns if c.required and c.name not in self.pairings]


@dataclass(frozen=True)
class Matches:
    """Entities from the best fit on, and the conventions that the values showed."""

    ranked: list[Match]
    conventions: Conventions
    personal: list[Field] = field(default_factory=list)
    """Fields that seem to hold personal values."""


def match(samples: Samples, entity: str | None = None) -> Matches:
    """Match the samples' fields with every contract, or with that of `entity` alone."""
    contracts = load_contracts()
    wanted = [contracts[entity]] if entity else list(contracts.values())
    conventions = _conventions(samples.fields)
    ranked = [_match(contract, samples, conventions) for contract in wanted]
    ranked.sort(key=lambda found: (not found.pairings, -found.score, found.contract.entity))
    return Matches(ranked, conventions, [each for each in samples.fields if _is_personal(each)])


def _match(contract: Contract, samples: Samples, conventions: Conventions) -> Match:
    candidates = sorted(
        _pairings(contract, samples.fields, conventions),
        key=lambda each: (-each.score, each.column.name, each.field.name),
    )
    chosen: dict[str, Pairing] = {}
    for each in candidates:
        used = {pairing.field.name for pairing in chosen.values()}
        if each.column.name not in chosen and each.field.name not in used:
            chosen[each.column.name] = each
    ordered = {c.name: chosen[c.name] for c in contract.columns if c.name in chosen}
    gained = sum(
        each.score * (_REQUIRED if each.column.required else _OPTIONAL) for each in chosen.values()
    )
    lacking = sum(c.required and c.name not in chosen for c in contract.columns)
    named = _NAMED_AFTER if _is_named_after(contract.entity, samples) else 0.0
    return Match(contract, ordered, gained - _MISSING * lacking + named)


def _is_named_after(entity: str, samples: Samples) -> bool:
    words = {entity, entity.removesuffix("s")}
    return all(
        any(f"_{word}_" in f"_{normal(path.name)}_" for word in words) for path in samples.files
    )


def _pairings(
    contract: Contract, fields: Sequence[Field], conventions: Conventions
) -> Iterator[Pairing]:
    for column in contract.columns:
        for each in fields:
            near = _nearness(contract.entity, column, each)
            if near < _NEAR_ENOUGH:
                continue
            sql, taken = _reading(column, each, conventions)
            if taken >= _TAKEN_ENOUGH and near * (0.5 + taken / 2) >= _NEAR_ENOUGH:
                yield Pairing(column, each, sql, near * (0.5 + taken / 2), taken)


def _nearness(entity: str, column: Column, each: Field) -> float:
    """How near the field's name is to one of the column's names, or its values to its kind."""
    written = normal(each.name)
    names = names_of(entity, column.name)
    near = max(
        _similarity(written, name) * (1.0 if place == 0 else 0.96 - 0.004 * min(place, 20))
        for place, name in enumerate(names)
    )
    values = set(each.values)
    if column.name == "email" and values and all(_EMAIL.fullmatch(value) for value in values):
        near = max(near, 0.85)
    if column.name == "currency" and values and values <= _CURRENCIES:
        near = max(near, 0.85)
    if column.values and values and values <= set(column.values):
        near = max(near, 0.7)
    return near


@cache
def _similarity(written: str, name: str) -> float:
    if written == name:
        return 1.0
    last = written.rsplit(".", 1)[-1]
    if last == name:
        return 0.95
    ours, theirs = set(re.split(r"[_.]", written)), set(name.split("_"))
    shared = len(ours & theirs) / len(ours | theirs) if (ours & theirs) - _COMMON else 0.0
    ratio = difflib.SequenceMatcher(None, last, name).ratio()
    return max(0.5 + 0.4 * shared if shared >= 0.5 else 0.0, 0.85 * ratio if ratio >= 0.8 else 0.0)


def normal(name: str) -> str:
    """A name in lower case with underscores: `OrderDate` and `Order Date` are `order_date`."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name.strip())
    return re.sub(r"[^\w.]+", "_", spaced).strip("_.").lower()


def _reading(column: Column, each: Field, conventions: Conventions) -> tuple[str, float]:
    """The expression under which the door takes most of the values, and that share."""
    taken = _taken(column, each, "{}", conventions)
    if taken == 1 or not each.values:
        return each.sql, taken
    if column.values:
        return _translated(column, each)
    if column.data_type.startswith(("decimal", "bigint")) and each.sql_type == "VARCHAR":
        there = [value for value in each.values if value not in conventions.nulls]
        for looks, form in _NUMBERS:
            if all(re.fullmatch(looks, value.strip()) for value in there):
                return form.format(each.sql), _taken(column, each, form, conventions)
    return each.sql, taken


def _taken(column: Column, each: Field, form: str, conventions: Conventions) -> float:
    """Share of the sampled values that become the contract's type and keep its rules."""
    if not each.values:
        return 0.5 if not column.required else 0.0
    found = _cast(column, each.values, form, conventions)
    fitting = [value for value in found if value is not None]
    if column.values:
        fitting = [value for value in fitting if value in column.values]
    if column.pattern:
        fitting = [value for value in fitting if re.search(column.pattern, value)]
    return len(fitting) / len(found) if found else 0.5


@cache
def _database() -> duckdb.DuckDBPyConnection:
    """A database that only casts; opening one for each column is slow."""
    connection = duckdb.connect()
    atexit.register(connection.close)
    atexit.register(_database.cache_clear)
    connection.execute("set TimeZone = 'UTC'")
    return connection


@cache
def _cast(
    column: Column, values: tuple[str, ...], form: str, conventions: Conventions
) -> tuple[str | None, ...]:
    """The values that are there, each as the door casts it, as text; NULL where it refuses."""
    value, kind = clean_sql(form.format("v"), "VARCHAR", conventions)
    read = readings("c", kind, column, conventions)
    typed = typed_sql("c", kind, column, conventions, read)
    rows = _database().execute(
        f"select cast({typed} as varchar) from (select {value} as c from unnest($values) as t(v)) "
        "where c is not null",
        {"values": list(values)},
    )
    return tuple(row[0] for row in rows.fetchall())


def _translated(column: Column, each: Field) -> tuple[str, float]:
    """Words that the contract has, under other spellings; other words stay and are refused."""
    words = sorted(set(each.values))
    known = {
        word: close[0]
        for word in words
        if (close := difflib.get_close_matches(word.lower(), column.values, n=1, cutoff=0.75))
    }
    taken = sum(value in known for value in each.values) / len(each.values)
    others = {word: meant for word, meant in known.items() if word != meant}
    if not others:
        return each.sql, taken
    whens = " ".join(f"when {literal(w)} then {literal(meant)}" for w, meant in others.items())
    return f"case {each.sql} {whens} else {each.sql} end", taken


def _conventions(fields: Sequence[Field]) -> Conventions:
    """Words for a missing value and formats of instants that the fields show; the zone is UTC."""
    nulls = [w for w in _NULL_WORDS if any(w in f.values and set(f.values) > {w} for f in fields)]
    conventions = Conventions("UTC", ("", *nulls))
    formats: list[str] = []
    for each in fields:
        instant = Column("at", "timestamp")
        if each.sql_type != "VARCHAR" or not re.search("[0-9]", "".join(each.values[:5])):
            continue
        found = _cast(instant, each.values, "{}", conventions)
        if found and None not in found:
            continue
        formats += [f for f in _formats_of(each, conventions) if f not in formats]
    return Conventions("UTC", conventions.nulls, tuple(formats))


def _formats_of(each: Field, conventions: Conventions) -> list[str]:
    """The first format that reads every value of a field, unless plain numbers seem meant."""
    instant = Column("at", "timestamp")
    separated = any(set("/.-:") & set(value) for value in each.values)
    for text in _FORMATS if separated else ():
        tried = Conventions("UTC", conventions.nulls, (text,))
        found = _cast(instant, each.values, "{}", tried)
        if found and None not in found:
            return [text]
    return []


def _is_personal(each: Field) -> bool:
    last = normal(each.name).rsplit(".", 1)[-1]
    emails = bool(each.values) and all(_EMAIL.fullmatch(value) for value in each.values)
    return last in PERSONAL or emails
