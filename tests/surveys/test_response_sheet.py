"""The regions of a wave in Excel: every text as it is, moments of a Dutch clock."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from openpyxl import load_workbook

from surveys.fieldwork import Mode
from surveys.monitoring.response import Draft, LastMail, MailState, RegionProgress, Submission
from surveys.monitoring.sheet import make_response_sheet

NOON = datetime(2024, 3, 4, 12, tzinfo=UTC)  # one o'clock in the Netherlands
HOSTILE = '=HYPERLINK("http://elders.example","klik")'


def read(*regions: RegionProgress) -> list[dict[str, Any]]:
    sheet = load_workbook(BytesIO(make_response_sheet(regions, "2024", NOON))).active
    assert sheet is not None
    about, _, heads, *lines = sheet.iter_rows()
    assert about[0].value == "Meting 2024: stand van 4 maart 2024, 13.00 uur"
    assert all(cell.data_type != "f" and cell.hyperlink is None for row in lines for cell in row)
    return [
        {str(head.value): cell.value for head, cell in zip(heads, row, strict=True)}
        for row in lines
    ]


def test_every_region_is_a_line_with_all_that_is_known() -> None:
    done = Submission(NOON, NOON, None, 2, Mode.TELEPHONE, asked=31, skipped=4)
    full = RegionProgress(
        1,
        "01",
        "Regio 01",
        province="Zeeland",
        invited_at=NOON,
        mail=LastMail(2, MailState.SENT, NOON),
        reminders=2,
        opened_at=NOON,
        begun_at=NOON,
        draft=Draft("Borging", NOON),
        submission=done,
    )
    one, two = read(full, RegionProgress(2, "02", "Regio 02"))
    here = NOON.replace(hour=13, tzinfo=None)
    assert one == {
        "Nummer": "01",
        "Regio": "Regio 01",
        "Provincie": "Zeeland",
        "Stand": "verzonden, wordt gewijzigd",
        "Uitgenodigd": here,
        "Laatste mail": "herinnering 2",
        "Stand van de mail": "verstuurd",
        "Mail van": here,
        "Herinneringen": 2,
        "Geopend": here,
        "Begonnen": here,
        "Gekomen tot": "Borging",
        "Laatst bewaard": here,
        "Verzonden": here,
        "Versie": 2,
        "Hoe": "telefonisch",
        "Gestelde vragen": 31,
        "Overgeslagen": 4,
    }
    known = {name: value for name, value in two.items() if value is not None}
    assert known.pop("Provincie", "") == ""
    assert known == {
        "Nummer": "02",
        "Regio": "Regio 02",
        "Stand": "niet uitgenodigd",
        "Herinneringen": 0,
    }


def test_names_are_never_formulas_or_links() -> None:
    (line,) = read(RegionProgress(1, "=1+1", HOSTILE, province="http://elders.example"))
    assert line["Nummer"] == "=1+1"
    assert line["Regio"] == HOSTILE
    assert line["Provincie"] == "http://elders.example"


def test_the_words_of_the_server_stay_out_of_the_file() -> None:
    mail = LastMail(0, MailState.REFUSED, NOON, "550 leider@voorbeeld.nl unknown")
    (line,) = read(RegionProgress(1, "01", "Regio 01", mail=mail))
    assert line["Stand van de mail"] == "geweigerd"
    assert "voorbeeld.nl" not in str(line)
