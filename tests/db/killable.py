"""Work in a process that a test kills at any moment and starts again at once.

Run as a script it loads a module of this folder, and for every line that comes in it forks a child
that calls the module's `work`: so a new start costs no time for imports. What the child prints is
told on; after its end comes a line 'gone' with its exit code.
"""

from __future__ import annotations

import importlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

ROOT = Path(__file__).parents[2]


class Killable:
    """`work(*arguments)` of a module of tests/db, again and again."""

    def __init__(self, module: str, *arguments: str) -> None:
        self._parent = subprocess.Popen(
            [sys.executable, "-m", "tests.db.killable", f"tests.db.{module}", *arguments],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._child = 0
        self.exit_code: int | None = None

    def run(self) -> Iterator[str]:
        """Start the work; what it prints, line by line, until it ends. Its end is in `exit_code`,
        which is negative where it was killed."""
        assert self._parent.stdin is not None
        assert self._parent.stdout is not None
        self._parent.stdin.write("start\n")
        self._parent.stdin.flush()
        self._child = int(self._parent.stdout.readline())
        for line in self._parent.stdout:
            if line.startswith("gone "):
                self.exit_code = int(line.split()[1])
                return
            yield line.rstrip("\n")

    def kill(self) -> None:
        """Takes effect at once; what was printed before can still be read."""
        os.kill(self._child, signal.SIGKILL)

    def __enter__(self) -> Killable:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._parent.stdin is not None
        assert self._parent.stdout is not None
        self._parent.stdin.close()
        self._parent.stdout.close()
        self._parent.wait()


def tell(line: str) -> None:
    """Print a line in one piece: a kill never leaves half of it."""
    os.write(sys.stdout.fileno(), f"{line}\n".encode())


def _serve(module: str, *arguments: str) -> None:
    work = importlib.import_module(module).work
    for _ in sys.stdin:
        child = os.fork()
        if child == 0:
            code = 1
            try:
                tell(str(os.getpid()))
                work(*arguments)
                code = 0
            finally:
                sys.stderr.flush()
                os._exit(code)
        _, status = os.waitpid(child, 0)
        tell(f"gone {os.waitstatus_to_exitcode(status)}")


if __name__ == "__main__":
    _serve(*sys.argv[1:])
