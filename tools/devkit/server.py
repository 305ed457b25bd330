"""./dev up and down: the demo database and the server on it."""

import socket
import subprocess
import time
import urllib.request

from . import chromium, databases, odoo_command, postgres, server_process
from .paths import ADDONS, CACHE, OUT
from .shell import Stop, run, say, step

DATABASE = f"{databases.OWN}demo"
FIRST_PORT = 8069
KEY_FILE = CACHE / "demo.key"
LOG = OUT / "server.log"
OWN = ",".join(sorted(path.parent.name for path in ADDONS.glob("*/__manifest__.py")))


def up() -> int:
    running = address()
    if running:
        say(f"Odoo is running: {running}   login: admin   password: admin")
        return 0
    try:
        chromium.prepare()
    except Stop as fault:
        say(f"  PDF documents cannot be printed yet. {fault}")
    _prepare_database()
    port = _free_port()
    process = _start(port)
    server_process.record(process.pid, port)
    with step("starting Odoo"):
        _wait_until_up(process, port)
    say("")
    say(f"  Odoo:   http://localhost:{port}/odoo")
    say("  login:  admin / admin,  or sales / sales,  pricing / pricing")
    say("  stop:   ./dev down")
    return 0


def down() -> int:
    """Stop Odoo, and PostgreSQL too unless a test run is using it."""
    server_process.stop()
    if postgres.is_running() and databases.in_use():
        say("PostgreSQL keeps running: another command is using it.")
    else:
        postgres.stop()
    return 0


def address() -> str | None:
    process, port = server_process.recorded()
    return f"http://localhost:{port}" if process else None


def _prepare_database() -> None:
    """Make the demo database once; update it when an addon's source has changed."""
    key = databases.DEMO.key()
    if not databases.exists(DATABASE):
        _create_database()
    elif not KEY_FILE.exists() or KEY_FILE.read_text() != key:
        log = OUT / "update.log"
        with step("the addons have changed: updating the demo database"):
            code = odoo_command.run(
                "server", "-d", DATABASE, "-u", OWN, "--stop-after-init", log=log
            )
        if code:
            raise Stop(f"The update failed, see {log}. ./dev reset starts anew.")
    KEY_FILE.write_text(key)


def _create_database() -> None:
    """Clone the demo template; nothing bears its name before it is complete."""
    template = databases.ensure(databases.DEMO)
    with databases.temporary_clone(template, "demo") as draft:
        with step("loading Chinese beside English"):
            run(
                odoo_command.command("i18n loadlang", "-d", draft, "-l", "zh_CN"),
                env=odoo_command.environment(),
            )
        with step("valuing the clients, now that all invoices are there"):
            odoo_command.shell(
                draft,
                "env['logistics.value.run'].create({}).action_compute()\n"
                "env.cr.commit()",
            )
        databases.rename(draft, DATABASE)


def _start(port: int) -> subprocess.Popen:
    LOG.parent.mkdir(parents=True, exist_ok=True)
    with open(LOG, "w") as stream:
        return subprocess.Popen(
            odoo_command.command(
                "server",
                "-d",
                DATABASE,
                f"--http-port={port}",
                f"--db-filter=^{DATABASE}$",
            ),
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=subprocess.STDOUT,
            env=odoo_command.environment(),
            start_new_session=True,
        )


def _wait_until_up(process: subprocess.Popen, port: int) -> None:
    for _attempt in range(600):
        if process.poll() is not None:
            raise Stop(f"Odoo stopped at once:\n{LOG.read_text()[-2000:]}")
        try:
            url = f"http://{odoo_command.HOST}:{port}/web/health"
            with urllib.request.urlopen(url, timeout=5) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.1)
    raise Stop(f"Odoo does not answer on port {port}, see {LOG}")


def _free_port() -> int:
    for port in range(FIRST_PORT, FIRST_PORT + 50):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((odoo_command.HOST, port))
            except OSError:
                continue
            return port
    raise Stop(f"No free port between {FIRST_PORT} and {FIRST_PORT + 49}.")
