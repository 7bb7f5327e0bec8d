-- A type of conversion whose kind or value makes no sense would count conversions that are none: it stops the build,
-- and the run's output names the row and the reason.
{%- do log_rows('conversion_types', conversion_type_faults()) %}
{{ conversion_type_faults() }}
