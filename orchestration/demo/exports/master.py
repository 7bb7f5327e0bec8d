"""Master data: the CRM's customers, the product list, the shops.

The CRM exports new customers each month and all of them again when it has re-segmented; the e-mail
addresses and telephone numbers are plainly made up.
"""

from pathlib import Path

from orchestration.demo.calendar import date_of, day_of, instant_of, month_ends
from orchestration.demo.company import SHOPS
from orchestration.demo.stage import END, Stage, dated, write_csv
from orchestration.demo.truth import Truth

_RESEGMENTED = ("2025-08-01", "2026-07-01")

_CUSTOMERS = """
select
    customer_id(c.customer) as customer_id,
    'shopper' || c.customer || '@example.com' as email,
    '+86 000 ' || lpad(cast(c.customer as varchar), 8, '0') as mobile,
    {segment} as segment,
    r.region as home_region,
    wall(c.created_at) as created,
    wall({changed}) as changed
from customers c
join regions r on r.idx = c.region
where {where}
order by c.customer
"""

_PRODUCTS = """
select sku, name, brand, category, printf('%.2f', cost) as standard_cost, 'CNY' as currency,
    printf('%.2f', price) as list_price, case when flagship then 'Y' else 'N' end as flagship,
    '{changed}' as changed
from products order by idx
"""


def write(stage: Stage, landing: Path, truth: Truth) -> None:
    """Write customers month by month, and products and shops at the start and a year later."""
    start = 0
    resegmented = {day_of(date_of(0).fromisoformat(day)) for day in _RESEGMENTED}
    for end in month_ends():
        since, until = instant_of(start), instant_of(end)
        fresh = _CUSTOMERS.format(
            segment="'new'", changed="c.created_at",
            where=f"c.created_at >= {since} and c.created_at < {until}",
        )  # fmt: skip
        name = f"customers_{dated(end)}.csv.gz"
        if start == 0:
            fresh = f"({fresh}) union all select null, 'nobody@example.com', '', 'new', '', '', ''"
            truth.dirty("crm_customers", name, "customers", "id_missing", "rejected")
        stage.copy_csv(fresh, landing / "crm_customers" / name)
        if end in resegmented:
            segment = "case when c.vip then 'vip' when c.orders > 1 then 'regular' else 'new' end"
            where = f"c.created_at < {until}"
            again = _CUSTOMERS.format(segment=segment, changed=until - 1, where=where)
            path = landing / "crm_customers" / "segments" / f"customers_{dated(end)}.csv.gz"
            stage.copy_csv(again, path)
        start = end
    _write_lists(stage, landing, truth)


def _write_lists(stage: Stage, landing: Path, truth: Truth) -> None:
    for day in (1, 365):
        changed = f"{date_of(day - 1)} 09:00:00"
        products = _PRODUCTS.format(changed=changed)
        name = f"products_{dated(day)}.csv"
        if day == 1:
            products = f"""
                ({products}) union all select 'XX-001', 'Spoilt', 'None', 'fashion', '-3.00', 'CNY',
                '1.00', 'N', '{changed}'
            """
            truth.dirty("product_master", name, "products", "cost_negative", "rejected")
        stage.copy_csv(products, landing / "product_master" / name)
    shops = [(s.shop, s.name, s.name_zh, s.kind, s.region, s.currency) for s in SHOPS]
    header = ("shop", "name", "name_zh", "kind", "region", "currency")
    write_csv(landing / "shop_list" / f"shops_{dated(1)}.csv", header, shops)


def sound_customers(stage: Stage) -> int:
    """How many customers the CRM knows at the end."""
    return int(stage.rows(f"select count(*) from customers where created_at < {END}")[0][0])
