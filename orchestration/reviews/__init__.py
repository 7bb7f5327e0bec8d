"""Reviews: closed quarters, frozen once and chained by hash. The one state that cannot be rebuilt.

What a score is belongs in dbt_project; here it is only written down and vouched for.
"""
