# SPDX-License-Identifier: BSL-1.0
"""A PostgreSQL server for the scripts beside this file."""
import contextlib
import glob
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

MISSING = "skipped: PostgreSQL's server is not installed; tools/setup ci installs it"


def programs() -> Path | None:
    """The folder of the newest server's programs."""
    folders = sorted(glob.glob("/usr/lib/postgresql/*/bin"), key=lambda f: float(f.split("/")[-2]))
    for each in [os.path.dirname(shutil.which("postgres") or ""), *reversed(folders)]:
        if each and all(os.access(f"{each}/{p}", os.X_OK) for p in ("postgres", "initdb", "psql")):
            return Path(each)
    return None


class Postgres(contextlib.AbstractContextManager):
    """A server on a Unix socket in a temporary folder, run by an unprivileged user."""

    def __init__(self, programs: Path) -> None:
        self.programs = programs
        # The path of a socket has at most 107 bytes. In memory the server starts faster after a
        # kill; what a killed process has written survives there as it does on a disk.
        memory = Path("/dev/shm")
        roomy = memory.is_dir() and shutil.disk_usage(memory).free > 1_000_000_000
        usable = roomy and os.access(memory, os.W_OK)
        self.folder = Path(tempfile.mkdtemp(prefix="pg", dir=memory if usable else "/tmp"))
        self.who: list[str] = []
        if os.geteuid() == 0:
            users = {each.pw_name: each for each in pwd.getpwall()}
            user = users.get("postgres") or users["nobody"]
            self.who = ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}",
                        "--clear-groups"]
            os.chown(self.folder, user.pw_uid, user.pw_gid)
        self.folder.chmod(0o755)
        self.conninfo = f"host={self.folder} user=tester dbname=postgres"
        subprocess.run([*self.who, programs / "initdb", "-D", self.folder / "data", "-U", "tester",
                        "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"], check=True,
                       cwd=self.folder, stdout=subprocess.DEVNULL)
        self.log = open(self.folder / "log", "w")
        self.start()

    def start(self) -> None:
        self.server = subprocess.Popen(
            [*self.who, self.programs / "postgres", "-D", self.folder / "data", "-k", self.folder,
             "-c", "listen_addresses=", "-c", "fsync=on", "-c", "logging_collector=off"],
            cwd=self.folder, stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log,
            start_new_session=True)
        ready = [self.programs / "pg_isready", "-q", "-h", self.folder]
        end = time.monotonic() + 60
        while subprocess.run(ready).returncode != 0:
            if time.monotonic() > end:
                raise RuntimeError("PostgreSQL's server did not start in a minute")
            time.sleep(0.01)

    def kill(self) -> None:
        """Kills all processes of the server at once, as a crash of the machine would end them."""
        os.kill(self.server.pid, signal.SIGSTOP)  # it must not clean up after its children
        for child in self.children():
            os.kill(child, signal.SIGKILL)
        self.server.kill()
        self.server.wait()

    def children(self) -> list[int]:
        # Each is the leader of its own process group, so there is no group to kill.
        return [int(n) for n in
                Path(f"/proc/{self.server.pid}/task/{self.server.pid}/children").read_text().split()]

    def __exit__(self, *_: object) -> None:
        self.server.send_signal(signal.SIGINT)
        self.server.wait()
        self.log.close()
        shutil.rmtree(self.folder)


class Session(contextlib.AbstractContextManager):
    """Asks a PostgreSQL server, by psql."""

    def __init__(self, server: Postgres) -> None:
        self.psql = subprocess.Popen(
            [server.programs / "psql", "-XAtq", server.conninfo], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, encoding="utf-8")

    def __exit__(self, *_: object) -> None:
        self.psql.kill()
        self.psql.communicate()

    def ask(self, sql: str) -> list[str]:
        self.psql.stdin.write(f"{sql};\n\\echo the end\n")
        self.psql.stdin.flush()
        found = []
        while (line := self.psql.stdout.readline()) not in ("the end\n", ""):
            found.append(line.removesuffix("\n"))
        return found

    def number(self, sql: str) -> int:
        """0 as well if a table does not exist yet."""
        found = self.ask(sql)
        return int(found[0]) if found else 0
