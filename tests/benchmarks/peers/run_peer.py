"""One peer, one part: read journeys.parquet, attribute, write Parquet. Runs in the peers' venv.

`python run_peer.py PEER PART JOURNEYS RESULT`. Each peer is called as its documentation says, with
its defaults but for threads (both cores) and, for Markov, self-loops kept, as all others do.
"""

import sys
from collections.abc import Callable
from typing import Any

CORES = 2
SEPARATOR = ">"


def channelattribution(part: str, journeys: str) -> Any:
    import ChannelAttribution
    import pandas as pd

    data = pd.read_parquet(journeys, columns=["path", "conversions", "nulls", "revenue"])
    if part == "heuristics":
        return ChannelAttribution.heuristic_models(
            data, "path", "conversions", var_value="revenue", sep=SEPARATOR, flg_pro=False
        )
    return ChannelAttribution.markov_model(
        data, "path", "conversions", var_value="revenue", var_null="nulls", sep=SEPARATOR,
        order=int(part[-1]), ncore=CORES, seed=1, verbose=False, flg_pro=False,
    )  # fmt: skip


def mam(part: str, journeys: str) -> Any:
    import polars as pl
    from mam.core import MAM

    data = pl.read_parquet(journeys)
    model = MAM(
        df=data, format_type="journey", channels_colname="path",
        journey_with_conv_colname="is_converting", time_till_conv_colname="hours",
        path_separator=SEPARATOR,
    )  # fmt: skip
    if part == "heuristics":
        runs = (
            model.run_first_click, model.run_last_click, model.run_linear,
            model.run_position_based, model.run_time_decay,
        )  # fmt: skip
        shares = [
            run().to_pandas().assign(model=run.__name__).astype({"channels": str}) for run in runs
        ]
        import pandas as pd

        return pd.concat(shares)
    if part == "shapley":
        return model.run_shapley().to_pandas().astype({"channels": str})
    return model.run_markov(transition_to_same_state=True).to_pandas().astype({"channels": str})


def do_attribution(part: str, journeys: str) -> Any:
    import do_attribution as peer
    import pandas as pd

    data = pd.read_parquet(journeys, columns=["path", "conversions"])
    model = (
        peer.ShapleyAttribution(separator=SEPARATOR)
        if part == "shapley"
        else peer.MarkovAttribution(
            order=int(part[-1]), separator=SEPARATOR, removal_strategy="redirect_to_null"
        )
    )
    found = model.fit(data["path"], data["conversions"])
    if found["attribution"] is None:
        found["attribution"] = {}
    effects = found.get("removal_effects") or found["shapley_values"]
    return pd.DataFrame(
        {
            "channel": list(effects),
            "effect": list(effects.values()),
            "share": [found["attribution"].get(channel) for channel in effects],
        }
    )


PEERS: dict[str, Callable[[str, str], Any]] = {
    "ChannelAttribution": channelattribution,
    "marketing_attribution_models": mam,
    "do-attribution": do_attribution,
}


def main(peer: str, part: str, journeys: str, result: str) -> None:
    """Run one part of one peer."""
    PEERS[peer](part, journeys).to_parquet(result)


if __name__ == "__main__":
    main(*sys.argv[1:])
