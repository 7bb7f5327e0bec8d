"""`steelyard freeze`, `verify` and `signing-key`: the quarterly reviews from the command line.

Belongs here: arguments and words. What freezing and verifying do is in `reviews/`.
"""

from typing import Annotated

import typer

from orchestration.session import WRONG_USE, HomeOption, end, fail, session
from orchestration.settings import load_settings


def freeze(
    quarter: Annotated[
        str | None,
        typer.Argument(help="The fiscal quarter, such as 2026-Q3. Default: all that are due."),
    ] = None,
    home: HomeOption = None,
    force: Annotated[
        bool, typer.Option("--force", help="Freeze though something is missing; needs --reason.")
    ] = False,
    revise: Annotated[
        bool,
        typer.Option("--revise", help="Freeze what differs as a further revision; needs --reason."),
    ] = False,
    reason: Annotated[str | None, typer.Option(help="Why; kept in the review.")] = None,
) -> None:
    """Freeze a closed quarter from the published build, or all quarters that are due.

    A frozen revision is never rewritten: freezing again does nothing where nothing differs, and
    --revise writes a further revision with the rows that differ. The head hash that is printed
    vouches for the whole chain: write it down outside of this machine.
    """
    with session(home) as (place, console):
        from orchestration.reviews.chain import read_chain
        from orchestration.reviews.freeze import NoReasonError, Wish, due_quarters
        from orchestration.reviews.quarters import Quarter, UnknownQuarterError
        from orchestration.runs import freeze as freeze_all
        from orchestration.serving.build import NothingPublishedError

        settings = load_settings(place.prepare())
        try:
            wish = Wish(force=force, revise=revise, reason=reason)
            chosen = (
                [Quarter.labelled(quarter, settings)] if quarter else due_quarters(place, settings)
            )
        except (NoReasonError, UnknownQuarterError, NothingPublishedError) as error:
            fail(str(error), WRONG_USE)
        if not chosen:
            console.print("No quarter is due: each that is closed and past its grace is frozen.")
            return
        before = {review.sha256 for review in read_chain(place)}
        outcome = freeze_all(place, chosen, wish)
        chain = read_chain(place)
        for review in chain:
            if review.sha256 not in before:
                console.print(
                    f"{review.quarter} revision {review.revision}: {review.folder}",
                    highlight=False,
                    soft_wrap=True,
                )
        if chain and not outcome.failures:
            written = sum(review.sha256 not in before for review in chain)
            told = f"{written} frozen" if written else "Nothing differs and nothing was written"
            console.print(f"{told}; head {chain[-1].sha256}", highlight=False, soft_wrap=True)
        end([*outcome.failures, *outcome.wrong])


def verify(
    home: HomeOption = None,
    head: Annotated[
        str | None, typer.Option(help="A head hash that you kept: the chain must still hold it.")
    ] = None,
) -> None:
    """Check every frozen file, every signature and the chain; ends with 1 where one was touched."""
    with session(home) as (place, console):
        from orchestration.reviews.chain import read_chain
        from orchestration.reviews.verification import verify as wrong_in

        problems = wrong_in(place, head)
        chain = read_chain(place)
        if not problems:
            told = f"{len(chain)} reviews hold" if chain else "nothing is frozen yet"
            ends = f"; head {chain[-1].sha256}" if chain else ""
            console.print(f"{told}{ends}", highlight=False, soft_wrap=True)
        end(problems)


def signing_key(home: HomeOption = None) -> None:
    """Make an Ed25519 key in secrets/ with which reviews are signed from now on."""
    with session(home) as (place, console):
        from orchestration.reviews.signing import SigningKeyExistsError, make_signing_key

        try:
            key = make_signing_key(place.prepare())
        except SigningKeyExistsError as error:
            fail(str(error), WRONG_USE)
        console.print(
            f"public key {key}: write it down outside of this machine, and back secrets/ up",
            highlight=False,
            soft_wrap=True,
        )
