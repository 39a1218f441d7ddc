"""A real server on an own database, a line to it that can be cut, and a real Chromium."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from selectors import EVENT_READ, DefaultSelector

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from analysis.example import solve_example
from analysis.published import read_published
from db.store import Store, open_store
from surveys.definition import DEFINITIONS, Definition, read_definition
from surveys.example import plan_example_waves, read_example_register
from surveys.fieldwork import WaveState

ROOT = Path(__file__).parents[2]
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

expect.set_options(timeout=45_000)  # two servers and a browser may share a busy machine


HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Once more where it failed, and told so in the summary: on a machine that is busy with other
    work a browser can swallow a click while the page wakes."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.flaky(reruns=2))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment() -> dict[str, str]:
    """What a server is told when it starts, such as where mail goes to."""
    return {name: value for name, value in os.environ.items() if name != "PYTEST_CURRENT_TEST"}


class Server:
    """The app as `make run` starts it, on a database of its own."""

    def __init__(self, folder: Path, *options: str, port: int | None = None) -> None:
        self.options = options
        self.url = f"sqlite:///{folder / 'monitor.sqlite'}"
        self.port = port or free_port()
        self.log: list[str] = []
        self._checked = 0  # lines of the log
        self.store: Store = open_store(self.url)
        self.start()

    def start(self) -> None:
        command = [sys.executable, "-m", "streamlit", "run", "monitor_app.py"]
        self._environment = environment()
        self._process = subprocess.Popen(
            [*command, "--server.port", str(self.port), *self.options],
            cwd=ROOT,
            env={**self._environment, "DATABASE_URL": self.url},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self.log.append(line)
            if "URL:" in line:
                break
        else:
            pytest.fail("the server did not start:\n" + "".join(self.log))
        self._listener = threading.Thread(target=self.log.extend, args=(self._process.stdout,))
        self._listener.start()

    def kill(self) -> None:
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()
        self._listener.join()
        assert self._process.stdout is not None
        self._process.stdout.close()

    def renew(self, empty_database: Path) -> None:
        """Make it as at the start: its database empty, and with the environment of now."""
        if self._environment != environment():
            self.kill()
        if self._process.poll() is not None:
            self.start()
        file = self.url.removeprefix("sqlite:///")
        with (
            closing(sqlite3.connect(empty_database)) as empty,
            closing(sqlite3.connect(file)) as own,
        ):
            empty.backup(own)

    def check_log(self) -> None:
        """No traceback in what was logged since this was last asked."""
        lines = self.log[self._checked :]
        self._checked += len(lines)
        assert not [line for line in lines if "Traceback" in line], "".join(lines)

    def close(self) -> None:
        self.kill()
        self.store.close()
        self.check_log()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"


class Line:
    """A connection to the server that a test can cut and mend."""

    def __init__(self, target: int) -> None:
        self._target = target
        self._whole = True
        self._pairs: set[tuple[socket.socket, socket.socket]] = set()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._accepting = threading.Thread(target=self._accept)
        self._accepting.start()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            if not self._whole:
                near.close()
                continue
            try:
                far = socket.create_connection(("127.0.0.1", self._target))
            except OSError:
                near.close()
                continue
            self._pairs.add((near, far))
            threading.Thread(target=self._carry, args=(near, far), daemon=True).start()

    def _carry(self, near: socket.socket, far: socket.socket) -> None:
        with DefaultSelector() as selector:
            selector.register(near, EVENT_READ, far)
            selector.register(far, EVENT_READ, near)
            try:
                while True:
                    for key, _ in selector.select():
                        data = key.fileobj.recv(65536)  # type: ignore[union-attr]
                        if not data:
                            return
                        key.data.sendall(data)
            except (OSError, ValueError):
                return
            finally:
                near.close()
                far.close()

    def cut(self) -> None:
        self._whole = False
        for pair in list(self._pairs):
            for end in pair:
                try:
                    end.shutdown(socket.SHUT_RDWR)
                except OSError:
                    continue
        self._pairs.clear()

    def mend(self) -> None:
        self._whole = True

    def close(self) -> None:
        self.cut()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._accepting.join()
        self._listener.close()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    found = (shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome"))
    path = next((path for path in found if path), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 1200, "height": 900}, locale="nl-NL")
    yield context.new_page()
    context.close()


@pytest.fixture(scope="session")
def lasting_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("server"))
    yield server
    server.close()


@pytest.fixture
def server(lasting_server: Server, empty_database: Path) -> Iterator[Server]:
    """One that did not start for this test alone, which takes longer than most tests: it is
    emptied, and started anew where it was killed or is to have another environment."""
    lasting_server.renew(empty_database)
    yield lasting_server
    lasting_server.check_log()


@pytest.fixture(scope="session")
def example_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example data, to copy."""
    file = tmp_path_factory.mktemp("example") / "monitor.sqlite"
    waves = plan_example_waves(solve_example(read_published()))
    with closing(open_store(f"sqlite:///{file}")) as store:
        store.waves.load_example(read_example_register(), waves)
    return file


@pytest.fixture
def example(lasting_server: Server, example_database: Path) -> Iterator[Server]:
    """One that shows the example data."""
    lasting_server.renew(example_database)
    yield lasting_server
    lasting_server.check_log()


@pytest.fixture
def line(server: Server) -> Iterator[Line]:
    line = Line(server.port)
    yield line
    line.close()


def open_wave(store: Store, definition: Definition, name: str = "2024") -> str:
    """An open wave with one region; its token."""
    store.waves.add(name, definition, state=WaveState.OPEN)
    store.regions.add([("01", "Regio 01")])
    return store.invitations.renew("01", name)


@pytest.fixture
def token(server: Server) -> str:
    definition = read_definition(DEFINITIONS / "sto_programmaleiders_2024.toml")
    return open_wave(server.store, definition)


@pytest.fixture
def all_types_token(server: Server) -> str:
    definition = read_definition(ROOT / "tests/definitions/all_types.toml")
    return open_wave(server.store, definition)


def stored_answers(server: Server, token: str) -> dict[str, object]:
    form = server.store.forms.find(server.store.forms.visit(token))
    return {} if form is None else dict(form.answers)


def turn_page(page: Page, button: str) -> None:
    """Go on or back, and wait until the page that was there is gone (both show for a moment)."""
    title = page.get_by_role("heading", level=1).inner_text()
    page.get_by_role("button", name=button, exact=True).click()
    expect(page.get_by_role("heading", level=1, name=title, exact=True)).to_have_count(0)
    expect(page.get_by_role("heading", level=1)).to_have_count(1)


def choose_option(page: Page, label: str, option: str) -> None:
    """Type into a list and take the first option that is left."""
    box = page.get_by_role("combobox", name=label)
    box.fill(option)
    expect(page.get_by_role("option", name=option).first).to_be_visible()
    box.press("ArrowDown")
    box.press("Enter")
    expect(page.get_by_role("option")).to_have_count(0)


def sign_in(page: Page, server: Server, name: str, password: str) -> None:
    page.goto(f"{server.address}/aanmelden")
    page.get_by_label("Naam of e-mailadres").fill(name)
    page.get_by_label("Wachtwoord").fill(password)
    page.get_by_role("button", name="Aanmelden").click()
    expect(page.get_by_role("button", name="Afmelden")).to_be_visible()
