"""The texts of a wave's mails, and what is filled in for a region."""

from __future__ import annotations

import hashlib

from sqlmodel import Session

from db import steps
from db.access import Desk, needs
from db.responses.records import key
from db.tables import MailTextRow, WaveRow
from surveys.dutch import start_of_day
from surveys.mailing.characters import clean_line, clean_lines
from surveys.mailing.default_texts import DEFAULT_TEXTS
from surveys.mailing.standing import Standing
from surveys.mailing.texts import InvalidMailText, MailFields, MailKind, MailText, check_text
from surveys.roles import Right


def read_text(session: Session, wave: WaveRow, kind: MailKind) -> MailText:
    """The wave's own text, else the usual one."""
    row = session.get(MailTextRow, (key(wave), kind.value))
    return DEFAULT_TEXTS[kind] if row is None else MailText(row.subject, row.body)


def fill_fields(wave: WaveRow, region: Standing) -> MailFields:
    """The fields of a mail to a region, without the link and the sender."""
    return MailFields(
        naam=region.name,
        regio=region.region,
        nummer=region.number,
        meting=wave.name,
        link="",
        sluit_op=None if wave.closes_on is None else start_of_day(wave.closes_on),
        afzender="",
    )


class MailTexts(Desk):
    """The verbs on texts. They are not told in the audit trail, as people are named in some:
    a hash tells one from another."""

    @needs(Right.DO_FIELDWORK)
    def read(self, wave: str, kind: MailKind) -> MailText:
        """The wave's own text, else the usual one."""
        with self._read() as session:
            return read_text(session, steps.wave_row(session, wave), kind)

    @needs(Right.DO_FIELDWORK)
    def keep(self, wave: str, kind: MailKind, text: MailText) -> None:
        """From now on this text goes out in the wave. Raises InvalidMailText."""
        faults = check_text(text)
        if faults:
            raise InvalidMailText(faults)
        with self._write() as session:
            row = steps.wave_row(session, wave)
            old, new = _clean(read_text(session, row, kind)), _clean(text)
            if new == old:
                return
            stored = session.get(MailTextRow, (key(row), kind.value))
            if stored is not None:
                session.delete(stored)
                session.flush()
            if new != _clean(DEFAULT_TEXTS[kind]):
                session.add(
                    MailTextRow(
                        wave_id=key(row), kind=kind.value, subject=new.subject, body=new.body
                    )
                )
            self._log(session, "mail.text", f"wave {wave}, {kind}", _tell(old), _tell(new))

    @needs(Right.DO_FIELDWORK)
    def reset(self, wave: str, kind: MailKind) -> None:
        """Back to the usual text."""
        self.keep(wave, kind, DEFAULT_TEXTS[kind])


def _clean(text: MailText) -> MailText:
    """With lines that end in one way, and nothing that cannot be stored."""
    return MailText(clean_line(text.subject), clean_lines(text.body))


def _tell(text: MailText) -> str:
    """'standaardtekst', or enough of its hash to know it again."""
    if text in map(_clean, DEFAULT_TEXTS.values()):
        return "standaardtekst"
    found = hashlib.sha256("\n".join([text.subject, text.body]).encode())
    return f"tekst {found.hexdigest()[:12]}"
