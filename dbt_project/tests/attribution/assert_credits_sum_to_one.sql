-- A conversion is worth one conversion under every model: credits that sum to more or less would make or lose customers.
select
    model_id,
    conversion_id,
    sum(credit) as credit
from {{ keys_to_test(ref('touch_credits'), ['conversion_id'], ['model_id', 'credit']) }}
group by model_id, conversion_id
having abs(sum(credit) - 1) > 1e-9 or min(credit) <= 0
