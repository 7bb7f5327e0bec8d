{#
    Scoring curves, for whatever has an attainment and a curve_id: KPI lines, key results, coefficients of pay. Join
    int_scoring_bands on the curve and on `band_holds`, then take `curve_score`:

        left join bands on x.curve_id = bands.curve_id and band_holds('x.attainment')
#}

{# Whether a band is the one that an attainment falls into; of a NULL attainment none is. #}
{% macro band_holds(attainment, bands='bands') -%}
    (
        {{ attainment }} is not null
        and ({{ bands }}.holds_from is null or {{ attainment }} >= {{ bands }}.holds_from)
        and ({{ bands }}.holds_until is null or {{ attainment }} < {{ bands }}.holds_until)
    )
{%- endmacro %}


{#
    The score on the line of the band joined, held between floor and cap: the curve's own, or those given where they
    are not NULL. To nine places, as attainments are; NULL where no band was joined.
#}
{% macro curve_score(attainment, bands='bands', score_floor='null', score_cap='null') -%}
    round({{ clamp(
        '(' ~ bands ~ '.score_from + (' ~ attainment ~ ' - ' ~ bands ~ '.attainment_from) * ' ~ bands ~ '.slope)',
        'coalesce(' ~ score_floor ~ ', ' ~ bands ~ '.score_floor)',
        'coalesce(' ~ score_cap ~ ', ' ~ bands ~ '.score_cap)'
    ) }}, 9)
{%- endmacro %}
