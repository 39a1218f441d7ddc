"""Many respondents at once, each a region with its own link, on one server.

Everyone answers a radio every ten seconds, give or take; an answer's time runs from
the moment it was due, so that a client or server that lags behind cannot hide it.
The clients share one process, the server has its own, with pandas, SciPy and Altair
loaded as they are once somebody opened the results. Afterwards every given answer is
looked up in the database.
"""

from __future__ import annotations

import asyncio
import random
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.fieldwork import Respondent, lost_answers, open_fieldwork
from benchmarks.findings import Finding, milliseconds, percentile
from benchmarks.servers import APP, Server, serve

RESPONDENTS = (80, 400)
AIM = 1.0  # seconds, p95 of the largest number
INTERVAL = 10.0
JITTER = 3.0
AT_ONCE = 4  # that open their link at the same time


@dataclass
class Load:
    """What happened while the respondents answered."""

    times: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    client_busy: float = 0.0
    server_busy: float = 0.0


def measure(seconds: float = 60.0, respondents: tuple[int, ...] = RESPONDENTS) -> list[Finding]:
    findings: list[Finding] = []
    for number in respondents:
        findings += _measure_one(number, seconds, has_aim=number == max(respondents))
    return findings


def _measure_one(number: int, seconds: float, *, has_aim: bool) -> list[Finding]:
    with tempfile.TemporaryDirectory() as name, open_fieldwork(Path(name), number) as fieldwork:
        with serve(APP, Path(name), database=fieldwork.url, analysis=True) as server:
            everyone = [
                Respondent(server.stream, token, seed)
                for seed, token in enumerate(fieldwork.tokens)
            ]
            load = asyncio.run(_answer_all(server, everyone, seconds))
            tracebacks = server.tracebacks()
        lost = lost_answers(fieldwork, everyone)
    for error in sorted(set(load.errors)):
        print(f"  error: {error}")
    name = f"load: {number} respondents"
    given = sum(len(respondent.given) for respondent in everyone)
    wrong = len(load.errors) + tracebacks
    high = percentile(load.times, 0.95) if load.times else float("inf")
    aim = (f"p95 < {AIM:.0f} s", high < AIM) if has_aim else ("", None)
    return [
        Finding(f"{name}, p50", milliseconds(percentile(load.times, 0.5) if load.times else high)),
        Finding(f"{name}, p95", milliseconds(high), *aim),
        Finding(f"{name}, errors", f"{wrong} of {given} answers", "0", wrong == 0),
        Finding(f"{name}, answers lost", f"{lost} of {given}", "0", lost == 0),
        Finding(
            f"{name}, busy",
            f"server {load.server_busy:.0%}, client {load.client_busy:.0%} of a core",
        ),
    ]


async def _answer_all(server: Server, everyone: list[Respondent], seconds: float) -> Load:
    load = Load()
    opening = asyncio.Semaphore(AT_ONCE)

    async def begin(respondent: Respondent) -> None:
        async with opening:
            await respondent.begin()

    await asyncio.gather(*(begin(respondent) for respondent in everyone))
    client, server_before, began = time.process_time(), server.busy(), time.monotonic()
    await asyncio.gather(*(_answer_until(r, began + seconds, load) for r in everyone))
    elapsed = time.monotonic() - began
    load.client_busy = (time.process_time() - client) / elapsed
    load.server_busy = (server.busy() - server_before) / elapsed
    await asyncio.gather(*(respondent.window.close() for respondent in everyone))
    return load


async def _answer_until(respondent: Respondent, end: float, load: Load) -> None:
    chance = random.Random(hash(respondent.window))  # noqa: S311
    due = time.monotonic() + chance.uniform(0, INTERVAL)
    while due < end:
        await asyncio.sleep(max(0.0, due - time.monotonic()))
        try:
            await respondent.answer()
            load.times.append(time.monotonic() - due)
        except Exception as error:
            load.errors.append(f"{type(error).__name__}: {error}")
            return
        due = max(due + INTERVAL + chance.uniform(-JITTER, JITTER), time.monotonic())
