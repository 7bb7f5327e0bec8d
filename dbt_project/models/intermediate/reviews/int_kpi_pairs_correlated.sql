-- Grain: one row a quarter, KPI, relation and other KPI: what it is declared to drive (outcome) or its counter-KPI
-- (counter), with the correlations of what trend, season and promotions leave. Nothing adds up.
with

thresholds as (
    {{ effectiveness_thresholds(['autocorrelation_lags']) }}
),

quarters as (
    select * from {{ ref('int_kpi_periods') }}
    where period_grain = 'quarter'
),

catalog as (
    select * from {{ ref('kpi_catalog') }}
),

links as (
    select * from {{ ref('strategy_links') }}
    where cause_kind = 'kpi'
),

residuals as (
    select
        period_start,
        kpi_id,
        week_start,
        residual
    from {{ ref('int_kpi_weeks_detrended') }}
    where is_fitted
),

-- Declared, not searched for: the strategy of the quarter's last day, and its lags.
-- Units may move one effect by one cause, each in a row of its own; the company's values are related once.
links_of_quarters as (
    select
        quarters.period_start,
        links.cause_id,
        links.effect_id,
        links.expected_sign,
        links.lag_weeks
    from quarters
    inner join links on {{ in_force_until('links', 'quarters.elapsed_until') }}
    where links.relation = 'drives'
    qualify row_number() over (
        partition by quarters.period_start, links.cause_id, links.effect_id
        order by links.lag_weeks nulls last, links.expected_sign
    ) = 1
),

wanted as (
    select
        period_start,
        cause_id as kpi_id,
        'outcome' as relation,
        effect_id as other_kpi_id,
        expected_sign,
        coalesce(lag_weeks, 0) as lag_weeks
    from links_of_quarters
    union all
    select
        quarters.period_start,
        catalog.kpi_id,
        'counter' as relation,
        catalog.counter_kpi_id as other_kpi_id,
        -- The sign at which both get better together.
        case when counters.direction = catalog.direction then 1 else -1 end as expected_sign,
        0 as lag_weeks
    from quarters
    inner join catalog on {{ in_force_until('catalog', 'quarters.elapsed_until') }}
    inner join catalog as counters
        on
            catalog.counter_kpi_id = counters.kpi_id
            and {{ in_force_until('counters', 'quarters.elapsed_until') }}
),

paired as (
    select
        wanted.period_start,
        wanted.kpi_id,
        wanted.relation,
        wanted.other_kpi_id,
        causes.residual as x,
        effects.residual as y
    from wanted
    inner join residuals as causes
        on wanted.period_start = causes.period_start and wanted.kpi_id = causes.kpi_id
    inner join residuals as effects
        on
            wanted.period_start = effects.period_start
            and wanted.other_kpi_id = effects.kpi_id
            and effects.week_start = cast(causes.week_start + wanted.lag_weeks * interval '7' day as date)
),

-- Ties share the mean of their ranks.
ranked as (
    select
        period_start,
        kpi_id,
        relation,
        other_kpi_id,
        x,
        y,
        rank() over (pair order by x)
        + (count(*) over (partition by period_start, kpi_id, relation, other_kpi_id, x) - 1) / 2.0 as rank_x,
        rank() over (pair order by y)
        + (count(*) over (partition by period_start, kpi_id, relation, other_kpi_id, y) - 1) / 2.0 as rank_y
    from paired
    window pair as (partition by period_start, kpi_id, relation, other_kpi_id)
),

summed as (
    select
        period_start,
        kpi_id,
        relation,
        other_kpi_id,
        cast(count(*) as double) as n,
        {%- for x, y, as in [('x', 'y', ''), ('rank_x', 'rank_y', 'rank_')] %}
            {{ exact_sum(x) }} as {{ as }}sum_x,
            {{ exact_sum(y) }} as {{ as }}sum_y,
            {{ exact_sum(x ~ ' * ' ~ x) }} as {{ as }}sum_xx,
            {{ exact_sum(y ~ ' * ' ~ y) }} as {{ as }}sum_yy,
            {{ exact_sum(x ~ ' * ' ~ y) }} as {{ as }}sum_xy
            {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from ranked
    group by period_start, kpi_id, relation, other_kpi_id
),

-- Of series that remember themselves, n weeks say less than n independent ones do (Bartlett 1935, Pyper and Peterman
-- 1998). A residual has variance 1.
remembered as (
    select
        earlier.period_start,
        earlier.kpi_id,
        {{ days_between('earlier.week_start', 'later.week_start') }} as lag_days,
        {{ exact_sum('earlier.residual * later.residual') }} as product
    from residuals as earlier
    cross join thresholds
    inner join residuals as later
        on
            earlier.period_start = later.period_start
            and earlier.kpi_id = later.kpi_id
            and later.week_start > earlier.week_start
            and later.week_start
            <= earlier.week_start + cast(thresholds.autocorrelation_lags * 7 as integer)
    group by
        earlier.period_start, earlier.kpi_id, {{ days_between('earlier.week_start', 'later.week_start') }}
),

fitted as (
    select
        period_start,
        kpi_id,
        cast(count(*) as double) as weeks
    from residuals
    group by period_start, kpi_id
),

autocorrelations as (
    select
        remembered.period_start,
        remembered.kpi_id,
        remembered.lag_days,
        {{ divide('remembered.product', 'fitted.weeks') }} as autocorrelation
    from remembered
    inner join fitted
        on remembered.period_start = fitted.period_start and remembered.kpi_id = fitted.kpi_id
),

inflations as (
    select
        summed.period_start,
        summed.kpi_id,
        summed.relation,
        summed.other_kpi_id,
        1 + 2 * {{ exact_sum(
            '(1 - causes.lag_days / (7 * summed.n)) * causes.autocorrelation * effects.autocorrelation'
        ) }} as inflation
    from summed
    inner join autocorrelations as causes
        on summed.period_start = causes.period_start and summed.kpi_id = causes.kpi_id
    inner join autocorrelations as effects
        on
            summed.period_start = effects.period_start
            and summed.other_kpi_id = effects.kpi_id
            and causes.lag_days = effects.lag_days
    group by summed.period_start, summed.kpi_id, summed.relation, summed.other_kpi_id
),

declared as (
    select
        wanted.period_start,
        wanted.kpi_id,
        wanted.relation,
        wanted.other_kpi_id,
        wanted.expected_sign,
        wanted.lag_weeks,
        coalesce(summed.n, 0) as weeks,
        {{ correlation_of_sums(
            'summed.n', 'summed.sum_x', 'summed.sum_y', 'summed.sum_xx', 'summed.sum_yy', 'summed.sum_xy'
        ) }} as correlation,
        {{ correlation_of_sums(
            'summed.n', 'summed.rank_sum_x', 'summed.rank_sum_y', 'summed.rank_sum_xx', 'summed.rank_sum_yy',
            'summed.rank_sum_xy'
        ) }} as rank_correlation,
        -- Fewer weeks than there are is caution; more would be hope.
        case
            when inflations.inflation > 1 then {{ divide('summed.n', 'inflations.inflation') }} else summed.n
        end as effective_weeks
    from wanted
    left join summed
        on
            wanted.period_start = summed.period_start
            and wanted.kpi_id = summed.kpi_id
            and wanted.relation = summed.relation
            and wanted.other_kpi_id = summed.other_kpi_id
    left join inflations
        on
            wanted.period_start = inflations.period_start
            and wanted.kpi_id = inflations.kpi_id
            and wanted.relation = inflations.relation
            and wanted.other_kpi_id = inflations.other_kpi_id
)

select * from declared
