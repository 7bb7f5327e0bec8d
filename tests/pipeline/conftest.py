"""One main job a public data set and one for the README's examples, two at a time.

Each run takes its own home and a minute or so, most of it in one thread: so that a session does not
wait for one after the other, all that its tests need are started when the first of them asks.
"""

import os
import subprocess
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest
from filelock import FileLock
from readme_examples import make_example_home
from real_sets import Published, make_home, make_shared_home, raw_folder, run_home

from orchestration.paths import PROJECT_ROOT, Home

Outcome = tuple[Home, subprocess.CompletedProcess[str]]
Finished = Callable[[str], Published]

# Soon after the last fact of each set: else years of empty quarters would be frozen.
AS_OF = {
    "olist": "2018-11-15",
    "maven_fuzzy_factory": "2015-04-15",
    "channel_touches_2018": "2018-10-15",
    "three_sets": "2017-04-15",
}
FIXTURES = {
    "olist": "olist",
    "fuzzy_factory": "maven_fuzzy_factory",
    "channel_touches": "channel_touches_2018",
    "service_incidents": "three_sets",
    "online_retail": "three_sets",
    "facebook_posts": "three_sets",
    "readme": "readme",
}
# Sets that share one home and one run, to spare two: they fill different tables.
THREE_SETS = ("service_incidents", "online_retail", "facebook_posts")


@pytest.fixture(scope="session")
def finished(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Finished]:
    """Waits for a run by its name; the run must have ended well."""
    asked = {name for item in request.session.items for name in getattr(item, "fixturenames", ())}
    opened: list[Published] = []
    with ThreadPoolExecutor(max_workers=2) as pool:
        runs: dict[str, Future[Outcome]] = {}
        for fixture, name in FIXTURES.items():
            if fixture in asked and name not in runs and _has_data(name):
                runs[name] = pool.submit(_run_once, name, _shared_folder(tmp_path_factory, name))

        def finish(name: str) -> Published:
            home, result = runs[name].result()
            assert result.returncode == 0, f"{result.stdout[-8000:]}\n{result.stderr[-4000:]}"
            opened.append(Published(home))
            return opened[-1]

        yield finish
    for published in opened:
        published.close()


def _shared_folder(factory: pytest.TempPathFactory, name: str) -> Path:
    """A folder that all workers of the session have in common."""
    base = factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / f"run_{name}"
    folder.mkdir(exist_ok=True)
    return folder


def _run_once(name: str, root: Path) -> Outcome:
    """The run by the first worker that asks; the others wait for it and take its home."""
    finished = root / "finished"
    with FileLock(root / "lock"):
        if finished.exists():
            home = Home(Path(finished.read_text(encoding="utf-8")))
            return home, subprocess.CompletedProcess([], 0, "", "")
        home, done = _run(name, root)
        if done.returncode == 0:
            finished.write_text(str(home.root), encoding="utf-8")
        return home, done


def _run(name: str, root: Path) -> Outcome:
    if name == "readme":
        project = root / "project"
        home = make_example_home(PROJECT_ROOT, project)
        clocks = ("--as-of", "2026-04-01", "--known-until", "2026-04-11")
        return home, run_home(home, *clocks, project=project)
    if name == "three_sets":
        home = make_shared_home([s for s in THREE_SETS if raw_folder(s).is_dir()], root / "home")
    else:
        home = make_home(name, root / "home")
    return home, run_home(home, "--as-of", AS_OF[name])


def _has_data(name: str) -> bool:
    sets = THREE_SETS if name == "three_sets" else (name,)
    return name == "readme" or any(raw_folder(each).is_dir() for each in sets)


@pytest.fixture(scope="session")
def olist(finished: Finished) -> Published:
    """Olist's home, run."""
    return _of_set(finished, "olist")


@pytest.fixture(scope="session")
def fuzzy_factory(finished: Finished) -> Published:
    """Maven Fuzzy Factory's home, run."""
    return _of_set(finished, "maven_fuzzy_factory")


@pytest.fixture(scope="session")
def channel_touches(finished: Finished) -> Published:
    """The home of the ad touches of July 2018, run."""
    return _of_set(finished, "channel_touches_2018")


@pytest.fixture(scope="session")
def service_incidents(finished: Finished) -> Published:
    """The home of three sets, run; the events of a service desk are among them."""
    return _of_set(finished, "service_incidents", "three_sets")


@pytest.fixture(scope="session")
def online_retail(finished: Finished) -> Published:
    """The home of three sets, run; the invoices of a gift shop are among them."""
    return _of_set(finished, "online_retail", "three_sets")


@pytest.fixture(scope="session")
def facebook_posts(finished: Finished) -> Published:
    """The home of three sets, run; the posts of a cosmetics brand are among them."""
    return _of_set(finished, "facebook_posts", "three_sets")


@pytest.fixture(scope="session")
def readme(finished: Finished) -> Published:
    """The home that README.md's examples make, run by a copy of the project that has them all."""
    return finished("readme")


def _of_set(finished: Finished, name: str, run: str | None = None) -> Published:
    if not raw_folder(name).is_dir():
        pytest.skip(f"no third-party data: {raw_folder(name)} is absent")
    return finished(run or name)
