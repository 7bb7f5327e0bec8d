-- Two models share out the same conversions: what one gives a channel more, it takes from others.
select
    period_grain,
    period_start,
    conversion_type,
    model_id,
    other_model_id
from {{ ref('model_comparison') }}
group by period_grain, period_start, conversion_type, model_id, other_model_id
having (abs(sum(share) - 1) <= 1e-9 and abs(sum(other_share) - 1) <= 1e-9) is not true
