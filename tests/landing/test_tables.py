"""What the door tells on a terminal: awkward names and reasons word for word."""

from rich.console import Console

from orchestration.landing.report import AdmissionReport, FileReport
from orchestration.landing.tables import admission_table


def test_names_and_reasons_are_no_markup() -> None:
    report = AdmissionReport(
        files=[
            FileReport(
                "lines",
                "[red]a\nb.csv",
                1,
                0,
                0,
                {},
                "shop: '[/x]' is wrong",
                "shop: … is wrong",
                False,
            )
        ]
    )
    console = Console(width=200)
    with console.capture() as capture:
        console.print(admission_table(report))
    assert "[red]a\\nb.csv" in capture.get()
    assert "shop: '[/x]' is wrong" in capture.get()
