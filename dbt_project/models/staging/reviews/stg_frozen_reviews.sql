with

frozen as (
    select * from {{ lake('frozen_reviews') }}
),

typed as (
    select
        cast(sequence as bigint) as sequence,
        cast(quarter as string) as quarter,
        cast(revision as bigint) as revision,
        cast(period_start as date) as period_start,
        cast(reason as string) as reason,
        cast(was_forced as boolean) as was_forced,
        cast(finding_count as bigint) as finding_count,
        cast(as_of as timestamp) as as_of,
        cast(known_until as timestamp) as known_until,
        cast(code_version as string) as code_version,
        cast(review_sha256 as string) as review_sha256,
        cast(previous_sha256 as string) as previous_sha256
    from frozen
)

select * from typed
