-- Whoever answers anonymously must stay so: no figure over fewer than five answers, whatever the catalogue's parameter says.
with

shown as (
    select
        wave,
        team_id,
        answer_count
    from {{ ref('fct_pulse_surveys') }}
    where answer_count < 5 and (not is_withheld or favourable_count is not null or score_sum is not null)
),

emitted as (
    select
        cast(measured_on as string) as wave,
        dimension_value as team_id,
        cast(denominator as bigint) as answer_count
    from {{ ref('kpi_daily') }}
    where kpi_id = 'pulse_engagement' and denominator < 5
),

wrong as (
    select * from shown
    union all
    select * from emitted
)

select * from wrong
