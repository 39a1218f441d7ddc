"""The file that the evaluator is bringing in, kept for this window until it is taken over."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass, field

import streamlit as st

from surveys.definition import Definition
from surveys.importing import (
    Fault,
    FaultyImport,
    Proposal,
    Table,
    WaveMapping,
    list_sheets,
    parse_mapping,
    propose,
    read_table,
)
from surveys.importing.editing import still_holds
from surveys.pages.parts.messages import draw_faults
from surveys.plain_text import escape_markdown
from surveys.questionnaire import Questionnaire

_WORK, _TURN = "inlezen-werk", "inlezen-beurt"


@dataclass
class Work:
    """A file with the mapping as it is now. `identity`: the file, its sheet and the questionnaire.
    `edition` goes up when the mapping changes otherwise than by its fields, which then begin
    anew. `checked`: the questions of which a doubt was looked at."""

    identity: tuple[str, ...]
    name: str
    content: bytes
    table: Table
    mapping: WaveMapping
    doubts: tuple[Fault, ...]
    kept: str = ""
    edition: int = 0
    checked: set[str] = field(default_factory=set)

    def change(self, mapping: WaveMapping) -> None:
        """Another mapping than its fields show."""
        self.mapping = mapping
        self.edition += 1

    def adopt(self, proposal: Proposal) -> None:
        self.doubts = proposal.doubts
        self.checked = set()
        self.change(proposal.mapping)

    def key(self, name: str) -> str:
        """Of a field that begins anew with another file, questionnaire or kept mapping."""
        about = "\n".join([*self.identity, self.kept])
        return f"inlezen-{name}-{hashlib.sha256(about.encode()).hexdigest()[:8]}"

    def edited_key(self, name: str) -> str:
        """Of a field that also begins anew with another edition of the mapping."""
        return f"{self.key(name)}-{self.edition}"

    def place_key(self, name: str) -> str:
        """Of the field with the column of a question or option."""
        return self.edited_key(f"plaats-{name}")

    def open_doubts(self, item: str) -> list[Fault]:
        """What is doubtful of a question, as long as the mapping still says so. Unknown values
        have a field of their own to say what they stand for."""
        return [
            doubt
            for doubt in self.doubts
            if doubt.place.item == item
            and doubt.code != "unknown_value"
            and still_holds(doubt, self.mapping)
        ]

    def is_doubtful(self, item: str) -> bool:
        return item not in self.checked and bool(self.open_doubts(item))


def tell_question(questionnaire: Questionnaire, item: str) -> str:
    """With its block: the same point may be asked about in several."""
    return f"{questionnaire.section_of(item).title}: {questionnaire.question(item).text}"


def tell_column(work: Work, name: str) -> str:
    """As a spreadsheet names it, with the name it has and its label in SPSS."""
    column = work.table.column(name)
    parts = (column.letter, name, "" if column.label == name else column.label)
    return ": ".join(filter(None, parts))


def ask_work(definition: Definition, regions: Collection[str]) -> Work | None:
    """The file that was chosen, also in an earlier visit to the page; None without one that can
    be read."""
    turn = st.session_state.setdefault(_TURN, 0)
    file = st.file_uploader(
        "Bestand met antwoorden (.xlsx, .csv of .sav)", key=f"inlezen-bestand-{turn}"
    )
    work = st.session_state.get(_WORK)
    if file is not None:
        name, content = file.name, file.getvalue()
    elif isinstance(work, Work):
        name, content = work.name, work.content
        st.text(f"U bent bezig met {name}.")
    else:
        return None
    sheet = _ask_sheet(content)
    identity = (hashlib.sha256(content).hexdigest(), name, sheet or "", definition.content_hash)
    if not isinstance(work, Work) or work.identity != identity:
        work = _begin(identity, content, definition, regions)
        st.session_state.pop(_WORK, None)
        if work is None:
            return None
        st.session_state[_WORK] = work
    _ask_kept_mapping(work, turn)
    return work


def _ask_sheet(content: bytes) -> str | None:
    names = list_sheets(content)
    if len(names) < 2:
        return None
    key = f"inlezen-blad-{hashlib.sha256(content).hexdigest()[:8]}"
    st.session_state.setdefault(key, names[0])
    chosen = st.selectbox("Blad", names, key=key, width=350)
    return chosen if chosen in names else names[0]


def _begin(
    identity: tuple[str, ...], content: bytes, definition: Definition, regions: Collection[str]
) -> Work | None:
    _, name, sheet, _ = identity
    try:
        table = read_table(name, content, sheet or None)
    except FaultyImport as faulty:
        draw_faults(
            "Dit bestand kan niet worden gelezen. Kies een ander bestand, of verbeter dit.",
            [fault.sentence for fault in faulty.faults],
        )
        return None
    proposal = propose(table, definition.questionnaire, regions)
    return Work(identity, name, content, table, proposal.mapping, proposal.doubts)


def _ask_kept_mapping(work: Work, turn: int) -> None:
    """Of this file, or of another with the same columns."""
    with st.expander("Koppeling van een vorige keer gebruiken"):
        file = st.file_uploader(
            "Bewaarde koppeling (.toml)", key=f"inlezen-koppeling-{turn}-{work.identity[0][:8]}"
        )
        if file is None:
            return
        content = file.getvalue()
        kept = hashlib.sha256(content).hexdigest()
        try:
            mapping = parse_mapping(content.decode())
        except FaultyImport as faulty:
            told = [fault.sentence for fault in faulty.faults]
        except UnicodeDecodeError:
            told = ["Dit is geen UTF-8-tekst."]
        else:
            if work.kept != kept:
                work.kept = kept
                work.doubts = ()
                work.change(mapping)
            st.text(f"De koppeling komt uit {file.name}. U kunt haar hieronder nog veranderen.")
            return
        draw_faults(escape_markdown(f"{file.name} kan niet worden gebruikt."), told)


def tell_unfinished() -> str:
    """The name of the file that was left for another page; empty where there is none."""
    work = st.session_state.get(_WORK)
    return work.name if isinstance(work, Work) else ""


def forget_work() -> None:
    """After it was taken over: fresh fields, and no file."""
    st.session_state.pop(_WORK, None)
    st.session_state[_TURN] = st.session_state.get(_TURN, 0) + 1
