-- What is shared out is what was converted: shares of a period that did not sum to 1 would make or lose conversions.
-- A removal loses part of the conversions, never more than all, and never makes any.
select
    period_grain,
    period_start,
    conversion_type,
    model_id
from {{ ref('markov_removal_effects') }}
group by period_grain, period_start, conversion_type, model_id
having
    abs(sum(credit_share) - 1) > 1e-9
    or min(removal_effect) < 0
    or max(removal_effect) > 1
    or count(removal_effect) not in (0, count(*))
