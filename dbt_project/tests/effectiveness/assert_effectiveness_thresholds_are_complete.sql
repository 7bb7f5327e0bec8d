-- A threshold that is missing would be NULL, every comparison with it too, and each KPI would pass for good.
{%- set wanted = [
    'window_weeks', 'minimum_weeks', 'minimum_paired_weeks', 'autocorrelation_lags', 'interval_z', 'significance',
    'meaningful_correlation', 'redundant_correlation', 'minimum_coverage', 'maximum_stale_days', 'minimum_owners',
    'minimum_owner_weeks', 'minimum_discrimination', 'minimum_stability', 'traded_shift', 'close_weeks', 'close_spike',
    'sandbagged_attainment', 'impossible_attainment', 'most_periods', 'target_periods', 'minimum_target_periods',
    'target_fault_share', 'minimum_rated',
] %}
with

thresholds as (
    {{ effectiveness_thresholds(wanted) }}
)

select *
from thresholds
where
    {%- for name in wanted %}
        {{ name }} is null or
    {%- endfor %}
    -- Fewer weeks than columns that are taken out leave nothing.
    minimum_weeks < 12
