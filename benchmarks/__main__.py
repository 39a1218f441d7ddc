"""Measure the monitor: `python -m benchmarks [part ...]`.

Without a name all parts run, one after the other, in about nine minutes; not `simulation`,
which measures correctness and writes docs/simulatie.md, in about four minutes.
Everything runs on this machine, on servers and databases made for the occasion, and
stops by itself. Times differ per machine; the ratios are of one and the same run.
The table at the end says which aims were met.
"""

from __future__ import annotations

import argparse
import importlib
import signal
import sys
import time

from benchmarks.findings import Finding, print_table

PARTS = ("answer", "click", "load", "compare", "scaling", "results")
BY_NAME = ("simulation",)


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("parts", nargs="*", metavar="part", help=", ".join(PARTS + BY_NAME))
    parser.add_argument(
        "--seconds", type=float, default=60, help="how long each load lasts (default: 60)"
    )
    parser.add_argument(
        "--rounds", type=int, default=200, help="how many answers are timed (default: 200)"
    )
    given = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the servers are stopped too
    unknown = set(given.parts) - set(PARTS + BY_NAME)
    if unknown:
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    options = {"load": {"seconds": given.seconds}, "answer": {"rounds": given.rounds}}
    findings: list[Finding] = []
    for part in given.parts or PARTS:
        print(f"{part} ...", flush=True)
        began = time.monotonic()
        found = importlib.import_module(f"benchmarks.{part}").measure(**options.get(part, {}))
        findings += found
        print(f"{part} took {time.monotonic() - began:.0f} s", flush=True)
    print()
    print_table(findings)


if __name__ == "__main__":
    main()
