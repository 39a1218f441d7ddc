"""The parts of the page that shows how far a wave is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

import streamlit as st

from surveys.dutch import format_day, format_percentage, format_short_day, local_day
from surveys.fieldwork import Mode, Wave, WaveState
from surveys.monitoring.actions import Action
from surveys.monitoring.response import (
    MAIL_STATES,
    MODES,
    UNKNOWN_PROVINCE,
    ItemNonResponse,
    LastMail,
    MailState,
    RegionProgress,
    SentMail,
    Stage,
    Steps,
    Submission,
    count_days,
    count_provinces,
    count_steps,
    count_taken_over,
    measure_times,
    name_mail,
    tell_duration,
)
from surveys.monitoring.sheet import make_response_sheet
from surveys.pages.parts.tables import Share, draw_table
from surveys.plain_text import escape_html

_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_ALL = "alle"
_FEW = 5  # regions that are shown at once under a heading of the list to act on
_MOST_SKIPPED = 10  # questions above the fold


def draw_actions(actions: Sequence[Action], state: WaveState) -> None:
    """The list to act on: a heading per kind of matter, and under it what to do for whom."""
    st.header("Wat u nu kunt doen", anchor=False)
    if not actions:
        closed = state is WaveState.CLOSED
        st.text(
            "De meting is gesloten: er is niets meer te doen."
            if closed
            else "Er is nu niets te doen: geen enkele regio heeft aandacht nodig."
        )
    for kind in dict.fromkeys(action.kind for action in actions):
        of_kind = [action for action in actions if action.kind is kind]
        title = f"{kind.value}: {_tell_regions(len(of_kind))}"
        with st.expander(title, expanded=len(of_kind) <= _FEW, key=f"actie-{kind.name.lower()}"):
            for advice in dict.fromkeys(action.advice for action in of_kind):
                st.html(_list_regions(advice, [a for a in of_kind if a.advice == advice]))


def _list_regions(advice: str, actions: Iterable[Action]) -> str:
    lines = "".join(
        f"<li><b>{escape_html(f'{action.number} {action.name}')}</b>: "
        f"{escape_html(action.what)}</li>"
        for action in actions
    )
    return f"<p><b>Wat te doen:</b> {escape_html(advice)}</p><ul>{lines}</ul>"


# How far


def draw_steps(regions: Sequence[RegionProgress]) -> None:
    st.header("Hoe ver de regio's zijn", anchor=False)
    steps = count_steps(regions)
    refused = sum(region.stage is Stage.REFUSED for region in regions)
    if not any(region.invited for region in regions):
        known = "gekomen" if refused else "bekend van deze meting"
        st.text(
            f"Er zijn geen uitnodigingen {known}. Begonnen: {steps.begun}. "
            f"Verzonden: {steps.submitted}.{_tell_refused(refused)}"
        )
        return
    st.text(
        f"Uitgenodigd: {steps.invited} van de {_tell_regions(len(regions))}. Daarvan geopend: "
        f"{steps.opened}, begonnen: {steps.begun}, verzonden: {steps.submitted} "
        f"({format_percentage(steps.submitted / steps.invited)}).{_tell_refused(refused)}"
    )
    draw_table(
        "Van uitgenodigd tot verzonden, in aantallen regio's",
        ["Stap", "Regio's"],
        [
            ["Uitgenodigd", Share(steps.invited, len(regions))],
            ["Geopend", Share(steps.opened, steps.invited)],
            ["Begonnen", Share(steps.begun, steps.invited)],
            ["Verzonden", Share(steps.submitted, steps.invited)],
        ],
    )
    _explain_steps(regions)


def _tell_refused(count: int) -> str:
    return f" Mail geweigerd: {_tell_regions(count)}, nog niet uitgenodigd." if count else ""


def _explain_steps(regions: Sequence[RegionProgress]) -> None:
    taken_over = count_taken_over(regions)
    if taken_over:
        _note(
            f"Van {_tell_regions(taken_over)} zijn de antwoorden in één keer ingelezen. Die tellen "
            "bij elke stap mee, maar niet per dag en niet in de tijd die invullen kostte."
        )
    else:
        _note("Wie telefonisch of op papier antwoordde, telt ook mee bij geopend en begonnen.")


def draw_provinces(regions: Sequence[RegionProgress]) -> None:
    st.header("Per provincie", anchor=False)
    provinces = count_provinces(regions)
    if [*provinces] == [UNKNOWN_PROVINCE]:
        st.text("Van geen enkele regio is de provincie bekend. Vul die aan bij Regio's.")
        return
    draw_table(
        "Van uitgenodigd tot verzonden per provincie, in aantallen regio's",
        ["Provincie", "Uitgenodigd", "Geopend", "Begonnen", "Verzonden"],
        [[name, *_shares(steps)] for name, steps in provinces.items()],
    )


def _shares(steps: Steps) -> list[str | Share]:
    reached = steps.opened, steps.begun, steps.submitted
    return [str(steps.invited), *(Share(count, steps.invited) for count in reached)]


# Over time


def draw_days(
    wave: Wave, regions: Sequence[RegionProgress], mails: Sequence[SentMail], now: datetime
) -> None:
    st.header("Respons per dag", anchor=False)
    days = count_days(regions, mails)
    if not days:
        st.text("Er is nog geen dag waarop een regio verzond of een mail werd verstuurd.")
        return
    # only who comes here waits for it: the respondent's page is in the same process
    from analysis.charts.response import draw_response, tell_response

    runs = wave.state in (WaveState.OPEN, WaveState.CLOSING)
    until = max(days[-1].on, local_day(now)) if runs else days[-1].on
    asked = count_steps(regions).invited if any(region.invited for region in regions) else 0
    st.text(tell_response(days, asked, until))
    st.altair_chart(
        draw_response(days, asked, until, wave.name), theme=None, width="stretch", key="per-dag"
    )
    with st.expander("Dezelfde cijfers als tabel", key="per-dag-tabel"):
        draw_table(
            "Per dag: regio's die voor het eerst verzonden, en mails",
            ["Dag", "Verzonden", "Opgeteld", "Uitnodigingen", "Herinneringen"],
            [
                [format_day(day.on), *map(str, (day.submitted, day.total))]
                + [str(sent or "–") for sent in (day.invitations, day.reminders)]
                for day in days
            ],
        )


def draw_times(regions: Sequence[RegionProgress]) -> None:
    st.header("Tijd om in te vullen", anchor=False)
    times = measure_times(regions)
    if times is None:
        st.text("Nog geen enkele regio heeft de vragenlijst online ingevuld en verzonden.")
        return
    st.text(
        f"Mediaan: {tell_duration(times.median)}, over {_tell_regions(times.count)} die online "
        f"{'invulde' if times.count == 1 else 'invulden'}."
    )
    if times.quartiles:
        lower, upper = map(tell_duration, times.quartiles)
        st.text(f"De middelste helft van de regio's deed er {lower} tot {upper} over.")
    _note("Geteld van beginnen tot voor het eerst verzenden, met de pauzes.")


# What was skipped


def draw_nonresponse(items: Sequence[ItemNonResponse]) -> None:
    st.header("Overgeslagen vragen", anchor=False)
    if not items:
        st.text("Nog geen enkele regio heeft de vragenlijst verzonden.")
        return
    if not any(item.skipped for item in items):
        st.text("Geen enkele vraag is overgeslagen.")
        return
    _draw_items("De vragen die het vaakst zijn overgeslagen", items[:_MOST_SKIPPED])
    if len(items) > _MOST_SKIPPED:
        with st.expander(f"Alle {len(items)} vragen", key="alle-vragen"):
            _draw_items("Hoe vaak elke vraag is overgeslagen", items)
    _note(
        "Van de regio's die verzonden en aan wie de vraag is gesteld. 'Weet niet' en 'n.v.t.' "
        "zijn antwoorden."
    )


def _draw_items(caption: str, items: Iterable[ItemNonResponse]) -> None:
    draw_table(
        caption,
        ["Vraag", "Blok", "Overgeslagen"],
        [[item.text, item.section, Share(item.skipped, item.asked)] for item in items],
    )


# Every region


def draw_regions(wave: str, regions: Sequence[RegionProgress], now: datetime) -> None:
    st.header("Alle regio's", anchor=False)
    shown = _choose(regions)
    draw_table(
        f"{len(shown)} van de {_tell_regions(len(regions))}",
        [
            "Regio",
            "Provincie",
            "Stand",
            "Laatste mail",
            "Geopend",
            "Begonnen",
            "Laatst bewaard",
            "Verzonden",
        ],
        [_tell_region(region, now) for region in shown],
    )
    st.download_button(
        "Deze tabel downloaden (Excel)",
        data=lambda: make_response_sheet(shown, wave, now),
        file_name=f"stand-van-zaken-{local_day(now)}.xlsx",
        mime=_EXCEL,
        on_click="ignore",
        key="stand-xlsx",
    )


def _choose(regions: Sequence[RegionProgress]) -> list[RegionProgress]:
    """The regions that the visitor wants to see."""
    provinces = sorted({region.province or UNKNOWN_PROVINCE for region in regions})
    with st.container(horizontal=True):
        stage = st.selectbox("Stand", [_ALL, *Stage], width=260, key="filter-stand")
        province = st.selectbox("Provincie", [_ALL, *provinces], width=260, key="filter-provincie")
    return [
        region
        for region in regions
        if stage in (_ALL, region.stage) and province in (_ALL, region.province or UNKNOWN_PROVINCE)
    ]


def _tell_region(region: RegionProgress, now: datetime) -> list[str]:
    def tell(at: datetime | None) -> str:
        return _tell_day(at, now) if at else "–"

    mail, draft, done = region.mail, region.draft, region.submission
    return [
        f"{region.number} {region.name}",
        region.province or UNKNOWN_PROVINCE,
        f"{region.stage}, tot '{draft.section}'" if draft else region.stage,
        f"{_tell_mail(mail)}, {tell(mail.at)}" if mail else "–",
        tell(region.opened_at),
        tell(region.begun_at),
        tell(draft.saved_at) if draft else "–",
        tell(done.submitted_at) + _tell_way(done) if done else "–",
    ]


def _tell_mail(mail: LastMail) -> str:
    """'herinnering 2'; what became of it where it was not simply sent."""
    name = name_mail(mail.number)
    return name if mail.state is MailState.SENT else f"{name}: {MAIL_STATES[mail.state]}"


def _tell_way(done: Submission) -> str:
    """' (telefonisch, versie 2)'; nothing for what was submitted online at once."""
    told = [MODES[done.mode]] if done.mode is not Mode.ONLINE else []
    told += [f"versie {done.version}"] if done.version > 1 else []
    return f" ({', '.join(told)})" if told else ""


def _tell_day(at: datetime, now: datetime) -> str:
    """'3 mrt', on one line; with the year where it is not this one."""
    day = local_day(at)
    told = format_short_day(day) if day.year == local_day(now).year else format_day(day)
    return told.replace(" ", "\N{NO-BREAK SPACE}")


def _tell_regions(number: int) -> str:
    return "1 regio" if number == 1 else f"{number} regio's"


def _note(text: str) -> None:
    st.html(f'<p class="toelichting">{escape_html(text)}</p>')
