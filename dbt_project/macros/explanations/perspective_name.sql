{# The name of a perspective of the balanced scorecard. #}
{% macro perspective_name(perspective, language) -%}
    {%- set names = {
        'financial': ('Financial', '财务'),
        'customer': ('Customer', '客户'),
        'internal_process': ('Internal process', '内部流程'),
        'learning_growth': ('Learning and growth', '学习与成长'),
    } -%}
    case {{ perspective }}
    {%- for id, name in names.items() %}
        when '{{ id }}' then '{{ name[0] if language == 'en' else name[1] }}'
    {%- endfor %}
        else {{ perspective }}
    end
{%- endmacro %}
