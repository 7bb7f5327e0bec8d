"""Settings and clocks: defaults, words for mistakes, and what dbt is told."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from orchestration.paths import Home
from orchestration.settings import (
    Clocks,
    Settings,
    SettingsError,
    dbt_environment,
    load_settings,
    parse_instant,
    size_in_bytes,
)

SHANGHAI = Settings(business_timezone="Asia/Shanghai", base_currency="CNY")


def _settings_of(tmp_path: Path, text: str) -> Settings:
    (tmp_path / "steelyard.yml").write_text(text, encoding="utf-8")
    return load_settings(Home(tmp_path))


def test_a_home_needs_no_settings(tmp_path: Path) -> None:
    assert load_settings(Home(tmp_path)) == Settings()
    assert _settings_of(tmp_path, "") == Settings()


def test_what_the_file_says_holds(tmp_path: Path) -> None:
    found = _settings_of(
        tmp_path,
        "business_timezone: Asia/Shanghai\nbase_currency: CNY\nfiscal_year_start: 4\n"
        "grace_days: 5\nretention: 2\n",
    )
    assert found == Settings(
        business_timezone="Asia/Shanghai",
        base_currency="CNY",
        fiscal_year_start=4,
        grace_days=5,
        retention=2,
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("base_curency: CNY", "base_curency: no such setting"),
        ("base_currency: yuan", "base_currency: "),
        ("business_timezone: Mars/Olympus", "'Mars/Olympus' is not a time zone"),
        ("business_timezone: ../../etc", "is not a time zone"),
        ("fiscal_year_start: 13", "fiscal_year_start: "),
        ("grace_days: -1", "grace_days: "),
        ("retention: 0", "retention: "),
        ("- a\n- b", "the file: "),
        ("a: [", "not readable as YAML"),
    ],
)
def test_a_wrong_setting_names_file_and_key(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(SettingsError) as error:
        _settings_of(tmp_path, text)
    assert words in str(error.value) and "steelyard.yml" in str(error.value)


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-08-01", datetime(2026, 7, 31, 16, tzinfo=UTC)),
        ("2026-08-01T12:00", datetime(2026, 8, 1, 4, tzinfo=UTC)),
        ("2026-08-01T12:00+00:00", datetime(2026, 8, 1, 12, tzinfo=UTC)),
        ("2026-08-01T12:00:00Z", datetime(2026, 8, 1, 12, tzinfo=UTC)),
    ],
)
def test_an_instant_without_an_offset_is_in_the_business_time_zone(
    text: str, instant: datetime
) -> None:
    assert parse_instant(text, SHANGHAI) == instant


def test_what_is_no_instant_is_refused() -> None:
    with pytest.raises(SettingsError, match="31/12/2025"):
        parse_instant("31/12/2025", SHANGHAI)


def test_clocks_are_whole_seconds_that_never_exclude_what_was_just_written() -> None:
    clocks = Clocks.at(datetime(2026, 8, 1, 12, 0, 0, 1, tzinfo=UTC))
    assert clocks.known_until == datetime(2026, 8, 1, 12, 0, 1, tzinfo=UTC)
    assert Clocks.at(datetime(2026, 8, 1, tzinfo=UTC)).as_of == datetime(2026, 8, 1, tzinfo=UTC)


@pytest.mark.parametrize("text", ["4", "4G", "lots", "-4GB", "500KB", "80%", "4GB; select 1"])
def test_a_memory_limit_is_a_size(tmp_path: Path, text: str) -> None:
    (tmp_path / "steelyard.yml").write_text(f"memory_limit: '{text}'\n")
    with pytest.raises(SettingsError, match=r"memory_limit: .* is not a size such as 4GB"):
        load_settings(Home(tmp_path))


def test_a_memory_limit_in_bytes() -> None:
    assert [size_in_bytes(text) for text in ("1.5GB", "512MB", "1TB", "4")] == [
        1_500_000_000, 512_000_000, 10**12, 0,
    ]  # fmt: skip


def test_clocks_need_a_time_zone() -> None:
    with pytest.raises(SettingsError, match="time zone"):
        Clocks.at(datetime(2026, 8, 1))


def test_dbt_is_told_home_clocks_and_settings_and_to_keep_quiet(tmp_path: Path) -> None:
    clocks = Clocks(as_of=parse_instant("2026-08-01", SHANGHAI), known_until=datetime.now(UTC))
    told = dbt_environment(Home(tmp_path), SHANGHAI, clocks)
    assert told["STEELYARD_HOME"] == str(tmp_path)
    assert told["STEELYARD_AS_OF"] == "2026-07-31 16:00:00"
    assert told["STEELYARD_BUSINESS_TIMEZONE"] == "Asia/Shanghai"
    assert told["STEELYARD_BASE_CURRENCY"] == "CNY"
    assert told["STEELYARD_FISCAL_YEAR_START"] == "1"
    assert told["DBT_SEND_ANONYMOUS_USAGE_STATS"] == "false"
    assert "STEELYARD_AS_OF" not in dbt_environment(Home(tmp_path), SHANGHAI, None)
