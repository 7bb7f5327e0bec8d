-- One row per role and line of its scorecard, as the rules stand on the day of as_of. Weights of a role add up to 100.
with

roles as (
    select * from {{ ref('dim_owners') }}
    where owner_kind = 'role'
),

lines as (
    select * from {{ ref('scorecard_lines') }}
    where
        owner_kind = 'role'
        and {{ happened_by_as_of('valid_from', 'date') }}
        and (valid_to is null or not {{ happened_by_as_of('valid_to', 'date') }})
),

kpis as (
    select * from {{ ref('dim_kpis') }}
),

curves as (
    select * from {{ ref('int_curves_in_words') }}
),

targets as (
    select * from {{ ref('kpi_targets') }}
    where
        period_grain in ('quarter', '*')
        and {{ happened_by_as_of('valid_from', 'date') }}
        and (valid_to is null or not {{ happened_by_as_of('valid_to', 'date') }})
),

-- A card is read by everybody: only targets that are nobody's own in particular stand on it.
nearest_targets as (
    select
        lines.scorecard_id,
        lines.kpi_id,
        lines.measured_for,
        targets.target,
        targets.red_flag
    from lines
    inner join targets
        on
            lines.kpi_id = targets.kpi_id
            and (
                targets.owner_kind = '*'
                or (targets.owner_kind = lines.measured_for and targets.owner_id = '*')
                or (targets.owner_kind = 'company' and lines.measured_for = 'company')
                or (targets.owner_kind = 'employee' and targets.owner_id = '*' and lines.measured_for = 'own')
                or (
                    targets.owner_kind = 'role' and targets.owner_id = lines.owner_id
                    and lines.measured_for = 'own'
                )
            )
    qualify row_number() over (
        partition by lines.scorecard_id, lines.kpi_id, lines.measured_for
        order by
            case targets.owner_kind when 'role' then 1 when '*' then 3 else 2 end,
            case when targets.owner_id = '*' then 1 else 0 end,
            case when targets.period_grain = '*' then 1 else 0 end
    ) = 1
),

own_targets as (
    select distinct kpi_id from targets
    where owner_kind in ('employee', 'team', 'department') and owner_id <> '*'
),

joined as (
    select
        lines.owner_id as role_id,
        roles.name as role_name,
        roles.name_zh as role_name_zh,
        lines.scorecard_id,
        lines.scorecard_kind,
        lines.kpi_id,
        kpis.name as kpi_name,
        kpis.name_zh as kpi_name_zh,
        kpis.definition,
        kpis.definition_zh,
        kpis.perspective,
        kpis.unit,
        kpis.direction,
        kpis.minimum_sample,
        coalesce(kpis.source, '(none)') as source,
        lines.measured_for,
        lines.weight,
        nearest_targets.target,
        nearest_targets.red_flag,
        own_targets.kpi_id is not null and lines.measured_for <> 'company' as may_be_set_by_owner,
        lines.missing_policy,
        curves.curve_id,
        curves.curve_kind,
        curves.curve_name,
        curves.curve_name_zh,
        curves.score_floor,
        curves.score_cap,
        curves.bands,
        curves.bands_zh
    from lines
    inner join roles on lines.owner_id = roles.owner_id
    inner join kpis on lines.kpi_id = kpis.kpi_id
    inner join curves on lines.curve_id = curves.curve_id
    left join nearest_targets
        on
            lines.scorecard_id = nearest_targets.scorecard_id
            and lines.kpi_id = nearest_targets.kpi_id
            and lines.measured_for = nearest_targets.measured_for
    left join own_targets on lines.kpi_id = own_targets.kpi_id
),

worded as (
    select
        *,
        {{ curve_words('en') }} as how,
        {{ curve_words('zh') }} as how_zh,
        {{ counting_words('en') }} as counts_when,
        {{ counting_words('zh') }} as counts_when_zh
    from joined
),

cards as (
    select
        role_id,
        role_name,
        role_name_zh,
        scorecard_id,
        scorecard_kind,
        kpi_id,
        kpi_name,
        kpi_name_zh,
        definition,
        definition_zh,
        perspective,
        measured_for,
        weight,
        unit,
        target,
        red_flag,
        may_be_set_by_owner,
        curve_id,
        how,
        how_zh,
        source,
        minimum_sample,
        missing_policy,
        counts_when,
        counts_when_zh,
        {{ rule_card_sentence('en') }} as sentence,
        {{ rule_card_sentence('zh') }} as sentence_zh
    from worded
)

select * from cards
