-- Grain: one row a replicate and bucket that it draws. As many draws as there are buckets, with replacement, by a hash:
-- the same in every build.
with

replicates as (
    select {{ each_number(1, var('bootstrap_replicates')) }} as replicate
),

places as (
    select {{ each_number(1, var('bootstrap_buckets')) }} as place
),

draws as (
    select
        replicates.replicate,
        {{ tie_hash("cast(replicates.replicate as string) || '|' || cast(places.place as string)") }}
        % {{ var('bootstrap_buckets') }} as bucket
    from replicates
    cross join places
),

counted as (
    select
        cast(replicate as bigint) as replicate,
        bucket,
        count(*) as times
    from draws
    group by replicate, bucket
)

select * from counted
