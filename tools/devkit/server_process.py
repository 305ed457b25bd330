"""The running demo server: which process it is, and how it is stopped."""

import os
import signal
import time
from pathlib import Path

from .paths import CACHE

PID_FILE = CACHE / "server.pid"


def record(process: int, port: int) -> None:
    PID_FILE.write_text(f"{process} {port}")


def recorded() -> tuple[int, int]:
    """Return process and port of the running server, or zeros."""
    try:
        process, port = map(int, PID_FILE.read_text().split())
    except (OSError, ValueError):
        return 0, 0
    return (process, port) if _alive(process) else (0, 0)


def stop() -> None:
    process, _port = recorded()
    if process:
        os.killpg(process, signal.SIGTERM)
        for _attempt in range(100):
            if not _alive(process):
                break
            time.sleep(0.1)
        else:
            os.killpg(process, signal.SIGKILL)
    PID_FILE.unlink(missing_ok=True)


def _alive(process: int) -> bool:
    try:
        command = Path(f"/proc/{process}/cmdline").read_text()
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return "odoo" in command and state != "Z"
