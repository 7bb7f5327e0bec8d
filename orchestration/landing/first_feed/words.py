"""Other names that exports give to the contracts' columns, and words by which personal ones tell.

Only names belong here, lower case with underscores; how they are compared is in `matching.py`.
"""

_ORDER = (
    "order order_no order_number orderid receipt receipt_no invoice invoice_no invoice_number "
    "transaction transaction_id purchase_id bill_no 订单号 订单编号"
)
_PRODUCT = (
    "product product_code sku article article_no item item_no stock_code stockcode asin "
    "style_no goods_id 商品编码 商品编号 货号"
)
_CUSTOMER = (
    "customer customer_no user user_id client_id buyer buyer_id member member_id "
    "loyalty_card contact_id 客户编号 会员号 买家"
)
_EMPLOYEE = "employee employee_no employee_number staff_id staff_no worker_id person_id 工号"
_UPDATED = (
    "updated modified_at modified last_modified changed_at last_updated sys_updated_at "
    "update_time 更新时间"
)
_WHEN = "created_at created date datetime time timestamp"
_SHOP = "shop_id store store_id store_name channel_store branch outlet 店铺 门店"

SYNONYMS: dict[str, str] = {
    "order_id": _ORDER,
    "product_id": _PRODUCT,
    "customer_id": _CUSTOMER,
    "employee_id": _EMPLOYEE,
    "updated_at": _UPDATED,
    "shop": _SHOP,
    "orders.ordered_at": f"{_WHEN} order_date order_time ordered order_purchase_timestamp "
    "placed_at purchased_at paid_at printed_at invoice_date invoicedate sold_at 下单时间 订单时间",
    "status": "state order_status financial_status fulfillment_status 状态 订单状态",
    "currency": "currency_code curr ccy iso_currency 币种",
    "tax_amount": "tax vat total_tax tax_total sales_tax 税额",
    "freight_amount": "freight freight_value shipping shipping_cost shipping_amount postage 运费",
    "promotion_id": "promotion promo promo_code coupon coupon_code voucher discount_code 优惠券",
    "region": "country state province area customer_state market 地区 省份",
    "order_lines.line_id": "line position line_no line_number order_item_id item_id row_no 行号",
    "order_lines.quantity": "qty amount_ordered units pieces count items_purchased 数量",
    "order_lines.line_amount": "amount total price line_total line_price subtotal sum revenue "
    "item_price net_amount sales value price_usd price_eur 金额 小计",
    "discount_amount": "discount total_discount rebate 折扣 优惠金额",
    "unit_cost": "cost cogs cost_price standard_cost purchase_price cogs_usd 成本 成本价",
    "refunds.refund_id": "refund refund_no return_id order_item_refund_id credit_note 退款单号",
    "refunds.line_id": "order_item_id item_id line position",
    "refunds.refunded_at": f"{_WHEN} refund_date returned_at 退款时间",
    "refunds.amount": "refund_amount total value refund_amount_usd refunded 退款金额",
    "product_name": "name title product_title description article_name item_name 商品名称",
    "brand": "manufacturer vendor make 品牌",
    "category": "product_category category_name product_category_name product_group 类目 分类",
    "list_price": "price rrp msrp retail_price 价格 吊牌价",
    "email": "e_mail mail email_address emailaddress customer_email 邮箱",
    "phone": "telephone tel mobile phone_number cell mobile_number 手机 手机号 电话",
    "segment": "tier customer_group vip_level loyalty_level 等级 会员等级",
    "customers.created_at": "created registered_at signup_date registration_date joined_at 注册",
    "shop_name": "name store_name title 店铺名称",
    "shipment_id": "shipment parcel parcel_id tracking tracking_no tracking_number delivery_id "
    "出库单号 快递单号",
    "carrier": "courier shipping_company forwarder 快递公司 承运商",
    "delivered_at": "delivered delivery_date order_delivered_customer_date received_at 签收时间",
    "handed_over_at": "shipped_at shipped ship_date dispatched_at order_delivered_carrier_date "
    "出库时间",
    "promised_at": "promised estimated_delivery order_estimated_delivery_date due_date eta 承诺",
    "approved_at": "approved order_approved_at released_at 审核时间",
    "warehouse": "warehouse_id location depot fulfilment_center 仓库",
    "on_hand": "stock stock_level available quantity_on_hand inventory qty quantity 库存",
    "counted_on": "date day stock_date snapshot_date 日期",
    "ad_spend.spend_id": "id row_id report_id",
    "spend_on": "date day report_date segments_date reporting_starts date_start 日期 时间",
    "source": "utm_source platform publisher network channel media_source 来源",
    "medium": "utm_medium",
    "campaign": "campaign_name utm_campaign campaign_id 推广计划 计划名称",
    "ad_group": "ad_set adset_name ad_group_name adgroup 单元",
    "impressions": "views shows impr lifetime_post_total_impressions 展现量 展示数",
    "clicks": "click link_clicks 点击量 点击数",
    "spend": "cost amount_spent ad_spend cost_usd spent budget 花费 消费",
    "touch_id": "event_id id session_id website_session_id click_id hit_id",
    "touch_kind": "event event_type event_name interaction type kind",
    "touched_at": f"{_WHEN} event_time event_timestamp clicked_at session_start visited_at",
    "visitor_id": "visitor cookie cookie_id device_id anonymous_id client_id user_pseudo_id",
    "referrer": "http_referer referer referring_url",
    "landing_page": "landing_page_id page url landing_url page_location",
    "device": "device_type device_category platform",
    "ticket_id": "ticket ticket_no case case_id case_number incident incident_id number 工单号",
    "opened_at": f"{_WHEN} open_date submitted_at sys_created_at 创建时间",
    "first_responded_at": "first_response first_reply_at first_response_at 首次响应时间",
    "resolved_at": "resolved solved_at closed_at closed 解决时间",
    "contact_channel": "contact_type via source channel 渠道",
    "queue": "group assignment_group team department 队列",
    "priority": "urgency severity 优先级",
    "agent_id": "assignee assignee_id assigned_to agent resolved_by",
    "is_within_resolution_target": "made_sla within_sla sla_met",
    "survey_id": "survey response_id review_id answer_id id",
    "survey_kind": "kind type survey_type",
    "responded_at": f"{_WHEN} answered_at review_creation_date review_answer_timestamp",
    "score": "rating review_score stars csat nps points 评分",
    "post_id": "post id media_id article_id",
    "posted_at": f"{_WHEN} published_at publish_date 发布时间",
    "measured_on": "date day metric_date",
    "reach": "lifetime_post_total_reach",
    "likes": "like reactions favourites 点赞",
    "comments": "comment replies 评论",
    "shares": "share reposts retweets compartir 分享",
    "fx_rates.currency": "base from_currency",
    "quote_currency": "quote to_currency",
    "rate_on": "date day",
    "rate": "fx_rate exchange_rate price value 汇率",
    "valid_from": "effective_from from start_date since from_date",
    "valid_to": "effective_to to end_date until to_date",
    "employee_name": "name full_name 姓名",
    "team_id": "team org_unit department unit 部门",
    "role_id": "role job_title position job 岗位",
    "hired_on": "hire_date joined start_date entry_date 入职日期",
    "fixed_amount": "salary base_salary fixed fixed_pay annual_salary 固定薪资",
    "variable_amount": "bonus variable variable_pay target_bonus",
    "completed_on": "completed completion_date date finished_at",
    "hours": "duration_hours duration time_spent",
    "course": "training course_name title",
}
"""By column, or by `entity.column` where a name means other things elsewhere."""

_PERSONAL = (
    "email mail e_mail email_address phone telephone tel mobile mobile_number phone_number "
    "first_name last_name surname full_name customer_name contact_name buyer_name recipient "
    "address street address1 address2 shipping_address billing_address birthday birth_date iban "
    "ssn passport 邮箱 手机 手机号 电话 姓名 收件人 地址 收货地址"
)
PERSONAL = frozenset(_PERSONAL.split())
"""Names of columns that hold personal values."""


def names_of(entity: str, column: str) -> tuple[str, ...]:
    """All names by which a contract's column may go, its own first."""
    listed = f"{SYNONYMS.get(f'{entity}.{column}', '')} {SYNONYMS.get(column, '')}"
    return (column, *dict.fromkeys(listed.split()))
