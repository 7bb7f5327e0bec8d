"""The warehouse system: shipments and stock as semicolon CSV in gb18030 with Chinese headers.

A month's file holds the shipments released or delivered in it, as they stood at its end.
"""

from pathlib import Path

import numpy as np

from orchestration.demo.calendar import SECOND, date_of, instant_of, month_ends
from orchestration.demo.company import WAREHOUSES
from orchestration.demo.stage import Stage, dated, sku, write_csv
from orchestration.demo.truth import Truth

WAREHOUSE_NAMES = {"shanghai": "上海仓", "ningbo_bonded": "宁波保税仓", "los_angeles": "洛杉矶仓"}
_STOCK_OUTS = 0.035
"""Share of products that a warehouse with a planner of usual skill has run out of."""
_CARRIERS = "case warehouse when 2 then 'UPS' when 1 then 'DHL' else '顺丰' end"

_SHIPMENTS = """
with due as (
    select o.*, row_number() over (order by approved_at, number) as n
    from orders o
    where ((approved_at >= {since} and approved_at < {until})
            or (delivered_at >= {since} and delivered_at < {until} and approved_at < {until}))
        and cancelled_at > handed_over_at
        and ordered_at >= {since} - 90 * 86400000000 and ordered_at < {until}
),
units as (
    select l.number, sum(l.quantity) as quantity
    from lines l join due d on d.number = l.number
    where l.ordered_at >= {since} - 90 * 86400000000 and l.ordered_at < {until}
    group by l.number
)
select
    'SH' || d.number as "出库单号",
    {order} as "订单号",
    case d.warehouse when 0 then '上海仓' when 1 then '宁波保税仓' else '洛杉矶仓' end as "仓库",
    {carriers} as "承运商",
    {approved} as "审核时间",
    case when d.handed_over_at < {until} then {handed_over} end as "出库时间",
    wall(d.promised_at) as "承诺送达",
    case when d.delivered_at < {until} then wall(d.delivered_at) end as "签收时间",
    {units} as "件数",
    ['纸箱', '牛皮纸袋', '塑料袋', '泡沫箱'][d.packaging + 1] as "包装材料",
    wall(case when d.delivered_at < {until} then d.delivered_at
        when d.handed_over_at < {until} then d.handed_over_at
        else d.approved_at end) as "更新时间"
from due d
join units u on u.number = d.number
order by d.approved_at, d.number
"""

_CLEAN = {
    "order": "order_id(d.number)", "approved": "wall(d.approved_at)",
    "handed_over": "wall(d.handed_over_at)", "units": "u.quantity",
}  # fmt: skip
_DIRTY = {
    "order": "case when d.n = 1 then null else order_id(d.number) end",
    "approved": "case when d.n = 2 then '31/02/2024' else wall(d.approved_at) end",
    "handed_over": f"wall(case when d.n in (4, 5) then d.ordered_at - {600 * SECOND} "
                   "else d.handed_over_at end)",
    "units": "case when d.n = 3 then -1 else u.quantity end",
}  # fmt: skip
_SPOILT = (
    ("order_missing", "rejected", 1),
    ("approved_impossible", "rejected", 1),
    ("quantity_negative", "rejected", 1),
    ("handed_over_before_approval", "kept", 2),
)


def write(stage: Stage, landing: Path, truth: Truth) -> None:
    """Write shipments and stock of every month; the fourth month has spoilt rows."""
    start = 0
    for place, end in enumerate(month_ends()):
        texts = _DIRTY if place == 3 else _CLEAN
        name = f"shipments_{dated(end)}.csv"
        if place == 3:
            for kind, outcome, rows in _SPOILT:
                truth.dirty("erp_shipments", name, "shipments", kind, outcome, rows)
        sql = _SHIPMENTS.format(
            since=instant_of(start), until=instant_of(end), carriers=_CARRIERS, **texts
        )
        stage.copy_csv(sql, landing / "erp_shipments" / name, delimiter=";", encoding="gb18030")
        _write_stock(stage, landing / "erp_stock" / f"stock_{dated(end)}.csv", start, end, place)
        start = end


def _write_stock(stage: Stage, path: Path, start: int, end: int, place: int) -> None:
    products = stage.world.products
    random = stage.world.streams(f"erp.stock.{place}")
    luck = stage.world.streams(f"erp.stock_outs.{place}")
    skills = stage.world.skills("warehouse", WAREHOUSES)
    rows: list[tuple[object, ...]] = []
    for day in (start + 14, end - 1):
        for warehouse, which in enumerate(WAREHOUSES):
            mean = 30 + 240 * products.popularity / (1 + warehouse)
            on_hand = random.poisson(mean)
            # A good planner runs out of less; promotions empty shelves.
            rush = 1.7 if stage.world.promotion[day] >= 0 else 1.0
            share = _STOCK_OUTS * rush * np.exp(-0.4 * skills[warehouse, day])
            on_hand = np.where(luck.random(len(on_hand)) < share, 0, on_hand)
            rows += [
                (WAREHOUSE_NAMES[which], sku(number), date_of(day), int(count),
                 f"{products.cost[number]:.2f}", "CNY")
                for number, count in enumerate(on_hand)
            ]  # fmt: skip
    header = ("仓库", "货号", "盘点日期", "库存数量", "单位成本", "币种")
    write_csv(path, header, rows, delimiter=";", encoding="gb18030")
