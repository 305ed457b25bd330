"""From a fresh machine to Odoo, its packages and PostgreSQL; standard library only."""

import os
import pwd
import shutil

from . import (
    apt,
    chromium,
    odoo_source,
    office,
    postgres,
    python_env,
    server_process,
)
from .paths import CACHE, VENV, VENV_PYTHON
from .shell import Stop, say

__all__ = ["VENV", "VENV_PYTHON", "become_owner", "prepare", "reset"]


def become_owner(root, for_tests: bool = False) -> None:
    """Let root act as the user who owns the checkout, so that both can use it."""
    owner = root.stat().st_uid
    if os.geteuid() == owner:
        return
    if os.geteuid() == 0:
        chromium.prepare()  # needs root
        if for_tests:
            office.prepare()
        facts = pwd.getpwuid(owner)
        os.initgroups(facts.pw_name, facts.pw_gid)
        os.setgid(facts.pw_gid)
        os.setuid(owner)
        os.environ.update(HOME=facts.pw_dir, USER=facts.pw_name)
    elif not os.access(CACHE if CACHE.exists() else root, os.W_OK):
        raise Stop(
            f"This checkout belongs to {pwd.getpwuid(owner).pw_name}: clone it to a"
            " folder of your own."
        )


def prepare() -> None:
    first_time = not odoo_source.STAMP.exists() or not python_env.STAMP.exists()
    if first_time:
        say(
            "First run: preparing Odoo, Python packages and PostgreSQL (2 to 4 minutes)"
        )
    CACHE.mkdir(exist_ok=True)
    python_env.prepare()
    odoo_source.prepare()
    postgres.prepare()
    apt.forget_downloads()


def reset() -> int:
    server_process.stop()
    postgres.remove()
    shutil.rmtree(CACHE, ignore_errors=True)
    if postgres.named_by_user():
        say(
            f"Databases dev_{postgres.TAG}_* on {os.environ['PGHOST']} are still there."
        )
    say("Removed .odoo with its databases; the next ./dev up starts from nothing.")
    return 0
