-- Paths and states are channels joined by ' > ' between (start) and an end: a channel that holds the separator, or has
-- the name of a state, could not be told from others.
select channel
from {{ ref('channel_rules') }}
where instr(channel, ' > ') > 0 or channel in ('', '(start)', '(conversion)', '(null)')
