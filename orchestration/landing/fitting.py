"""Which of a feed's new files its mapping fits and whose columns have not drifted.

Belongs here: the verdict on columns, before any row is read. The comparison is `drift.py`'s.
"""

from collections.abc import Sequence

import duckdb

from orchestration.landing.drift import Export, is_standing, judge, standing
from orchestration.landing.feed_run import FeedRun
from orchestration.landing.mapping import misfit
from orchestration.landing.sources import RawFile
from orchestration.landing.varying import presented


def fitting(
    run: FeedRun, connection: duckdb.DuckDBPyConnection, files: Sequence[RawFile]
) -> list[RawFile]:
    """The files to read; those that have drifted are set aside, misfits noted in `run.unfit`."""
    varying = run.feed.spec.read.varying_columns
    misfits = {
        shape: misfit(connection, run.feed, presented(shape, varying))
        for shape in {file.shape for file in files}
    }
    new = [_export(run, file, fits=misfits[file.shape] is None) for file in files]
    judgement = judge(new, standing(run.manifest), varying)
    run.report.notes += [f"{run.feed.name}: {note}" for note in judgement.notes]
    fit = []
    for file in files:
        drifted = judgement.drifted.get(file.name, "")
        if problem := misfits[file.shape]:
            run.unfit.append(([file], problem.of_file(drifted)))
        elif not drifted:
            fit.append(file)
        elif run.unmoved([file.name]):
            run.quarantine(file.name, drifted)
    return fit


def _export(run: FeedRun, file: RawFile, fits: bool) -> Export:
    candidate = run.candidates[file.name]
    stands = is_standing(candidate.sha256, run.manifest.files.get(file.name))
    return Export(file.name, candidate.exported_at, file.shape, fits, stands)
