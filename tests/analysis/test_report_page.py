"""The page that makes a report: a file of what was chosen, and of nothing else."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from tests.analysis.test_block_pages import example, visit
from tests.analysis.test_result_pages import STEERING_GROUP, example_file, run, text_of

__all__ = ["example", "example_file"]


def downloads(app: AppTest) -> list[str]:
    return [button.proto.label for button in app.get("download_button")]


def test_a_report_is_offered_once_it_is_made() -> None:
    app = visit("report", soort="HTML")
    assert downloads(app) == []
    app.button[0].click().run()
    assert downloads(app) == ["Rapport downloaden (HTML)"]
    assert "gemaakt van de cijfers van dit moment" in text_of(app)


def test_a_report_is_not_offered_as_something_else() -> None:
    app = visit("report", soort="HTML")
    app.button[0].click().run()
    app.radio(key="soort").set_value("PDF").run()
    assert downloads(app) == []


def test_one_wave_makes_no_report() -> None:
    app = run("report", STEERING_GROUP)  # the later wave is not closed yet
    assert "twee metingen met antwoorden nodig" in text_of(app)
    assert not app.button
