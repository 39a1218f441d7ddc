"""The settings of the monitor."""

from __future__ import annotations

from sqlmodel import Session

from db.access import Desk, needs
from db.tables import SettingRow
from surveys.roles import Right
from surveys.settings import Setting, check_setting


def read_setting(session: Session, setting: Setting) -> int:
    row = session.get(SettingRow, setting.name)
    return setting.default if row is None else int(row.value)


class Settings(Desk):
    """The verbs on settings."""

    @needs(*Right)
    def read(self, setting: Setting) -> int:
        """What it was set to, else its default."""
        with self._read() as session:
            return read_setting(session, setting)

    @needs(Right.ADMINISTER)
    def change(self, setting: Setting, value: int) -> None:
        """Raises InvalidSetting."""
        check_setting(setting, value)
        with self._write() as session:
            row = session.get(SettingRow, setting.name)
            old = None if row is None else row.value
            session.merge(SettingRow(name=setting.name, value=str(value)))
            self._log(session, "setting.changed", setting.name, old, str(value))
