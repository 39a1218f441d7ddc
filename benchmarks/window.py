"""A browser window without the browser: Streamlit's protocol over a websocket.

A window keeps what Streamlit's page keeps: the state of every widget on it. It sends
all of them with each rerun, takes over the values that the server sets (`set_value`),
and forgets the widgets that a finished run no longer drew. It never says that it has
cached a message, so every message comes whole.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from typing import Any

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect

LIMIT = 30.0  # seconds that a run may take
TEXTS = ("text_input", "text_area")
CHOICES = ("radio", "selectbox")


class RunFailed(Exception):
    """The script stopped on an error, or its answer did not come."""


class Window:
    def __init__(
        self, stream: str, query: str = "", cookies: Mapping[str, str] | None = None
    ) -> None:
        self._stream = stream
        self._query = query
        self._cookie = "; ".join(f"{name}={value}" for name, value in (cookies or {}).items())
        self._states: dict[str, WidgetState] = {}
        self._page = ""
        self._socket: ClientConnection | None = None
        self.drawn: dict[str, Any] = {}  # per widget key its protobuf, of the last run
        self.received = 0  # bytes
        self.messages = 0

    async def open(self) -> None:
        self._socket = await connect(
            self._stream,
            subprotocols=["streamlit"],
            compression=None,
            max_size=None,
            additional_headers={"Cookie": self._cookie} if self._cookie else None,
        )
        await self.rerun({})

    async def close(self) -> None:
        if self._socket is not None:
            await self._socket.close()

    async def rerun(self, values: Mapping[str, str]) -> float:
        """Choose labels, per key of a radio; the seconds until the script has finished."""
        states = []
        for key, label in values.items():
            state = WidgetState(id=self.drawn[key].id, string_value=label)
            self._states[state.id] = state
        states.extend(self._states.values())
        return await self._run(states)

    async def click(self, key: str) -> float:
        """Press a button; the seconds until the script has finished."""
        pressed = WidgetState(id=self.drawn[key].id, trigger_value=True)
        return await self._run([*self._states.values(), pressed])

    async def _run(self, states: list[WidgetState]) -> float:
        assert self._socket is not None, "open the window first"
        message = BackMsg()
        message.rerun_script.query_string = self._query
        message.rerun_script.page_script_hash = self._page
        message.rerun_script.widget_states.widgets.extend(states)
        data = message.SerializeToString()
        began = time.perf_counter()
        await self._socket.send(data)
        async with asyncio.timeout(LIMIT):
            arrived = await self._receive()
        took = time.perf_counter() - began
        self._take_in(arrived)
        return took

    async def _receive(self) -> list[ForwardMsg]:
        """The messages of a run, until it has finished; those of a run cut short are left out."""
        assert self._socket is not None
        arrived: list[ForwardMsg] = []
        while True:
            data = await self._socket.recv()
            self.received += len(data)
            self.messages += 1
            message = ForwardMsg.FromString(data)
            kind = message.WhichOneof("type")
            if kind == "new_session":
                arrived.clear()
            if kind == "script_finished":
                if message.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY:
                    return arrived
                if message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                    raise RunFailed(f"script_finished {message.script_finished}")
            arrived.append(message)

    def _take_in(self, messages: list[ForwardMsg]) -> None:
        self.drawn = {}
        for message in messages:
            kind = message.WhichOneof("type")
            if kind == "new_session":
                self._page = message.new_session.page_script_hash
            elif kind == "navigation":
                self._page = message.navigation.page_script_hash
            elif kind == "delta" and message.delta.WhichOneof("type") == "new_element":
                element = message.delta.new_element
                kind = element.WhichOneof("type")
                if kind == "exception":
                    raise RunFailed(element.exception.message)
                self._take_in_widget(kind, getattr(element, kind))
        still_there = {widget.id for widget in self.drawn.values()}
        self._states = {id_: s for id_, s in self._states.items() if id_ in still_there}

    def _take_in_widget(self, kind: str, widget: Any) -> None:
        if "id" not in widget.DESCRIPTOR.fields_by_name or not widget.id:
            return
        self.drawn[_key(widget.id)] = widget
        if kind in (*TEXTS, *CHOICES) and (widget.id not in self._states or widget.set_value):
            self._states[widget.id] = _first_state(kind, widget)


def _key(widget_id: str) -> str:
    """The key that the script gave a widget: '$$ID-<hash>-<key>'."""
    return widget_id.split("-", 2)[2]


def _first_state(kind: str, widget: Any) -> WidgetState:
    state = WidgetState(id=widget.id)
    if kind in TEXTS:
        state.string_value = widget.value if widget.set_value else widget.default
    elif widget.set_value:
        if widget.HasField("raw_value"):
            state.string_value = widget.raw_value
    elif widget.HasField("default"):
        state.string_value = widget.options[widget.default]
    return state
