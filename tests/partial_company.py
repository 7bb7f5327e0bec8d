"""A company that fills only some entities: the cheapest home on which everything runs."""

from pathlib import Path

from orchestration.paths import Home

FEED = """
feed: till
files: "receipts_*.csv"
exported_at: "receipts_(%Y%m%d).csv"
read: {format: csv}
entities:
  orders:
    select:
      order_id: receipt
      ordered_at: printed_at
      status: "'paid'"
      shop: "'kiosk'"
      currency: "'EUR'"
  order_lines:
    select:
      order_id: receipt
      line_id: "'1'"
      product_id: article
      quantity: "'1'"
      line_amount: amount
"""
RECEIPTS = """receipt,printed_at,article,amount
R1,2026-02-03 10:00:00,MUG,9.90
R2,2026-05-04 10:00:00,TEA,6.50
R3,2026-06-30 21:59:59,TEA,6.50
R4,2026-06-30 22:00:01,MUG,9.90
"""
CORRECTED = """receipt,printed_at,article,amount
R1,2026-02-03 10:00:00,MUG,1.00
"""
# Midnight in Berlin, where the company is: R4 lies after it, and so does the corrected export.
CLOCKS = ("--as-of", "2026-07-01", "--known-until", "2026-08-01")
PROMOTIONS = """promotion_id,name,name_zh,starts_on,ends_on
carnival,Carnival,狂欢节,2026-02-01,2026-02-10
"""


def make_company(root: Path) -> Home:
    """The home before its first run."""
    home = Home(root).prepare()
    (home.landing / "till").mkdir()
    (home.landing / "till" / "feed.yml").write_text(FEED)
    (home.landing / "till" / "receipts_20260701.csv").write_text(RECEIPTS)
    (home.landing / "till" / "receipts_20260802.csv").write_text(CORRECTED)
    home.settings.write_text("base_currency: EUR\nbusiness_timezone: Europe/Berlin\n")
    home.rules.mkdir()
    (home.rules / "promotion_calendar.csv").write_text(PROMOTIONS, encoding="utf-8")
    return home
