"""The wave at a glance: how far every region is."""

from __future__ import annotations

from sqlmodel import col, select

from db import steps
from db.access import Desk, needs
from db.records import key
from db.tables import InvitationRow, RegionRow, ResponseRow
from surveys.fieldwork import RegionProgress, ResponseState
from surveys.roles import Right


class Monitoring(Desk):
    """The verbs that watch a wave."""

    @needs(Right.DO_FIELDWORK)
    def progress(self, wave: str) -> list[RegionProgress]:
        """Every region with how far it is in the wave; a draft beside a final counts as final."""
        with self._read() as session:
            wave_id = key(steps.wave_row(session, wave))
            states: dict[int, str] = {}
            for region_id, state in session.exec(
                select(ResponseRow.region_id, ResponseRow.state).where(
                    ResponseRow.wave_id == wave_id, col(ResponseRow.state).in_(("draft", "final"))
                )
            ):
                if states.get(region_id) != "final":
                    states[region_id] = state
            invited = set(
                session.exec(
                    select(InvitationRow.region_id).where(
                        InvitationRow.wave_id == wave_id, col(InvitationRow.withdrawn_at).is_(None)
                    )
                )
            )
            return [
                RegionProgress(
                    region_id=key(region),
                    number=region.number,
                    name=region.name,
                    state=ResponseState(states[key(region)]) if key(region) in states else None,
                    invited=key(region) in invited,
                )
                for region in session.exec(select(RegionRow).order_by(RegionRow.number))
            ]
