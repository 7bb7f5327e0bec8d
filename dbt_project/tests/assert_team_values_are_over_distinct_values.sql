-- Two members who own one queue own it once: a team's sum is taken again here, by day and value, without their spans.
with

members as (
    select
        employee_id,
        team_id,
        valid_from,
        coalesce(valid_to, date '9999-12-31') as valid_to
    from {{ ref('dim_employees') }}
),

assignments as (
    select
        employee_id,
        dimension,
        dimension_value,
        valid_from,
        coalesce(valid_to, date '9999-12-31') as valid_to
    from {{ ref('dim_assignments') }}
),

daily as (
    select * from {{ ref('kpi_daily') }}
    where dimension not in ('employee', 'team')
),

team_days as (
    select distinct
        members.team_id,
        daily.kpi_id,
        daily.dimension,
        daily.measured_on,
        daily.dimension_value,
        daily.numerator,
        daily.denominator
    from daily
    inner join assignments
        on
            daily.dimension = assignments.dimension
            and daily.dimension_value = assignments.dimension_value
            and daily.measured_on >= assignments.valid_from
            and daily.measured_on < assignments.valid_to
    inner join members
        on
            assignments.employee_id = members.employee_id
            and daily.measured_on >= members.valid_from
            and daily.measured_on < members.valid_to
),

shares as (
    select kpi_id from {{ ref('dim_kpis') }}
    where kind = 'share'
),

-- Of a share, the denominator of all values of the day, on each day that the team owns one: told by the facts alone.
whole_days as (
    select
        daily.kpi_id,
        daily.dimension,
        daily.measured_on,
        sum(daily.denominator) as denominator
    from daily
    inner join shares on daily.kpi_id = shares.kpi_id
    group by daily.kpi_id, daily.dimension, daily.measured_on
),

team_wholes as (
    select
        whole_days.kpi_id,
        whole_days.dimension,
        whole_days.measured_on,
        whole_days.denominator,
        teams.team_id
    from whole_days
    cross join (select distinct team_id from members) as teams
    where exists (
        select 1
        from assignments
        inner join members
            on
                assignments.employee_id = members.employee_id
                and members.team_id = teams.team_id
                and members.valid_from <= whole_days.measured_on
                and members.valid_to > whole_days.measured_on
        where
            assignments.dimension = whole_days.dimension
            and assignments.valid_from <= whole_days.measured_on
            and assignments.valid_to > whole_days.measured_on
    )
),

team_parts as (
    select
        team_days.team_id,
        team_days.kpi_id,
        team_days.dimension,
        team_days.measured_on,
        team_days.numerator,
        case when shares.kpi_id is null then team_days.denominator end as denominator
    from team_days
    left join shares on team_days.kpi_id = shares.kpi_id
    union all
    select
        team_id,
        kpi_id,
        dimension,
        measured_on,
        0 as numerator,
        denominator
    from team_wholes
),

expected as (
    select
        team_id,
        kpi_id,
        dimension,
        {{ period_start('quarter', 'measured_on') }} as period_start,
        sum(numerator) as numerator,
        sum(denominator) as denominator
    from team_parts
    group by team_id, kpi_id, dimension, {{ period_start('quarter', 'measured_on') }}
),

apart as (
    select
        stated.owner_id,
        stated.kpi_id,
        stated.period_start,
        stated.numerator,
        expected.numerator as expected_numerator
    from {{ ref('kpi_values') }} as stated
    left join expected
        on
            stated.owner_id = expected.team_id
            and stated.kpi_id = expected.kpi_id
            and stated.dimension = expected.dimension
            and stated.period_start = expected.period_start
    where
        stated.owner_kind = 'team'
        and stated.period_grain = 'quarter'
        and stated.dimension not in ('employee', 'team')
        and (
            stated.numerator is distinct from expected.numerator
            or stated.denominator is distinct from expected.denominator
        )
)

select * from apart
