-- Weights, teams and pay are prorated by the days of posts: a day that counted twice would count twice in a score.
with

posts as (
    select
        employee_id,
        valid_from,
        valid_to,
        lead(valid_from) over (partition by employee_id order by valid_from) as next_from
    from {{ ref('dim_employees') }}
),

overlapping as (
    select
        employee_id,
        valid_from
    from posts
    where valid_to <= valid_from or (next_from is not null and (valid_to is null or valid_to > next_from))
)

select * from overlapping
