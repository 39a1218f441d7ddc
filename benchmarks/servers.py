"""Streamlit servers on loopback for the length of a measurement, with the app's own settings."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

ROOT = Path(__file__).parents[1]
APP = ROOT / "monitor_app.py"
START_LIMIT = 60  # seconds
STOP_LIMIT = 10

EMPTY = "# nothing at all\n"
ONE_RADIO = """import streamlit as st

st.radio("Een vraag", ["a", "b", "c", "d", "e"], index=None, key="vraag", horizontal=True)
"""
WITH_ANALYSIS = """import altair, pandas, scipy.stats
from streamlit.web.cli import main

main(prog_name="streamlit")
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True)
class Server:
    process: subprocess.Popen[bytes]
    port: int
    log: Path

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def stream(self) -> str:
        return f"ws://127.0.0.1:{self.port}/_stcore/stream"

    def busy(self) -> float:
        """Processor seconds so far; 0 where the system does not tell."""
        try:
            fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            return 0.0
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def tracebacks(self) -> int:
        return self.log.read_text(encoding="utf-8", errors="replace").count("Traceback")


@contextmanager
def serve(
    script: Path, folder: Path, *, database: str = "", analysis: bool = False
) -> Iterator[Server]:
    """Run `script` until the block ends.

    It runs from the root of the project, so under the same .streamlit/config.toml
    whatever the script. With `analysis`, pandas, SciPy and Altair are loaded before
    the server starts, whether or not the script asks for them.
    """
    port = free_port()
    log = folder / f"server-{port}.log"
    start = ["-c", WITH_ANALYSIS] if analysis else ["-m", "streamlit"]
    environment = {**os.environ, "DATABASE_URL": database} if database else dict(os.environ)
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, *start, "run", str(script), "--server.port", str(port)],
            cwd=ROOT,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    server = Server(process, port, log)
    try:
        _wait_until_healthy(server)
        yield server
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(STOP_LIMIT)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_until_healthy(server: Server) -> None:
    limit = time.monotonic() + START_LIMIT
    while time.monotonic() < limit:
        if server.process.poll() is not None:
            break
        try:
            with urlopen(f"{server.address}/_stcore/health", timeout=5):
                return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError("the server did not start:\n" + server.log.read_text(errors="replace"))


def write_script(folder: Path, name: str, source: str) -> Path:
    path = folder / f"{name}.py"
    path.write_text(source, encoding="utf-8")
    return path
