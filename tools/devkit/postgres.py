"""The PostgreSQL server: the one that PGHOST names, else a private cluster.

The private cluster listens on a Unix socket only. PostgreSQL refuses to run as root:
then it runs as `postgres` or `nobody`, in a folder that this user can enter.
"""

import hashlib
import os
import pwd
import shutil
import stat
import subprocess
from pathlib import Path

from . import apt
from .paths import CACHE, ROOT
from .shell import Stop, lock, run, step

TAG = hashlib.sha256(str(ROOT).encode()).hexdigest()[:8]
# Socket paths are limited to 107 bytes, so it does not lie under CACHE.
SOCKET_FOLDER = Path(f"/tmp/odoo-{TAG}")
OUTSIDE = Path(f"/var/tmp/odoo-{TAG}")
UNPACKED = CACHE / "pgroot"
LINK = CACHE / "postgres"
ROLE = "odoo"
# A test cluster: what a power cut destroys is made again in a minute.
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_directories": str(SOCKET_FOLDER),
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "jit": "off",
    "shared_buffers": "512MB",
    "max_wal_size": "4GB",
    "max_connections": "200",
}


def named_by_user() -> bool:
    return bool(os.environ.get("PGHOST"))


def connection() -> dict[str, str]:
    """Return what a client needs: host, port, user (PGPASSWORD is read by libpq)."""
    if named_by_user():
        return {
            "host": os.environ["PGHOST"],
            "port": os.environ.get("PGPORT", "5432"),
            "user": os.environ.get("PGUSER", ROLE),
        }
    return {"host": str(SOCKET_FOLDER), "port": "5432", "user": ROLE}


def prepare() -> None:
    """Have the programs of PostgreSQL, and a cluster, and have it running."""
    if named_by_user():
        return
    with lock("postgres"):
        if not _programs():
            _unpack_programs()
        if not LINK.exists():
            _create_cluster()
        if not _running():
            _start()


def is_running() -> bool:
    return not named_by_user() and LINK.exists() and _running()


def stop() -> None:
    if is_running():
        _server_program("pg_ctl", "-D", LINK.resolve(), "-m", "fast", "-w", "stop")


def remove() -> None:
    """Delete the cluster, also where it had to lie outside CACHE."""
    stop()
    for folder in (OUTSIDE, SOCKET_FOLDER):
        shutil.rmtree(folder, ignore_errors=True)
    if LINK.is_symlink():
        LINK.unlink()


def program(name: str) -> Path:
    return _programs() / name


def library_environment() -> dict[str, str]:
    """Return the environment in which the unpacked programs find their libraries."""
    environment = dict(os.environ)
    if _programs() and _programs().is_relative_to(UNPACKED):
        folders = [
            *UNPACKED.glob("usr/lib/*-linux-gnu"),
            *UNPACKED.glob("lib/*-linux-gnu"),
        ]
        environment["LD_LIBRARY_PATH"] = ":".join(map(str, folders))
    return environment


def _programs() -> Path | None:
    places = [UNPACKED / "usr/lib/postgresql", Path("/usr/lib/postgresql")]
    found = [
        path.parent
        for place in places
        for path in place.glob("*/bin/initdb")
        if int(path.parts[-3]) >= 13
    ]
    if found:
        return max(found, key=lambda folder: int(folder.parts[-2]))
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path else None


def _unpack_programs() -> None:
    try:
        environment = apt.private_apt()
    except Stop:
        raise Stop(
            "PostgreSQL is missing. Install it (apt-get install postgresql), or set"
            " PGHOST to a server where your role may create databases."
        ) from None
    depends = run(["apt-cache", "depends", "postgresql"], env=environment).stdout
    major = depends.split("Depends: postgresql-", 1)[1].split()[0]
    wanted = [f"postgresql-{major}", f"postgresql-client-{major}"]
    simulated = run(
        ["apt-get", "install", "-s", "--no-install-recommends", *wanted],
        env=environment,
    ).stdout
    packages = [
        line.split()[1]
        for line in simulated.splitlines()
        if line.startswith("Inst ")
        and line.split()[1].startswith((*wanted, "lib"))
        and not line.split()[1].startswith(
            ("libllvm", "libperl", "libgdbm", "libz3", "libjson")
        )
    ]
    with step("downloading PostgreSQL"):
        files = apt.download(packages, CACHE / "downloads" / "postgres")
        for file in files:
            run(["dpkg", "-x", file, UNPACKED])
    shutil.rmtree(CACHE / "downloads")


def _server_user() -> str | None:
    """Return whom the server runs as if this process is root."""
    if os.geteuid():
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name).pw_name
        except KeyError:
            continue
    raise Stop("PostgreSQL needs a user that is not root: adduser --system postgres")


def _as_server_user(command: list[str]) -> list[str]:
    user = _server_user()
    if user is None:
        return command
    facts = pwd.getpwnam(user)
    switch = ["setpriv", f"--reuid={facts.pw_uid}", f"--regid={facts.pw_gid}"]
    return [*switch, "--clear-groups", *command]


def _server_program(name: str, *arguments) -> subprocess.CompletedProcess:
    command = [str(program(name)), *map(str, arguments)]
    return run(_as_server_user(command), cwd="/", env=library_environment())


def _create_cluster() -> None:
    folder = _cluster_folder()
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    _give_to_server_user(folder)
    with step("creating the PostgreSQL cluster"):
        _server_program(
            "initdb", "-D", folder, "-U", ROLE, "--auth=trust", "-E", "UTF8",
            "--locale=C.UTF-8", "-N",
        )  # fmt: skip
    settings = "".join(f"{name} = '{value}'\n" for name, value in SETTINGS.items())
    with open(folder / "postgresql.conf", "a") as config:
        config.write(settings)
    if LINK.is_symlink():
        LINK.unlink()
    LINK.symlink_to(folder)


def _cluster_folder() -> Path:
    inside = CACHE / "pg"
    if _server_user() is None:
        return inside
    test = _as_server_user(["test", "-x", str(CACHE)])
    enters = not subprocess.run(test, cwd="/", check=False).returncode
    return inside if enters else OUTSIDE / "pg"


def _give_to_server_user(folder: Path) -> None:
    folder.chmod(stat.S_IRWXU)
    user = _server_user()
    if user:
        shutil.chown(folder, user)
        if folder.parent == OUTSIDE:
            OUTSIDE.chmod(0o711)


def _running() -> bool:
    process_file = LINK / "postmaster.pid"
    if not process_file.exists():
        return False
    process = process_file.read_text().split()[0]
    try:
        name = Path(f"/proc/{process}/comm").read_text().strip()
    except OSError:
        name = ""
    if name == "postgres":
        return True
    process_file.unlink()  # left behind by a server that was killed
    return False


def _start() -> None:
    # A cluster made by one version of PostgreSQL can't be opened by another.
    made_by = (LINK / "PG_VERSION").read_text().strip()
    if made_by != _programs().parts[-2] and _programs().parts[-2].isdigit():
        raise Stop(f"The cluster was made by PostgreSQL {made_by}: run ./dev reset")
    SOCKET_FOLDER.mkdir(exist_ok=True)
    _give_to_server_user(SOCKET_FOLDER)
    log = LINK.resolve() / "server.log"
    _server_program("pg_ctl", "-D", LINK.resolve(), "-l", log, "-w", "start")
