"""dbt's documentation site, built as one page without any request to a network."""

from pathlib import Path

from orchestration.paths import PRIVATE_FOLDER, Home, make_folder
from orchestration.settings import Clocks, Settings
from orchestration.warehouse.project import run_dbt, target_path


def build_docs(home: Home, settings: Settings, clocks: Clocks) -> Path:
    """Generate the site from the project and the warehouse as it stands; the page's path.

    Raises DbtError where dbt fails.
    """
    run_dbt(home, settings, clocks, "docs", "generate", "--static", "--no-compile")
    make_folder(home.docs, PRIVATE_FOLDER)
    page = home.docs / "index.html"
    page.write_bytes((target_path(home) / "static_index.html").read_bytes())
    return page
