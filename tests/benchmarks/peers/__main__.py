"""Steelyard beside the libraries that do the same: `python -m tests.benchmarks.peers`.

The same journeys for all, loading from and writing to Parquet counted. The peers run in a virtual
environment that is made from requirements.txt beside this file, never in the project's own.
`apart` is the total variation between a peer's shares of conversions and Steelyard's.
Prints Markdown; figures are of this machine.
"""

import argparse
import os
import platform
import sys
import tempfile
import venv
from collections.abc import Sequence
from pathlib import Path

import duckdb

from orchestration.paths import Home
from tests.benchmarks.lakes import journey_lake
from tests.benchmarks.measuring import Measured, StepError, measure_command
from tests.benchmarks.peers.steelyard import MARTS, run_part, shares_of

JOURNEYS = 1_000_000
CAP = 600.0
HERE = Path(__file__).parent
PARTS = tuple(MARTS)
NONE = "has none"
LACKS = {
    ("ChannelAttribution", "shapley"): NONE,
    ("marketing_attribution_models", "markov_2"): NONE,
    ("marketing_attribution_models", "markov_3"): NONE,
    ("do-attribution", "heuristics"): NONE,
}
REMARKS = {
    ("ChannelAttribution", "heuristics"): "first, last, linear",
    ("ChannelAttribution", "markov_1"): "simulated",
    ("ChannelAttribution", "markov_2"): "simulated",
    ("ChannelAttribution", "markov_3"): "simulated",
    ("marketing_attribution_models", "heuristics"): "first, last, linear, U, time decay",
    ("marketing_attribution_models", "markov_1"): "split again inside journeys",
    ("marketing_attribution_models", "shapley"): "sets of 4 channels at most",
    ("do-attribution", "markov_1"): "shares only",
    ("do-attribution", "markov_2"): "shares only",
    ("do-attribution", "markov_3"): "shares only",
    ("do-attribution", "shapley"): "other value function; see the features",
}
PEERS = ("ChannelAttribution", "marketing_attribution_models", "do-attribution")
STEELYARD = "steelyard"


def environment(folder: Path) -> Path:
    """The Python of the peers' environment; made, and its packages installed, where missing."""
    python = folder / "bin" / "python"
    if not python.exists():
        venv.create(folder, with_pip=True)
    requirements = str(HERE / "requirements.txt")
    measure_command(
        "installing the peers", [str(python), "-m", "pip", "install", "--quiet", "-r", requirements]
    )
    return python


def peer_row(python: Path, peer: str, part: str, journeys: Path, cap: float) -> str:
    """One peer's part as a row of the table."""
    if (peer, part) in LACKS:
        return f"| {part} | {peer} | | | | | {LACKS[peer, part]} |"
    result = journeys.with_name(f"{peer}_{part}.parquet")
    command = [str(python), str(HERE / "run_peer.py"), peer, part, str(journeys), str(result)]
    try:
        measured = measure_command(f"{peer}, {part}", command, cap)
    except StepError as error:
        print(error, file=sys.stderr)
        why = str(error).strip().splitlines()[-1] if "failed" in str(error) else f"over {cap:.0f} s"
        return f"| {part} | {peer} | | | | | {why} |"
    return _row(part, peer, measured, _apart(part, journeys.parent, result))


def _apart(part: str, home: Path, result: Path) -> str:
    """Total variation between a peer's shares and Steelyard's, where both have them."""
    if part == "heuristics" or not shares_of(home, part).exists():
        return ""
    with duckdb.connect() as connection:
        columns = {row[0] for row in connection.execute(f"describe from '{result}'").fetchall()}
        channel = min(columns & {"channel", "channels", "channel_name"})
        amount = min(columns & {"share", "attribution", "total_conversions"})
        connection.execute(
            f"create view theirs as select {channel} as channel,"
            f" {amount} / sum({amount}) over () as share from '{result}'"
        )
        found = connection.execute(
            "select sum(abs(coalesce(theirs.share, 0) - coalesce(ours.share, 0))) / 2"
            f" from theirs full join '{shares_of(home, part)}' as ours using (channel)"
            " where theirs.share is not null or ours.share is not null"
        ).fetchone()
        known = connection.execute(f"select count({amount}) from '{result}'").fetchone()
    return f"{found[0]:.1e}" if found and known and known[0] else "no shares"


def steelyard_rows(home: Home, part: str) -> list[str]:
    """Steelyard's part, from each start, as rows of the table."""
    measured = run_part(home, part)
    if not measured:
        return [f"| {part} | Steelyard | | | | | no shipped model |"]
    starts = ("SQL, from paths", "SQL, from facts", "dbt build, from the lake")
    return [
        _row(part, f"Steelyard, {start}", each, "")
        for start, each in zip(starts, measured, strict=True)
    ]


def _row(part: str, tool: str, measured: Measured, apart: str, remark: str = "") -> str:
    said = remark or REMARKS.get((tool, part), "")
    return (
        f"| {part} | {tool} | {measured.seconds:.1f} | {measured.cpu_seconds:.1f} "
        f"| {measured.peak_megabytes:,.0f} | {apart} | {said} |"
    )


def bench(
    folder: Path, journeys: int, tools: Sequence[str], parts: Sequence[str], cap: float, env: Path
) -> None:
    """Measure and print a row as soon as it is there."""
    home = Home(folder / "journeys").prepare()
    paths = journey_lake(home, journeys)
    with duckdb.connect() as connection:
        counted = connection.execute(
            "select count(*), sum(len(string_split(path, '>'))), count(distinct path)"
            f" from read_parquet('{paths}')"
        ).fetchone()
    assert counted
    print(
        f"{counted[0]:,} journeys, {counted[1]:,} touches, {counted[2]:,} distinct paths; "
        f"{os.cpu_count()} cores, Python {platform.python_version()}, DuckDB {duckdb.__version__}"
    )
    print("\n| part | tool | seconds | CPU seconds | peak MB | apart | remark |")
    print("| --- | --- | --- | --- | --- | --- | --- |", flush=True)
    peers = [peer for peer in PEERS if peer in tools]
    python = environment(env) if peers else Path(sys.executable)
    for part in parts:
        for row in steelyard_rows(home, part) if STEELYARD in tools else []:
            print(row, flush=True)
        for peer in peers:
            print(peer_row(python, peer, part, paths, cap), flush=True)


def main() -> None:
    """Read the options and measure."""
    tools = (STEELYARD, *PEERS)
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--journeys", type=int, default=JOURNEYS)
    parser.add_argument("--tools", nargs="*", choices=tools, default=list(tools))
    parser.add_argument("--parts", nargs="*", choices=PARTS, default=list(PARTS))
    parser.add_argument("--cap", type=float, default=CAP, help="seconds that a peer may take")
    parser.add_argument("--folder", type=Path, help="where homes are made; default: temporary")
    parser.add_argument("--environment", type=Path, help="the peers' venv; default: temporary")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="steelyard_peers_", dir=options.folder) as name:
        folder = Path(name)
        env = options.environment or folder / "environment"
        bench(folder, options.journeys, options.tools, options.parts, options.cap, env)


if __name__ == "__main__":
    main()
