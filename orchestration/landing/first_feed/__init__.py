"""A first feed.yml for files that nobody has described yet: looked at, guessed, and written down.

`samples.py` looks at the files, `words.py` knows other names of columns, `matching.py` finds the
entity and the mapping, `draft.py` writes the YAML. Nothing here admits anything.
"""

from orchestration.landing.first_feed.draft import (
    Draft,
    DraftError,
    copy_samples,
    draft_feed,
    write_draft,
)
from orchestration.landing.first_feed.samples import SampleError

__all__ = ["Draft", "DraftError", "SampleError", "copy_samples", "draft_feed", "write_draft"]
