"""Databases of the private cluster: cached templates, cheap clones.

A template is a database with modules installed, named by a hash of all that it is
made from. A clone is a copy at file level, with a hard-linked file store.
"""

import contextlib
import hashlib
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import psycopg2
from psycopg2 import sql

from . import odoo_command, odoo_source, postgres
from .odoo_log import LogReport, complaint_blocks
from .paths import ADDONS, DATA_DIR, LOCK_FILE, OUT, TEST_ADDONS
from .shell import Stop, lock, say, step

# Odoo's own applications that a forwarder or 3PL has before it installs us.
CORE_MODULES = (
    "sale_crm",
    "sale_management",
    "sale_margin",
    "sale_stock",
    "sale_purchase",
    "purchase_stock",
    "stock_account",
    "account",
    "contacts",
    "survey",
    "spreadsheet_dashboard",
)
# On a server that others use too, every name begins with this.
OWN = f"dev_{postgres.TAG}_" if postgres.named_by_user() else ""
KEPT = 2
# Counts the changes to how a template is made (2: with pg_trgm).
RECIPE = 2
BAKE_ASSETS = "env['ir.qweb']._pregenerate_assets_bundles(); env.cr.commit()"


@dataclass(frozen=True)
class Template:
    """A cached database.

    name: what it is for; base: the template it starts from; modules: installed on
    top; demo: with demo data (decided by the root of the chain).
    """

    name: str
    modules: tuple[str, ...]
    base: "Template | None" = None
    demo: bool = False

    @property
    def with_demo(self) -> bool:
        return self.base.with_demo if self.base else self.demo

    def key(self) -> str:
        parts = [self.base.key() if self.base else _platform_key(), str(self.demo)]
        parts += [f"{module}={_source_hash(module)}" for module in self.modules]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:10]

    def database(self) -> str:
        return f"{OWN}tpl_{self.name}_{self.key()}"


PLAIN = Template("plain", CORE_MODULES)
PLAIN_DEMO = Template("plain_demo", CORE_MODULES, demo=True)
CRM = Template("crm", ("logistics_crm",), base=PLAIN)
QUOTE = Template("quote", ("logistics_quote",), base=CRM)
CLV = Template("clv", ("logistics_clv",), base=CRM)
ALL = Template("all", ("logistics_clv",), base=QUOTE)
DEMO = Template(
    "demo", ("logistics_crm", "logistics_quote", "logistics_clv"), base=PLAIN_DEMO
)
BY_ADDON = {"logistics_crm": CRM, "logistics_quote": QUOTE, "logistics_clv": CLV}


def _platform_key() -> str:
    packages = hashlib.sha256(LOCK_FILE.read_bytes()).hexdigest()
    return f"{RECIPE} {odoo_source.find().label} {packages}"


def _source_hash(module: str) -> str:
    """Hash what an installation of an own addon reads; tests and guides are not."""
    folder = next(
        (
            place / module
            for place in (ADDONS, TEST_ADDONS)
            if (place / module).exists()
        ),
        None,
    )
    if folder is None:
        return "core"
    digest = hashlib.sha256()
    skipped = {"tests", "readme", "__pycache__"}
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        if path.is_file() and not skipped.intersection(inside.parts):
            digest.update(str(inside).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


@contextlib.contextmanager
def cursor(database="postgres"):
    connection = psycopg2.connect(dbname=database, **postgres.connection())
    connection.autocommit = True
    try:
        with connection.cursor() as opened:
            yield opened
    finally:
        connection.close()


def exists(database: str) -> bool:
    with cursor() as cr:
        cr.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database])
        return bool(cr.fetchone())


def names() -> list[str]:
    """Return the databases of this checkout, the oldest first."""
    with cursor() as cr:
        cr.execute(
            "SELECT datname FROM pg_database"
            " WHERE NOT datistemplate AND starts_with(datname, %s) ORDER BY oid",
            [OWN],
        )
        return [row[0] for row in cr.fetchall()]


def in_use() -> bool:
    """Tell whether any other session is connected."""
    with cursor() as cr:
        cr.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
        )
        return bool(cr.fetchone()[0])


def filestore(database: str) -> Path:
    return DATA_DIR / "filestore" / database


def clone(source: str, target: str) -> None:
    drop(target)
    with cursor() as cr:
        cr.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                sql.Identifier(target), sql.Identifier(source)
            )
        )
    if filestore(source).exists():
        # Files are named by their content and never rewritten: links are safe.
        subprocess.run(["cp", "-al", filestore(source), filestore(target)], check=True)


def drop(database: str) -> None:
    with cursor() as cr:
        cr.execute(
            sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(
                sql.Identifier(database)
            )
        )
    shutil.rmtree(filestore(database), ignore_errors=True)


def rename(old: str, new: str) -> None:
    with cursor() as cr:
        cr.execute(
            sql.SQL("ALTER DATABASE {} RENAME TO {}").format(
                sql.Identifier(old), sql.Identifier(new)
            )
        )
    if filestore(old).exists():
        filestore(old).rename(filestore(new))


def ensure(template: Template) -> str:
    """Make the template unless it is cached; return its database name."""
    base = ensure(template.base) if template.base else None
    database = template.database()
    with lock(f"template-{template.name}"):
        if not exists(database):
            _drop_older(template)
            with step(f"database '{template.name}' ({', '.join(template.modules)})"):
                _make(template, base, database)
    return database


def _make(template: Template, base: str | None, database: str) -> None:
    draft = f"{OWN}draft_{template.name}_{os.getpid()}"
    drop(draft)
    if base:
        clone(base, draft)
    else:
        with cursor() as cr:
            cr.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(
                    sql.Identifier(draft)
                )
            )
        # Odoo itself does this for the databases that it creates.
        with cursor(draft) as cr:
            cr.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    log = OUT / f"install_{template.name}.log"
    arguments = ["-d", draft, "-i", ",".join(template.modules), "--stop-after-init"]
    if template.with_demo:
        arguments.append("--with-demo")
    failed = odoo_command.run("server", *arguments, log=log)
    report = LogReport.read(log)
    if failed or report.complaints:
        drop(draft)
        lines = "\n".join(complaint_blocks(log))
        raise Stop(f"installing {', '.join(template.modules)} ({log}):\n{lines}")
    odoo_command.shell(draft, BAKE_ASSETS, log=OUT / f"assets_{template.name}.log")
    rename(draft, database)


def _drop_older(template: Template) -> None:
    """Keep the last KEPT versions: another run may be cloning one of them."""
    stem = f"{OWN}tpl_{template.name}"
    versions = [name for name in names() if name.rpartition("_")[0] == stem]
    for database in versions[:-KEPT]:
        drop(database)


@contextlib.contextmanager
def temporary_clone(source: str, purpose: str):
    """Yield the name of a clone that is dropped afterwards."""
    database = f"{OWN}run_{purpose}_{os.getpid()}"
    clone(source, database)
    try:
        yield database
    finally:
        drop(database)


def drop_abandoned() -> None:
    """Drop drafts and clones of runs that died."""
    for database in names():
        kind, _, rest = database.removeprefix(OWN).partition("_")
        process = rest.rpartition("_")[2]
        if kind in ("run", "draft") and not Path(f"/proc/{process}").exists():
            say(f"  dropping the left-over database {database}")
            drop(database)
