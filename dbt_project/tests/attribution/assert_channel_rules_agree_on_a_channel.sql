-- A channel may have many rules, but one group, one name and one answer to whether it is paid for; and the parts of a
-- shop that have no channel are named by the models, not by rules of channels.
select channel
from {{ ref('channel_rules') }}
group by channel
having
    count(distinct channel_group) > 1
    or count(distinct is_paid) > 1
    or count(distinct name) > 1
    or count(distinct name_zh) > 1
    or channel = '(unattributed)'
