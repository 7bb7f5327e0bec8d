-- A conversion is worth one conversion under every model: credits that sum to more or less would make or lose customers.
select
    model_id,
    conversion_id,
    sum(credit) as credit
from {{ ref('touch_credits') }}
group by model_id, conversion_id
having abs(sum(credit) - 1) > 1e-9 or min(credit) <= 0
