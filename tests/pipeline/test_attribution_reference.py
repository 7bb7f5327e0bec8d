"""Every path-level family against plain Python, on one lake of random customers built once.

The home's own attribution_models.csv holds models of every family and treatment, so that this is
also the proof that a row is all a model takes.
"""

import csv
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import duckdb
import pytest
from attribution_lake import AS_OF, ORIGINS, Row, early_part, random_rows, relabelled, write_lake
from attribution_reference import MEASURES, Conversion, Credit, Model, Touch, credits

from orchestration.paths import Home
from orchestration.settings import Clocks, Settings
from orchestration.warehouse.project import DbtError, run_dbt

HEADER = (
    "model_id,name,name_zh,family,markov_order,position_weights,anchor_touch_kind,anchor_weight,"
    "half_life_days,look_back_days,path_starts,touch_kinds,direct_policy,conversion_types,"
    "max_path_touches,is_default"
)
TYPES = frozenset({"purchase", "first_purchase", "repeat_purchase", "lead", "any_cart"})
CONVERSION_TYPES = """conversion_type,kind,touch_kind,value,counts,name,name_zh
purchase,order,,,every,n,n
first_purchase,first_order,,,every,n,n
repeat_purchase,repeat_order,,,every,n,n
lead,touch,lead,20.00,first_per_customer,n,n
any_cart,touch,add_to_cart,0.05,every,n,n
"""
# Milestones by type: kind of touch, value, and whether only a customer's first one counts.
MILESTONES = {
    "lead": ("lead", Decimal("20.00"), True),
    "any_cart": ("add_to_cart", Decimal("0.05"), False),
}
ORDERS = "purchase|first_purchase|repeat_purchase"
WAYS_IN = "visit|ad_click|lead"
EVERY_KIND = f"{WAYS_IN}|ad_impression|add_to_cart"
MODELS = f"""{HEADER}
first,n,n,first_touch,,,,,,30,lookback,{WAYS_IN},keep,*,200,false
last,n,n,last_touch,,,,,,30,lookback,{WAYS_IN},keep,*,200,false
last_known,n,n,last_non_direct,,,,,,30,lookback,{WAYS_IN},drop_if_other,*,200,false
linear,n,n,linear,,,,,,30,lookback,{WAYS_IN},keep,*,200,false
u_shaped,n,n,position,,0.4|0.2|0.4,,,,30,lookback,{WAYS_IN},keep,*,200,true
decay,n,n,time_decay,,,,,7,30,lookback,{WAYS_IN},keep,*,200,false
shapley,n,n,shapley,,,,,,30,lookback,{WAYS_IN},keep,*,200,false
shapley_known,n,n,shapley,,,,,,90,lookback,{EVERY_KIND},drop_if_other,purchase|lead,9,false
linear_anew,n,n,linear,,,,,,30,previous_conversion,{WAYS_IN},keep,*,200,false
middle_only,n,n,position,,0|1|0,,,,60,lookback,visit,drop_if_other,purchase,200,false
uneven,n,n,position,,0.6|0.1|0.3,,,,30,lookback,{WAYS_IN},drop,purchase|repeat_purchase,200,false
w_shaped,n,n,position,,0.3|0.1|0.3,lead,0.3,,30,lookback,{WAYS_IN},keep,*,200,false
w_known,n,n,position,,0|0.7|0,add_to_cart,0.3,,90,lookback,{EVERY_KIND},drop_if_other,*,6,false
ends,n,n,position,,0.5|0.5,,,,30,lookback,{WAYS_IN},keep,purchase,200,false
two_and_two,n,n,position,,0.1|0.2|0.3|0.2,lead,0.2,,30,lookback,{WAYS_IN},drop,{ORDERS},200,false
five,n,n,position,,0.2|0|0.4|0|0.4,,,,90,lookback,{EVERY_KIND},keep,purchase|any_cart,200,false
whole,n,n,position,,1,,,,30,lookback,{WAYS_IN},keep,purchase,200,false
newest_three,n,n,linear,,,,,,90,lookback,{EVERY_KIND},keep,*,3,false
quick_decay,n,n,time_decay,,,,,0.5,30,previous_conversion,{WAYS_IN},drop,first_purchase,4,false
crowd,n,n,markov,2,,,,,30,previous_conversion,{WAYS_IN},keep,*,200,false
"""
CLOCKS = Clocks(AS_OF.replace(tzinfo=UTC), AS_OF.replace(tzinfo=UTC))
DIRECT = "(direct)"  # stands for the channel, as other sources do: each has one
MARKOV = ("+channel_attribution_period", "+path_summary")
Key = tuple[str, str, str | None]


class Built:
    """The warehouse built over the random lake, and the rows of the lake."""

    def __init__(self, home: Home, lake: dict[str, list[Row]]) -> None:
        self.lake = lake
        self._connection = duckdb.connect(str(home.warehouse), read_only=True)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        return self._connection.execute(query).fetchall()

    def close(self) -> None:
        self._connection.close()


def _rule(home: Home) -> None:
    home.rules.mkdir(exist_ok=True)
    (home.rules / "attribution_models.csv").write_text(MODELS, encoding="utf-8")
    (home.rules / "conversion_types.csv").write_text(CONVERSION_TYPES, encoding="utf-8")


def _build(home: Home, lake: dict[str, list[Row]], files: int) -> Built:
    _rule(home)
    write_lake(home, lake, files)
    run_dbt(
        home, Settings(), CLOCKS,
        "build", "--select", "+channel_performance_daily", *MARKOV,
        "--exclude", "test_type:generic", "test_type:unit", "--indirect-selection", "cautious",
    )  # fmt: skip
    return Built(home, lake)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Built]:
    home = Home(tmp_path_factory.mktemp("attribution") / "home").prepare()
    result = _build(home, random_rows(), files=1)
    yield result
    result.close()


@pytest.fixture(scope="module")
def told_otherwise(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Built]:
    home = Home(tmp_path_factory.mktemp("relabelled") / "home").prepare()
    result = _build(home, relabelled(random_rows()), files=3)
    yield result
    result.close()


def _models() -> list[Model]:
    models = []
    for row in csv.DictReader(MODELS.splitlines()):
        if row["family"] == "markov":
            continue
        weights = row["position_weights"].split("|") if row["position_weights"] else []
        types = row["conversion_types"]
        models.append(
            Model(
                model_id=row["model_id"],
                family=row["family"],
                weights=tuple(Fraction(weight) for weight in weights),
                anchor_touch_kind=row["anchor_touch_kind"] or None,
                anchor_weight=Fraction(row["anchor_weight"] or 0),
                half_life_days=float(row["half_life_days"]) if row["half_life_days"] else None,
                look_back_days=int(row["look_back_days"]),
                path_starts=row["path_starts"],
                touch_kinds=frozenset(row["touch_kinds"].split("|")),
                direct_policy=row["direct_policy"],
                conversion_types=TYPES if types == "*" else frozenset(types.split("|")),
                max_path_touches=int(row["max_path_touches"]),
            )
        )
    return models


def _links(lake: dict[str, list[Row]]) -> dict[str, str]:
    """Customer by visitor, the newest sighting winning and the smaller id on a tie."""
    seen: list[tuple[str, datetime, str]] = [
        (link["visitor_id"], link["linked_at"], link["customer_id"])
        for link in lake["identity_links"]
    ]
    for entity, instant in (("touchpoints", "touched_at"), ("orders", "ordered_at")):
        seen += [
            (row["visitor_id"], row[instant], row["customer_id"])
            for row in lake[entity]
            if row["visitor_id"] and row["customer_id"]
        ]
    links: dict[str, tuple[datetime, str]] = {}
    for visitor_id, linked_at, customer_id in sorted(seen, key=lambda one: one[2], reverse=True):
        if visitor_id not in links or linked_at >= links[visitor_id][0]:
            links[visitor_id] = (linked_at, customer_id)
    return {visitor_id: customer_id for visitor_id, (_, customer_id) in links.items()}


def _key(row: Row, links: dict[str, str]) -> str:
    visitor_id = row["visitor_id"]
    return str(row["customer_id"] or links.get(visitor_id) or f"visitor:{visitor_id}")


def _touches(lake: dict[str, list[Row]]) -> list[Touch]:
    links = _links(lake)
    return [
        Touch(
            row["touch_id"],
            _key(row, links),
            row["touched_at"],
            row["touch_kind"],
            DIRECT if row["source"] in (DIRECT, None) else row["source"],
            row["source"] in (DIRECT, None),
        )
        for row in lake["touchpoints"]
        if not row["touch_id"].startswith("origin")
    ]


def _conversions(built: Built) -> list[Conversion]:
    """Money and first orders are the facts'; whose they are is worked out here."""
    links = _links(built.lake)
    keys = {row["order_id"]: _key(row, links) for row in built.lake["orders"]}
    orders = built.rows(
        "select order_id, ordered_at, is_first_order, revenue, refunds, margin"
        " from core.fct_orders where not is_cancelled"
    )
    ordered = [
        Conversion(
            f"{kind}:{order_id}", f":{order_id}", kind, keys[order_id], ordered_at,
            dict(zip(MEASURES, money, strict=True)),
        )
        for order_id, ordered_at, is_first, *money in orders
        for kind in ("purchase", "first_purchase" if is_first else "repeat_purchase")
    ]  # fmt: skip
    return ordered + _milestones(_touches(built.lake))


def _milestones(touches: list[Touch]) -> list[Conversion]:
    reached = []
    for kind, (touch_kind, value, only_first) in MILESTONES.items():
        seen: set[str] = set()
        money = dict(zip(MEASURES, (value, Decimal(0), None), strict=True))
        for touch in sorted(touches, key=lambda touch: (touch.touched_at, touch.touch_id)):
            if touch.touch_kind == touch_kind and not (only_first and touch.customer_key in seen):
                seen.add(touch.customer_key)
                name = f"{kind}:{touch.touch_id}"
                reached.append(
                    Conversion(name, name, kind, touch.customer_key, touch.touched_at, money)
                )
    return reached


def _expected(built: Built) -> dict[Key, Credit]:
    conversions, touches = _conversions(built), _touches(built.lake)
    return {
        (model.model_id, conversion_id, credit.touch_id): credit
        for model in _models()
        for conversion_id, shared in credits(model, conversions, touches).items()
        for credit in shared
    }


def _actual(built: Built) -> dict[Key, Credit]:
    rows = built.rows(
        "select model_id, conversion_id, touch_id, position, path_length, credit,"
        " attributed_revenue, attributed_refunds, attributed_margin"
        " from attribution.fct_touch_credits"
    )
    return {
        (model_id, conversion_id, touch_id): Credit(
            touch_id, position, length, credit, dict(zip(MEASURES, money, strict=True))
        )
        for model_id, conversion_id, touch_id, position, length, credit, *money in rows
    }


def test_credits_are_the_references(built: Built) -> None:
    expected, actual = _expected(built), _actual(built)

    # The SQL counts weights in whole 1e-12s: less than half of one is no credit.
    apart = set(expected) ^ set(actual)
    assert all(expected[key].credit < 1e-12 for key in apart)
    assert all(not any(expected[key].money.values()) for key in apart)
    assert len(apart) < 20
    for key, credit in actual.items():
        assert credit.credit == pytest.approx(expected[key].credit, abs=1e-9), key
        assert credit.money == expected[key].money, key
        assert (credit.position, credit.path_length) == (
            expected[key].position,
            expected[key].path_length,
        ), key


def test_the_lake_is_a_hard_one(built: Built) -> None:
    """Else the reference would prove little: ties, cuts, edges and losses must all occur."""
    actual = _actual(built)
    money = [credit.money for credit in actual.values()]

    assert len(actual) > 5_000
    assert len({key[0] for key in actual}) == len(_models())
    assert sum(touch_id is None for _, _, touch_id in actual) > 100
    assert sum((amounts["margin"] or 0) < 0 for amounts in money) > 100
    assert max(credit.path_length for credit in actual.values()) > 8
    assert built.rows(
        "select count(*) > 20 from intermediate.int_path_windows where is_truncated"
    ) == [(True,)]
    assert built.rows(
        "select count(*) > 20 from intermediate.int_conversion_paths as one"
        " inner join intermediate.int_conversion_paths as other on one.path_id = other.path_id"
        " and one.seconds_before_last = other.seconds_before_last"
        " and one.touch_id < other.touch_id"
    ) == [(True,)]


def test_default_rules_name_the_channels_that_their_sources_publish(built: Built) -> None:
    channels = dict(
        built.rows("select touch_id, channel from core.fct_touches where touch_id like 'origin%'")
    )

    named = {ORIGINS[number][:5]: channels[f"origin{number}"] for number in range(len(ORIGINS))}
    assert named == {origin[:5]: origin[5] for origin in ORIGINS}


def test_order_of_rows_files_and_ids_change_nothing_and_twice_the_money_is_twice_the_money(
    built: Built, told_otherwise: Built
) -> None:
    """Only odd cents may fall elsewhere: their ties break by hashes of ids."""
    credits = (
        "select model_id, conversion_type, replace(touch_id, 'other-', '') as touch_id, position,"
        " path_length, credit, replace(conversion_id, 'other-', '') as conversion_id"
        " from attribution.fct_touch_credits order by all"
    )
    assert told_otherwise.rows(credits) == built.rows(credits)

    amounts = (
        "select model_id, replace(conversion_id, 'other-', '') as id, {factor} * sum(revenue),"
        " {factor} * sum(refunds), {factor} * sum(margin) from (select model_id, conversion_id,"
        " attributed_revenue as revenue, attributed_refunds as refunds,"
        " attributed_margin as margin from attribution.touch_credits)"
        " where conversion_id not like 'lead:%' and conversion_id not like 'any_cart:%'"
        " group by all order by all"
    )
    assert told_otherwise.rows(amounts.format(factor=1)) == built.rows(amounts.format(factor=2))


@pytest.fixture(scope="module")
def caught_up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Built]:
    """Built of what came early, then brought up to date with what came late."""
    home = Home(tmp_path_factory.mktemp("late") / "home").prepare()
    _rule(home)
    early, late = early_part(random_rows())
    marts = ("--select", *MARKOV)
    write_lake(home, early, name="early")
    run_dbt(home, Settings(), CLOCKS, "seed")
    run_dbt(home, Settings(), CLOCKS, "run", "--full-refresh", *marts)
    write_lake(home, late, name="late")
    run_dbt(home, Settings(), CLOCKS, "run", *marts)
    result = Built(home, random_rows())
    yield result
    result.close()


def test_what_comes_late_gives_the_rows_of_one_build(built: Built, caught_up: Built) -> None:
    """Touches, identity links, leads, orders, refunds, cancellations and corrections."""
    credited = ("fct_conversions", "touch_credits", "channel_attribution_daily")
    population = ("markov_transitions", "markov_removal_effects", "path_summary")
    attribution = (*credited, *population, "channel_attribution_period")
    for table in ("intermediate.int_journeys", *(f"attribution.{name}" for name in attribution)):
        rows = f"select * from {table} order by all"
        assert caught_up.rows(rows) == built.rows(rows), table
    assert caught_up.rows(
        "select count(*) > 0 from intermediate.int_affected_journey_customers"
    ) == [(True,)]

    changes = "select count(*) filter (where {new}) > 100 from changes.touch_credits"
    for new in ("is_new", "not is_new", "is_new and conversion_type = 'lead'"):
        assert caught_up.rows(changes.format(new=new)) == [(True,)], new


def test_a_channel_on_no_path_has_no_row(built: Built) -> None:
    channels = {channel for (channel,) in built.rows(
        "select distinct channel from attribution.channel_attribution_daily"
    )}  # fmt: skip
    on_paths = {"direct", "paid_search", "email", "referral", "(unattributed)"}
    assert channels == on_paths


TOGETHER = "given together or not at all"
NO_KEY = "population model cannot be"
SENSELESS = {
    "sum,n,n,position,,0.4|0.4|0.4,,,,30,lookback,visit,keep,*,200,false": "must sum to 1",
    "with,n,n,position,,0.4|0.2|0.4,visit,0.1,,30,lookback,visit,keep,*,200,false": "must sum to 1",
    "below,n,n,position,,-0.2|0.8|0.4,,,,30,lookback,visit,keep,*,200,false": "is below 0",
    "lacking,n,n,position,,,,,,30,lookback,visit,keep,*,200,false": "needs position_weights",
    "words,n,n,position,,0.5|half,,,,30,lookback,visit,keep,*,200,false": "must be decimal numbers",
    "blank,n,n,position,,0.5||0.5,,,,30,lookback,visit,keep,*,200,false": "must be decimal numbers",
    "idle,n,n,linear,,1|0|0,,,,30,lookback,visit,keep,*,200,false": "are for family position",
    "loose,n,n,linear,,,visit,0.3,,30,lookback,visit,keep,*,200,false": "are for family position",
    "half_anchor,n,n,position,,0.5|0.5,visit,,,30,lookback,visit,keep,*,200,false": TOGETHER,
    "no_kind,n,n,position,,0.5|0.2,,0.3,,30,lookback,visit,keep,*,200,false": TOGETHER,
    "all,n,n,position,,0|0,visit,1,,30,lookback,visit,keep,*,200,false": "above 0 and below 1",
    "minus,n,n,position,,1|0.3,visit,-0.3,,30,lookback,visit,keep,*,200,false": "above 0 and below",
    "unseen,n,n,position,,0.3|0.4,lead,0.3,,30,lookback,visit,keep,*,200,false": "touch_kinds",
    "decay,n,n,time_decay,,,,,-7,30,lookback,visit,keep,*,200,false": "must be above 0",
    "no_half,n,n,time_decay,,,,,,30,lookback,visit,keep,*,200,false": "needs half_life_days",
    "half,n,n,linear,,,,,7,30,lookback,visit,keep,*,200,false": "half_life_days is for family",
    "family,n,n,lineal,,,,,,30,lookback,visit,keep,*,200,false": "family must be one of",
    "chain,n,n,markov,1,,,,,30,previous_conversion,visit,keep,*,200,true": NO_KEY,
    "orderless,n,n,markov,,,,,,30,previous_conversion,visit,keep,*,200,false": "needs markov_order",
    "fourth,n,n,markov,4,,,,,30,previous_conversion,visit,keep,*,200,false": "must be 1, 2 or 3",
    "ordered,n,n,linear,1,,,,,30,lookback,visit,keep,*,200,false": "markov_order is for family",
    "overlap,n,n,markov,1,,,,,30,lookback,visit,keep,*,200,false": "previous_conversion",
    "default,n,n,shapley,,,,,,30,lookback,visit,keep,*,200,true": "is_default is true of another",
    "window,n,n,linear,,,,,,0,lookback,visit,keep,*,200,false": "look_back_days must be 1",
    "starts,n,n,linear,,,,,,30,anywhere,visit,keep,*,200,false": "path_starts must be",
    "kinds,n,n,linear,,,,,,30,lookback,visit|dream,keep,*,200,false": "touch_kinds must be some of",
    "direct,n,n,linear,,,,,,30,lookback,visit,ignore,*,200,false": "direct_policy must be keep",
    "same,n,n,last_non_direct,,,,,,30,lookback,visit,keep,*,200,false": "is last_touch",
    "types,n,n,linear,,,,,,30,lookback,visit,keep,purchases,200,false": "conversion_types must be",
    "mixed,n,n,linear,,,,,,30,lookback,visit,keep,lead|x,200,false": "conversion_types must be",
    "longest,n,n,linear,,,,,,30,lookback,visit,keep,*,0,false": "max_path_touches must be 1",
    "unsaid,n,n,linear,,,,,,30,lookback,visit,keep,*,200,": "is_default must be true or false",
}
SENSELESS_TYPES = {
    "Sale!,order,,,every,n,n": "lower-case letters",
    "twice,order,,,every,n,n": "more than one row",
    "twice,order,,,every,n,m": "more than one row",
    "unknown,basket,,,every,n,n": "kind must be one of",
    "bare,touch,,5,every,n,n": "needs touch_kind",
    "dream,touch,dream,5,every,n,n": "touch_kind must be one of",
    "visit,order,visit,,every,n,n": "touch_kind is for kind touch",
    "free,touch,lead,,every,n,n": "needs a value",
    "negative,touch,lead,-1,every,n,n": "value is below 0",
    "valued,order,,5,every,n,n": "value is for kind touch",
    "rarely,touch,lead,5,sometimes,n,n": "counts must be",
    "once,order,,,first_per_customer,n,n": "first_per_customer is for kind touch",
}


def test_a_senseless_model_stops_the_build_with_its_row_and_reason(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    home = Home(tmp_path_factory.mktemp("senseless") / "home").prepare()
    home.rules.mkdir(exist_ok=True)
    models = "\n".join([HEADER, *SENSELESS])
    (home.rules / "attribution_models.csv").write_text(f"{models}\n", encoding="utf-8")
    types = "\n".join([CONVERSION_TYPES.strip(), *SENSELESS_TYPES])
    (home.rules / "conversion_types.csv").write_text(f"{types}\n", encoding="utf-8")

    with pytest.raises(DbtError) as stopped:
        run_dbt(
            home, Settings(), CLOCKS,
            "build", "--select", "attribution_models", "conversion_types",
            "int_path_specifications", "--exclude-resource-type", "unit_test",
        )  # fmt: skip

    said = str(stopped.value)
    lines = said.splitlines()
    for rules, rows in (("attribution_models", SENSELESS), ("conversion_types", SENSELESS_TYPES)):
        for row, reason in rows.items():
            name = f"{rules}: {row.split(',', 1)[0]}: "
            assert any(name in line and reason in line for line in lines), (name, reason, said)
    assert "SKIP relation intermediate.int_path_specifications" in said
