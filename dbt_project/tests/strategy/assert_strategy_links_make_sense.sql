-- A strategy map with a cycle, an unknown end or a cause above its effect explains nothing: it stops the build, and the
-- run's output names the link or the whole way of the cycle.
{%- set faults = 'select link, reason from ' ~ ref('int_strategy_link_faults') ~ ' order by link, reason' -%}
{%- do log_rows('strategy_links', faults) %}
{{ faults }}
