-- One row per frozen revision of a quarter, in the order of freezing; each names the hash of the one before it. Nothing adds up.
with

reviews as (
    select * from {{ ref('stg_frozen_reviews') }}
),

marked as (
    select
        sequence,
        quarter,
        revision,
        revision = max(revision) over (partition by quarter) as is_newest_revision,
        period_start,
        reason,
        was_forced,
        finding_count,
        as_of,
        known_until,
        code_version,
        review_sha256,
        previous_sha256,
        -- `steelyard verify` reads the files; here is only what the rows say of each other.
        not {{ differ('previous_sha256', 'lag(review_sha256) over (order by sequence)') }} as is_linked
    from reviews
)

select * from marked
