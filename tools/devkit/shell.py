"""Running programs, saying what happens, and stopping with a remedy."""

import contextlib
import fcntl
import subprocess
import sys
import time

from .paths import CACHE


class Stop(Exception):
    """A fault that the user can mend; its text says how."""


def say(text: str) -> None:
    print(text, flush=True)


@contextlib.contextmanager
def step(text: str):
    """Show a long step while it runs and what it took."""
    start = time.monotonic()
    print(f"  {text} ...", flush=True)
    yield
    print(f"  {text}: {time.monotonic() - start:.1f} s", flush=True)


def run(command, *, remedy="", **options) -> subprocess.CompletedProcess:
    """Run a program quietly; on failure stop with its last words and the remedy."""
    done = subprocess.run(
        [str(part) for part in command],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        text=True,
        check=False,
        **options,
    )
    if done.returncode:
        words = "\n".join(done.stdout.strip().splitlines()[-15:])
        name = " ".join(str(part) for part in command[:3])
        raise Stop(f"{name} ... ended with {done.returncode}:\n{words}\n{remedy}")
    return done


@contextlib.contextmanager
def lock(name: str):
    """Let one process at a time make a thing that several need."""
    folder = CACHE / "locks"
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / name, "w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def main_guard(function) -> int:
    try:
        return function() or 0
    except Stop as fault:
        print(f"dev: {fault}", file=sys.stderr, flush=True)
        return 2
    except KeyboardInterrupt:
        return 130
