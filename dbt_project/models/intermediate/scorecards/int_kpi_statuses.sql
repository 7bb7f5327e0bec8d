-- Grain: one row a period and KPI that a scorecard measures for the company, a department or a team: the worst status.
with

kpi_scores as (
    select * from {{ ref('kpi_scores') }}
    where measured_owner_kind in ('company', 'department', 'team')
),

thresholds as (
    select * from {{ ref('objective_statuses') }}
),

curves as (
    select distinct
        curve_id,
        curve_kind
    from {{ ref('scoring_curves') }}
),

-- Each KPI at the highest level at which a scorecard measures it: the company's, else departments', else teams'.
measured as (
    select distinct
        kpi_scores.period_grain,
        kpi_scores.period_start,
        kpi_scores.kpi_id,
        kpi_scores.measured_owner_id,
        curves.curve_kind,
        kpi_scores.attainment
    from kpi_scores
    inner join curves on kpi_scores.curve_id = curves.curve_id
    where kpi_scores.attainment is not null
    qualify dense_rank() over (
        partition by kpi_scores.period_grain, kpi_scores.period_start, kpi_scores.kpi_id
        order by
            case kpi_scores.measured_owner_kind when 'company' then 1 when 'department' then 2 else 3 end
    ) = 1
),

-- A curve's kind may have thresholds of its own: attainment 0 is nothing done of a ratio, the red flag of a range.
judged as (
    select
        measured.period_grain,
        measured.period_start,
        measured.kpi_id,
        measured.attainment,
        thresholds.place
    from measured
    inner join thresholds
        on
            (thresholds.attainment_from is null or measured.attainment >= thresholds.attainment_from)
            and (thresholds.attainment_to is null or measured.attainment < thresholds.attainment_to)
            and thresholds.curve_kind in (measured.curve_kind, '*')
    qualify row_number() over (
        partition by
            measured.period_grain, measured.period_start, measured.kpi_id, measured.measured_owner_id,
            measured.curve_kind, measured.attainment
        order by case thresholds.curve_kind when '*' then 1 else 0 end
    ) = 1
),

worst as (
    select
        period_grain,
        period_start,
        kpi_id,
        max(place) as place,
        min(attainment) as attainment
    from judged
    group by period_grain, period_start, kpi_id
)

select * from worst
