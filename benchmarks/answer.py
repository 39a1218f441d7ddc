"""One answer's round trip, against the rerun of an empty Streamlit script.

Three servers are up at once: the app, a script with nothing in it (the reference) and
a script with one radio. They are asked in turn, so that what else the machine does
hits all three alike. A round trip is the time from sending the rerun message with one
changed radio until the message that the script has finished; for the app the answer
is committed to the database by then, and what was kept is counted afterwards.

Between two round trips there is a short rest, as between two answers of a person.
Without it Linux withholds the acknowledgement of the server's first message for 40 ms,
and the server, which has Nagle's algorithm on, withholds its next small one as long.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from statistics import median

from benchmarks.fieldwork import Respondent, lost_answers, open_fieldwork
from benchmarks.findings import Finding, milliseconds, percentile
from benchmarks.servers import APP, EMPTY, ONE_RADIO, serve, write_script
from benchmarks.window import Window

AIM = 1.5
WARM_UP = 30
REST = 0.05  # seconds

Ask = Callable[[], Awaitable[float]]


def measure(rounds: int = 200) -> list[Finding]:
    with tempfile.TemporaryDirectory() as name, open_fieldwork(Path(name), 1) as fieldwork:
        folder = Path(name)
        with (
            serve(APP, folder, database=fieldwork.url) as app,
            serve(write_script(folder, "empty", EMPTY), folder) as empty,
            serve(write_script(folder, "one_radio", ONE_RADIO), folder) as one_radio,
        ):
            respondent = Respondent(app.stream, fieldwork.tokens[0], seed=1)
            windows = Window(empty.stream), Window(one_radio.stream)
            times = asyncio.run(_take_turns(respondent, *windows, rounds))
        lost = lost_answers(fieldwork, [respondent])
    return _findings(*times, lost, len(respondent.given))


async def _take_turns(
    respondent: Respondent, empty: Window, radio: Window, rounds: int
) -> tuple[list[float], list[float], list[float]]:
    await asyncio.gather(respondent.begin(), empty.open(), radio.open())
    labels = list(radio.drawn["vraag"].options)
    turn = 0

    async def ask_radio() -> float:
        nonlocal turn
        turn += 1
        return await radio.rerun({"vraag": labels[turn % len(labels)]})

    asks: tuple[Ask, ...] = (respondent.answer, lambda: empty.rerun({}), ask_radio)
    times: tuple[list[float], ...] = ([], [], [])
    for _ in range(WARM_UP + rounds):
        for ask, taken in zip(asks, times, strict=True):
            await asyncio.sleep(REST)
            taken.append(await ask())
    for window in (respondent.window, empty, radio):
        await window.close()
    app, nothing, one = (taken[WARM_UP:] for taken in times)
    return app, nothing, one


def _findings(
    app: list[float], empty: list[float], radio: list[float], lost: int, given: int
) -> list[Finding]:
    ratio = median(app) / median(empty)
    spread = f"p50 of {len(app)}, p95 "
    return [
        Finding("answer: empty script (reference)", _middle(empty), spread + _high(empty)),
        Finding("answer: one radio alone", _middle(radio), spread + _high(radio)),
        Finding("answer: one answer in the app", _middle(app), spread + _high(app)),
        Finding("answer: one radio / empty script", f"{median(radio) / median(empty):.2f} x"),
        Finding("answer: app / empty script", f"{ratio:.2f} x", f"<= {AIM} x", ratio <= AIM),
        Finding("answer: answers lost", f"{lost} of {given}", "0", lost == 0),
    ]


def _middle(times: list[float]) -> str:
    return milliseconds(median(times))


def _high(times: list[float]) -> str:
    return milliseconds(percentile(times, 0.95))
