{# A text that no spreadsheet takes for a formula: one that begins like a formula gets a ' in front, any other is as it was. #}
{% macro spreadsheet_text(column) -%}
    case
        when substring({{ column }}, 1, 1) in ('=', '+', '-', '@', chr(9), chr(10), chr(13))
            then chr(39) || {{ column }}
        else {{ column }}
    end
{%- endmacro %}
