{#
    How probable it is that a standard normal lies at least as far from 0 as this column, on either side: Hart's rational
    approximation (1968, algorithm 5666) as G. West gives it ("Better approximations to cumulative normal functions",
    Wilmott, 2005), and the continued fraction beyond 7.07. Within 1e-14 of the truth.
#}
{% macro two_sided_probability(z) -%}
    {%- set above = [
        '0.0352624965998911', '0.700383064443688', '6.37396220353165', '33.912866078383', '112.079291497871',
        '221.213596169931', '220.206867912376',
    ] -%}
    {%- set below = [
        '0.0883883476483184', '1.75566716318264', '16.064177579207', '86.7807322029461', '296.564248779674',
        '637.333633378831', '793.826512519948', '440.413735824752',
    ] -%}
    {%- set bell = 'exp(-' ~ z ~ ' * ' ~ z ~ ' / 2)' -%}
    (case
        when abs({{ z }}) > 37 then cast(0 as double)
        when abs({{ z }}) < 7.07106781186547
            then 2 * {{ bell }} * {{ divide(polynomial(above, z), polynomial(below, z)) }}
        when {{ z }} is not null
            then
                2 * {{ bell }}
                / (abs({{ z }}) + 1 / (abs({{ z }}) + 2 / (abs({{ z }}) + 3 / (abs({{ z }}) + 4 / (abs({{ z }}) + 0.65)))))
                / 2.506628274631
    end)
{%- endmacro %}


{# A polynomial of |x| by Horner's rule, the highest power first; coefficients as text, since they are doubles. #}
{% macro polynomial(coefficients, x) -%}
    {%- set built = namespace(text='cast(' ~ coefficients[0] ~ ' as double)') -%}
    {%- for coefficient in coefficients[1:] -%}
        {%- set built.text = '(' ~ built.text ~ ' * abs(' ~ x ~ ') + ' ~ coefficient ~ ')' -%}
    {%- endfor -%}
    {{ built.text }}
{%- endmacro %}


{# Fisher's z of a correlation: its inverse hyperbolic tangent. A perfect correlation counts as one of 1 - 1e-12. #}
{% macro fisher_z(correlation) -%}
    (0.5 * ln((1 + {{ clamp(correlation, -0.999999999999, 0.999999999999) }})
    / (1 - {{ clamp(correlation, -0.999999999999, 0.999999999999) }})))
{%- endmacro %}


{# The correlation of a Fisher's z. #}
{% macro from_fisher_z(z) -%}
    (1 - 2 / (exp(2 * ({{ z }})) + 1))
{%- endmacro %}


{#
    Pearson's correlation from columns of the sums n, x, y, xx, yy and xy, which are exact; NULL where a side does not
    vary (what rounding leaves of a constant is no variance).
#}
{% macro correlation_of_sums(n, x, y, xx, yy, xy) -%}
    (case
        when {{ n }} * {{ xx }} - {{ x }} * {{ x }} > 1e-9 * {{ n }} * {{ n }}
            and {{ n }} * {{ yy }} - {{ y }} * {{ y }} > 1e-9 * {{ n }} * {{ n }}
            then
                ({{ n }} * {{ xy }} - {{ x }} * {{ y }})
                / sqrt({{ n }} * {{ xx }} - {{ x }} * {{ x }})
                / sqrt({{ n }} * {{ yy }} - {{ y }} * {{ y }})
    end)
{%- endmacro %}


{# A basis column's part in another, by least squares over the fitted rows of a window; 0 of a basis that is used up. #}
{% macro fitted_slope(column, basis, over) -%}
    (case
        when {{ exact_sum('case when is_fitted then ' ~ basis ~ ' * ' ~ basis ~ ' end', over) }} > 1e-9
            then
                {{ exact_sum('case when is_fitted then ' ~ column ~ ' * ' ~ basis ~ ' end', over) }}
                / {{ exact_sum('case when is_fitted then ' ~ basis ~ ' * ' ~ basis ~ ' end', over) }}
        else 0
    end)
{%- endmacro %}


{#
    CTEs without_<basis>, one a basis column: least squares of value on all of them, by Gram and Schmidt. Each step takes a
    basis out of the value and of the bases after it, which leaves the residuals of the joint fit (Frisch and Waugh 1933,
    Lovell 1963). The last basis is the trend: its slope is then that of the joint fit, and the last step also has what
    it adds (trend), from the centred time elapsed. Fitted are the rows with is_fitted, of each quarter and KPI.
#}
{% macro least_squares_steps(first, bases) -%}
    {%- set over = 'over (partition by period_start, kpi_id)' -%}
    {%- set before = namespace(name=first) -%}
    {% for basis in bases -%}
        {%- set later = bases[loop.index:] -%}
        without_{{ basis }} as (
            select
                period_start,
                kpi_id,
                week_start,
                part,
                is_fitted,
                fitted_weeks,
                value - {{ fitted_slope('value', basis, over) }} * {{ basis }} as value,
                {% for column in later -%}
                    {{ column }} - {{ fitted_slope(column, basis, over) }} * {{ basis }} as {{ column }},
                {% endfor -%}
                {% if later -%}
                    elapsed
                {%- else -%}
                    {{ fitted_slope('value', basis, over) }} * elapsed as trend
                {%- endif %}
            from {{ before.name }}
        ),
        {% set before.name = 'without_' ~ basis -%}
    {% endfor -%}
{%- endmacro %}
