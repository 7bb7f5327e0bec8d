"""Markov models in SQL against a dense solve in NumPy, on chains of random finite paths.

Chains of one example stand in one table as periods of one type, as in a warehouse.
"""

import random
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markov_reference import Chain, Path
from rendered_models import build, model_sql

ORDERS = (1, 2, 3)
Key = tuple[int, int, str]
MODELS = (
    "markov_transitions",
    "int_markov_chains",
    "int_markov_steps",
    "int_markov_effects_of_order_one",
    "int_markov_effects_of_higher_order",
    "markov_removal_effects",
)


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as opened:
        opened.execute("set threads = 2")
        opened.execute(
            "create table int_journey_specifications as select 1 as journey_specification_id,"
            " 1 as specification_id, 'keep' as direct_policy, 'purchase' as conversion_type,"
            " 1 as lowest_order"
        )
        opened.execute(
            "create table int_model_specifications as select 'markov_' || markov_order as model_id,"
            " 'markov' as family, 'purchase' as conversion_type, 1 as specification_id,"
            " 'keep' as direct_policy, markov_order"
            " from (select unnest([1, 2, 3]) as markov_order) as orders"
        )
        opened.execute(
            "create table int_markov_paths (period_grain varchar, period_start date,"
            " journey_specification_id bigint, path varchar, conversions bigint, nulls bigint,"
            " revenue decimal(18, 2), refunds decimal(18, 2), margin decimal(18, 2),"
            " new_customers bigint)"
        )
        yield opened


def _load(connection: duckdb.DuckDBPyConnection, chains: Sequence[Sequence[Path]]) -> None:
    """Chains as periods; each conversion is worth 1.01."""
    connection.execute("truncate int_markov_paths")
    rows = [
        ("month", _period(number), " > ".join(path.channels), path.conversions, path.nulls)
        for number, chain in enumerate(chains)
        for path in chain
    ]
    connection.executemany(
        "insert into int_markov_paths select ?, ?, 1, ?, n, ?, n * 1.01, 0, -n, n"
        " from (select cast(? as bigint) as n) as given",
        [(grain, start, path, nulls, n) for grain, start, path, n, nulls in rows],
    )


def _period(number: int) -> date:
    return date(2000, 1, 1) + timedelta(days=number)


def _effects(connection: duckdb.DuckDBPyConnection) -> dict[Key, tuple[float | None, ...]]:
    build(connection, *MODELS)
    rows = connection.execute(
        "select period_start - date '2000-01-01', markov_order, channel, removal_effect,"
        " credit_share, reach_probability, conversion_probability from markov_removal_effects"
    ).fetchall()
    return {(number, order, channel): tuple(values) for number, order, channel, *values in rows}


@st.composite
def _chains(draw: st.DrawFn) -> list[list[Path]]:
    return draw(st.lists(_paths(), min_size=4, max_size=12))


@st.composite
def _paths(draw: st.DrawFn) -> list[Path]:
    """Paths of one chain: loops, channels that never convert, channels that end every path."""
    channels = [f"channel_{number}" for number in range(draw(st.integers(2, 40)))]
    one = st.sampled_from(channels)
    never = draw(st.sets(one, max_size=2))
    last = draw(st.sets(one, max_size=2))
    loop = st.builds(
        lambda start, around, times: (*start, *around * times),
        st.lists(one, max_size=3),
        st.lists(one, min_size=1, max_size=3),
        st.integers(1, 6),
    )
    walk = st.lists(one, min_size=1, max_size=10).map(tuple)
    paths = []
    for drawn in draw(st.lists(st.one_of(walk, loop), min_size=1, max_size=40)):
        ends = [place for place, channel in enumerate(drawn) if channel in last]
        path = drawn[: ends[0] + 1] if ends else drawn
        conversions = 0 if never & set(path) else draw(st.integers(0, 4))
        nulls = draw(st.integers(0 if conversions else 1, 4))
        paths.append(Path(path, conversions, nulls))
    return paths


def _check(effects: dict[Key, tuple[float | None, ...]], chains: Sequence[Sequence[Path]]) -> None:
    expected = {
        (number, order): Chain(paths, order)
        for number, paths in enumerate(chains)
        for order in ORDERS
    }
    assert set(effects) == {
        (number, order, channel)
        for (number, order), chain in expected.items()
        for channel in chain.channels
    }
    for (number, order), chain in expected.items():
        found = {channel: effects[number, order, channel] for channel in chain.channels}
        if chain.conversion_probability() == 0:
            assert all(effect is None and share is None for effect, share, *_ in found.values())
            continue
        removals = chain.removal_effects()
        whole = sum(removals.values())
        for channel, (effect, share, reach, converts) in found.items():
            assert effect == pytest.approx(removals[channel], abs=1e-9)
            assert share == pytest.approx(removals[channel] / whole, abs=1e-9)
            if order == 1:
                state = chain.states.index((channel,))
                assert converts == pytest.approx(chain.solved()[state], abs=1e-9)
                assert reach is not None and converts is not None
                lost = removals[channel] * chain.conversion_probability()
                assert reach * converts == pytest.approx(lost, abs=1e-9)
            else:
                assert reach is None and converts is None


@settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(chains=_chains())
def test_removal_effects_are_those_of_a_dense_solve(
    connection: duckdb.DuckDBPyConnection, chains: list[list[Path]]
) -> None:
    _load(connection, chains)
    _check(_effects(connection), chains)


LONG = [
    # Two hundred touches of one channel, many of two in turn, and a rare way out of a long loop.
    [Path(("a",) * 200, 1, 0), Path(("a", "b"), 0, 1)],
    [Path(("a", "b") * 20, 1, 1), Path(("b", "c"), 1, 3)],
    [Path(("a", "b", "c") * 66, 0, 1), Path(("c", "d"), 1, 999), Path(("d",), 0, 5000)],
]


def test_long_journeys_and_rare_conversions_are_exact_too(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    _load(connection, LONG)
    _check(_effects(connection), LONG)


TEXTBOOK = [Path(("c1", "c2", "c3"), 1, 0), Path(("c1",), 0, 1), Path(("c2", "c3"), 0, 1)]


def test_textbook_chain(connection: duckdb.DuckDBPyConnection) -> None:
    _load(connection, [TEXTBOOK])
    effects = _effects(connection)

    assert [effects[0, 1, channel][0] for channel in ("c1", "c2", "c3")] == [0.5, 1, 1]
    assert [effects[0, 1, channel][1] for channel in ("c1", "c2", "c3")] == [0.2, 0.4, 0.4]


# b stands in two states of order 2, and journeys come back to it.
RETURNING = [
    Path(("a", "b", "c", "b"), 3, 1),
    Path(("b", "a", "b"), 2, 2),
    Path(("c", "b"), 1, 4),
    Path(("a",), 1, 3),
]


def test_the_scalar_formula_holds_for_order_one_only(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    _load(connection, [RETURNING])
    effects = _effects(connection)

    for channel, scalar in Chain(RETURNING, 1).scalar_effects().items():
        assert effects[0, 1, channel][0] == pytest.approx(scalar, abs=1e-9)
    for order in (2, 3):
        right, scalar = Chain(RETURNING, order).removal_effects(), Chain(RETURNING, order)
        effect = effects[0, order, "b"][0]
        assert effect == pytest.approx(right["b"], abs=1e-9)
        assert abs(scalar.scalar_effects()["b"] - right["b"]) > 0.1


def test_a_chain_out_of_steps_stops_the_build(connection: duckdb.DuckDBPyConnection) -> None:
    _load(connection, [[Path(("a", "b") * 20, 1, 0), Path(("b", "c"), 1, 3)]])
    build(connection, *MODELS)
    sql = model_sql("int_markov_effects_of_higher_order")

    cut = sql.replace("steps_taken < 20000", "steps_taken < 50")
    assert cut != sql
    with pytest.raises(duckdb.Error, match=r"purchase markov_[23]: some paths do not end in time"):
        connection.execute(cut)


# Of order 3, two ways lead to the same state, so that what is lost later tells on both.
MERGING = [*RETURNING, Path(("a", "b", "a", "b"), 2, 1), Path(("c", "b", "a", "b"), 1, 2)]


def _period_rows(
    connection: duckdb.DuckDBPyConnection, paths: list[Path]
) -> dict[tuple[str, str], tuple[float, Decimal]]:
    _load(connection, [paths])
    build(connection, *MODELS, "int_markov_credits", "channel_attribution_period")
    rows = connection.execute(
        "select model_id, channel, conversions, revenue from channel_attribution_period"
        " where period_grain = 'month'"
    ).fetchall()
    return {(model_id, channel): (value, money) for model_id, channel, value, money in rows}


def test_a_null_path_changes_markov_only(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(
        "create or replace table channel_attribution_daily as select date '2000-01-01' as"
        " conversion_on, 'purchase' as conversion_type, 'linear' as model_id, channel,"
        " 3.5 as conversions, 1.01 as revenue, 0.0 as refunds, 0.5 as margin, 1.0 as new_customers"
        " from (select unnest(['a', 'b']) as channel) as channels"
    )
    before = _period_rows(connection, MERGING)
    after = _period_rows(connection, [*MERGING, Path(("c", "b", "a", "b"), 0, 7)])

    changed = {model_id for model_id, _ in before if model_id != "linear"}
    assert changed == {"markov_1", "markov_2", "markov_3"}
    for model_id in (*changed, "linear"):
        was = {key: value for key, value in before.items() if key[0] == model_id}
        now = {key: value for key, value in after.items() if key[0] == model_id}
        assert (was == now) == (model_id == "linear")
        assert sum(money for _, money in was.values()) == sum(money for _, money in now.values())
        assert sum(value for value, _ in was.values()) == pytest.approx(
            sum(value for value, _ in now.values()), abs=1e-9
        )
    money = [amount for (model_id, _), (_, amount) in after.items() if model_id == "markov_3"]
    assert sum(money) == Decimal("10.10")


def test_the_order_of_rows_changes_no_digit(connection: duckdb.DuckDBPyConnection) -> None:
    dice = random.Random(3)
    many = [
        Path(tuple(dice.choices("abcdefgh", k=dice.randrange(1, 8))), dice.randrange(1, 3), 1)
        for _ in range(3000)
    ]
    _load(connection, [many, MERGING])
    once = _effects(connection)
    connection.execute(
        "create or replace table int_markov_paths as"
        " select * from int_markov_paths order by md5(path || 'other')"
    )
    connection.execute("set threads = 1")
    assert _effects(connection) == once
    connection.execute("set threads = 2")
