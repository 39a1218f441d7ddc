"""What a process makes once. Not with Streamlit's own cache: every visitor can have it emptied."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

_Made = TypeVar("_Made")


class Once(Generic[_Made]):
    """Makes it at the first use; who comes meanwhile waits. Where making fails, the next tries
    again."""

    def __init__(self, make: Callable[[], _Made]) -> None:
        self._make = make
        self._made: list[_Made] = []
        self._making = threading.Lock()

    def __call__(self) -> _Made:
        with self._making:
            if not self._made:
                self._made.append(self._make())
            return self._made[0]

    def clear(self) -> None:
        """Forget it, as a new process does; for tests."""
        with self._making:
            self._made.clear()
