"""What respondents agree to: a text per wave, each version kept by its hash."""

from __future__ import annotations

import hashlib

from sqlmodel import Session, select

from db import clock
from db.steps import person, wave_row
from db.tables import ConsentRow, ResponseRow, WaveRow
from db.trail import add_line
from surveys.consent import Consent, ConsentNeeded, check_consent_text
from surveys.fieldwork import Visit


def set_text(session: Session, wave: WaveRow, text: str | None, actor: str) -> None:
    """Ask this of who fills in from now on; None asks nothing. Raises InvalidConsent."""
    body = None if text is None else check_consent_text(text)
    old, new = wave_text(session, wave), None if body is None else _keep(session, body)
    before, after = (text.content_hash if text else None for text in (old, new))
    if before != after:
        wave.consent_id = new.id if new else None
        add_line(session, actor, "wave.consent", f"wave {wave.name}", before, after)


def _keep(session: Session, body: str) -> ConsentRow:
    content_hash = hashlib.sha256(body.encode()).hexdigest()
    kept = session.exec(select(ConsentRow).where(ConsentRow.content_hash == content_hash)).first()
    if kept is None:
        kept = ConsentRow(content_hash=content_hash, body=body, stored_at=clock.now())
        session.add(kept)
        session.flush()
    return kept


def wave_text(session: Session, wave: WaveRow) -> ConsentRow | None:
    return None if wave.consent_id is None else session.get_one(ConsentRow, wave.consent_id)


def text_to_agree_to(
    session: Session, visit: Visit, response: ResponseRow | None
) -> ConsentRow | None:
    """The text of the wave that was not agreed to in this response; a correction asks nothing."""
    if visit.entry is not None and visit.entry.reason is not None:
        return None
    text = wave_text(session, wave_row(session, visit.wave.name))
    return None if response is not None and text and response.consent_id == text.id else text


def give(session: Session, visit: Visit, response: ResponseRow, agreed: str | None) -> None:
    """Keep that the text with the hash `agreed` was agreed to. Raises ConsentNeeded where that
    is not the text that is asked."""
    text = text_to_agree_to(session, visit, response)
    if text is None:
        return
    if agreed != text.content_hash:
        raise ConsentNeeded(Consent(text.content_hash, text.body))
    response.consent_id, response.consented_at = text.id, clock.now()
    subject = f"response {response.id}"
    add_line(session, person(visit), "consent.given", subject, None, text.content_hash)
