"""Orders as Shopify's REST API returns them: weekly pages of the orders created or changed since.

A page shows an order as it stood at the export: a late refund exports the order again, with a newer
updated_at; some orders first appear days late.
"""

from pathlib import Path

from orchestration.demo.calendar import DAY, DAYS, START_US, week_ends
from orchestration.demo.stage import END, Stage, dated, write_bytes
from orchestration.demo.truth import Truth

PAGE = 2500
WEEKS_AT_ONCE = 5

_DIRT = ("created_at_impossible", "id_missing", "status_unknown", "currency_wrong",
         "quantity_negative", "price_unreadable")  # fmt: skip

# Weeks in which each order appears: that of its creation (or later, when the export lags) and those
# in which it was handed over, cancelled or refunded.
_VERSIONS = """
create table order_weeks as
with weeks as (select unnest({ends}) as week_end),
changes as (
    select number, day, export_delay_days,
        unnest([ordered_at, handed_over_at, cancelled_at, refunded_at]) as changed_at,
        ordered_at, cancelled_at
    from orders
    where ordered_at < {end}
),
dated as (
    select distinct number, ordered_at,
        greatest((changed_at - {start}) // {day_us},
                 (ordered_at - {start}) // {day_us} + export_delay_days) as out_day
    from changes
    where changed_at < {end} and (changed_at = ordered_at or changed_at <= cancelled_at)
)
select distinct d.number, d.ordered_at, w.week_end, cast(null as varchar) as dirt
from dated d
asof join weeks w on d.out_day < w.week_end
"""

_PICK_DIRT = """
update order_weeks set dirt = p.dirt
from (
    select number, week_end, {kinds}[cast((n - 1) // 2 + 1 as integer)] as dirt
    from (
        select number, week_end,
            row_number() over (order by md5(cast(number as varchar))) as n
        from (
            select number, week_end from order_weeks
            qualify count(*) over (partition by number) = 1
        )
    )
    where n <= {wanted}
) as p
where order_weeks.number = p.number and order_weeks.week_end = p.week_end
"""

_ORDERS = """
with due as (
    select o.*, w.dirt, w.week_end, {start} + w.week_end * {day_us} as cutoff,
        row_number() over (partition by w.week_end order by o.ordered_at, o.number) as place
    from order_weeks w
    join orders o on o.number = w.number
    where w.week_end in {weeks} and o.ordered_at >= {oldest} and o.ordered_at < {newest}
),
basket as (
    select l.number, d.week_end,
        list(struct_pack(
            id := cast(5000000000 + l.number as varchar) || l.line,
            sku := p.sku,
            title := p.name,
            quantity := case when d.dirt = 'quantity_negative' and l.line = 1 then -l.quantity
                else l.quantity end,
            price := case when d.dirt = 'price_unreadable' and l.line = 1 then 'n/a'
                else money(l.price) end,
            total_discount := money(l.discount)
        ) order by l.line) as line_items,
        list(struct_pack(
            id := '8' || cast(5000000000 + l.number as varchar) || l.line,
            line_item_id := cast(5000000000 + l.number as varchar) || l.line,
            quantity := l.quantity,
            subtotal := money(l.refund)
        ) order by l.line) filter (where l.refund > 0) as refund_lines,
        sum(l.price * l.quantity - l.discount) as subtotal
    from due d
    join lines l on l.number = d.number and l.ordered_at >= {oldest} and l.ordered_at < {newest}
    join products p on p.idx = l.product
    group by l.number, d.week_end
)
select
    d.week_end, d.place,
    struct_pack(
        id := case when d.dirt = 'id_missing' then null else order_id(d.number) end,
        name := '#' || d.number,
        created_at := case when d.dirt = 'created_at_impossible' then '2025-02-31T10:00:00+08:00'
            else iso(d.ordered_at) end,
        updated_at := iso(greatest(d.ordered_at,
            case when d.cancelled_at < d.cutoff then d.cancelled_at
                 else greatest(
                      case when d.handed_over_at < d.cutoff then d.handed_over_at else 0 end,
                      case when d.refunded_at < d.cutoff then d.refunded_at else 0 end) end)),
        financial_status := case
            when d.dirt = 'status_unknown' then 'on_the_moon'
            when d.cancelled_at < d.cutoff then 'voided'
            when d.refunded_at < d.cutoff then 'partially_refunded'
            else 'paid' end,
        fulfillment_status := case when d.cancelled_at < d.cutoff then null
            when d.handed_over_at < d.cutoff then 'fulfilled' end,
        cancelled_at := case when d.cancelled_at < d.cutoff then iso(d.cancelled_at) end,
        currency := case when d.dirt = 'currency_wrong' then 'yuan' else s.currency end,
        source_name := s.shop,
        customer := case when d.customer >= 0 then struct_pack(
            id := customer_id(d.customer), email := 'shopper' || d.customer || '@example.com',
            phone := '+86 000 ' || lpad(cast(d.customer as varchar), 8, '0')) end,
        note_attributes := case when d.visitor >= 0
            then [struct_pack(name := 'ga_client_id', value := client_id(d.visitor))]
            else [] end,
        line_items := b.line_items,
        shipping_lines := [struct_pack(title := 'Standard', price := money(d.freight))],
        shipping_address := struct_pack(province := r.region, country := r.country),
        total_tax := money(d.tax),
        total_price := money(b.subtotal + d.tax + d.freight),
        discount_codes := case when pr.promotion is null then []
            else [struct_pack(code := pr.promotion)] end,
        refunds := case when d.refunded_at < d.cutoff and b.refund_lines is not null
            then [struct_pack(
                id := '6' || cast(5000000000 + d.number as varchar),
                created_at := iso(d.refunded_at),
                note := 'customer',
                refund_line_items := b.refund_lines)]
            else [] end
    ) as "order"
from due d
join basket b on b.number = d.number and b.week_end = d.week_end
join shops s on s.idx = d.shop
join regions r on r.idx = d.region
left join promotion_days pd on pd.day = d.day
left join promotions pr on pr.idx = pd.promotion
"""


def prepare(stage: Stage) -> None:
    """Work out which order is exported in which weeks, and which rows get spoilt."""
    stage.execute("create table promotion_days (day integer, promotion integer)")
    days = [(day, int(p)) for day, p in enumerate(stage.world.promotion[:DAYS]) if p >= 0]
    stage.connection.executemany("insert into promotion_days values (?, ?)", days)
    stage.execute(_VERSIONS.format(ends=week_ends(), end=END, start=START_US, day_us=DAY))
    kinds = "[" + ", ".join(f"'{kind}'" for kind in _DIRT) + "]"
    stage.execute(_PICK_DIRT.format(kinds=kinds, wanted=2 * len(_DIRT)))


def write(stage: Stage, landing: Path, truth: Truth) -> None:
    """Write the pages of every week."""
    folder = landing / "shopify_orders"
    ends = week_ends()
    for place in range(0, len(ends), WEEKS_AT_ONCE):
        weeks = ends[place : place + WEEKS_AT_ONCE]
        newest = START_US + weeks[-1] * DAY
        oldest = max(START_US, START_US + weeks[0] * DAY - 110 * DAY)
        sql = _ORDERS.format(
            start=START_US, day_us=DAY, weeks=f"({', '.join(map(str, weeks))})",
            oldest=oldest, newest=newest,
        )  # fmt: skip
        stage.execute(f"create or replace temp table pages as {sql}")
        for week_end in weeks:
            _write_pages(stage, folder, week_end)
    _record_dirt(stage, truth)


def _write_pages(stage: Stage, folder: Path, week_end: int) -> None:
    rows = stage.rows(f"""
        select cast(to_json("order") as varchar) from pages
        where week_end = {week_end} order by place
    """)
    for page in range(max(1, -(-len(rows) // PAGE))):
        orders = ",\n".join(row[0] for row in rows[page * PAGE : (page + 1) * PAGE])
        path = folder / f"orders_{dated(week_end)}_{page + 1:03d}.json.gz"
        write_bytes(path, f'{{"orders":[{orders}]}}\n'.encode())


def _record_dirt(stage: Stage, truth: Truth) -> None:
    for kind, week_end in stage.rows(
        "select dirt, week_end from order_weeks where dirt is not null order by dirt, number"
    ):
        line = kind in ("quantity_negative", "price_unreadable")
        entity = "order_lines" if line else "orders"
        file = f"orders_{dated(week_end)}_*.json.gz"
        truth.dirty("shopify_orders", file, entity, kind, "rejected")


def totals(stage: Stage) -> dict[str, object]:
    """Orders, revenue and refunds that a correct pipeline finds, by currency and shop."""
    stage.execute("""
        create table sound as
        select o.*, coalesce(v.dirt, '') as dirt
        from orders o
        join (select number, max(dirt) as dirt from order_weeks group by number) v
            on v.number = o.number
        where v.dirt is null or v.dirt in ('quantity_negative', 'price_unreadable')
    """)
    sold = stage.rows(f"""
        select s.currency, count(distinct o.number), cast(sum(l.price * l.quantity - l.discount)
            filter (where o.cancelled_at >= {END}
                and not (o.dirt <> '' and l.line = 1)) * 0.01 as decimal(18, 2)),
            cast(sum(l.refund)
                filter (where o.refunded_at < {END} and o.refunded_at <= o.cancelled_at)
                * 0.01 as decimal(18, 2)),
            count(distinct o.number) filter (where o.cancelled_at < {END})
        from sound o join lines l on l.number = o.number join shops s on s.idx = o.shop
        group by s.currency order by s.currency
    """)
    return {
        "orders_landed": sum(row[1] for row in sold),
        "orders_by_currency": {row[0]: row[1] for row in sold},
        "orders_cancelled": sum(row[4] for row in sold),
        "revenue_by_currency": {row[0]: str(row[2]) for row in sold},
        "refunds_by_currency": {row[0]: str(row[3]) for row in sold},
        "order_versions": stage.rows("select count(*) from order_weeks")[0][0],
    }
