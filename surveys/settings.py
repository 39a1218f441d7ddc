"""What the administrator may set."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Setting:
    """A whole number with its bounds; `label`, `effect` and `unit` are Dutch."""

    name: str
    label: str
    effect: str
    unit: str
    default: int
    minimum: int
    maximum: int


REST = Setting(
    "rest_minutes",
    "Afmelden na een tijd zonder gebruik",
    "Wie een account heeft en zo lang niets doet, moet zich opnieuw aanmelden. Programmaleiders "
    "hebben een link en merken hier niets van.",
    "minuten",
    30,
    5,
    480,
)
RETENTION = Setting(
    "retention_months",
    "Namen en e-mailadressen wissen na het sluiten van een meting",
    "Zo lang na de laatste meting waarvoor een programmaleider was uitgenodigd, worden naam en "
    "e-mailadres gewist. De antwoorden blijven.",
    "maanden",
    6,
    1,
    60,
)
SETTINGS = (REST, RETENTION)


class InvalidSetting(Exception):
    """A value out of bounds; the message is Dutch."""


def check_setting(setting: Setting, value: int) -> None:
    """Raise InvalidSetting where the value is out of bounds."""
    if not setting.minimum <= value <= setting.maximum:
        raise InvalidSetting(
            f"{setting.label}: kies een getal van {setting.minimum} tot en met {setting.maximum} "
            f"{setting.unit}."
        )
