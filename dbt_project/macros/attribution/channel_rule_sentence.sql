{# What a finding about channel rules means and what to do, of a relation with the columns of channel_rule_findings. #}
{% macro channel_rule_sentence() -%}
    case finding
        when 'shadowed'
            then
                'Rule ' || cast(rule_order as string) || ' (' || channel || ') never decides: all it matches ('
                || cast(touches as string) || ' touches, ' || cast(spend_rows as string)
                || ' spend rows) is taken by earlier rules (' || earlier_rules
                || '). Let it stand where it is a fallback; else move it before them or take it out.'
        when 'never_matched'
            then
                'Rule ' || cast(rule_order as string) || ' (' || channel
                || ') matches nothing in the data. Keep it for what may come, or correct its patterns.'
        else
            'No rule matches '
            || case when source = '' then '(no source)' else source end || ' / '
            || case when medium = '' then '(no medium)' else medium end
            || case when campaign = '' then '' else ', campaign ' || campaign end
            || case when referrer_host = '' then '' else ', from ' || referrer_host end
            || case when click_id = '' then '' else ', click id ' || click_id end
            || ': ' || cast(touches as string) || ' touches and ' || cast(spend_rows as string)
            || ' spend rows count as (other). Add a rule to channel_rules, or correct the tags.'
    end
{%- endmacro %}


{# The same for a combination on every engine and in every build. #}
{% macro combination_hash() -%}
    md5(source || '|' || medium || '|' || campaign || '|' || referrer_host || '|' || click_id)
{%- endmacro %}
