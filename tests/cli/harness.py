# SPDX-License-Identifier: BSL-1.0
"""The program eloqua-bulk and its simulated Eloqua, for the scripts beside this file.

The first argument of a script is the program; the others name the checks to run.
"""
import base64
import concurrent.futures
import contextlib
import csv
import gzip
import io
import json
import os
import re
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

PROGRAM = str(Path(sys.argv[1]).resolve())
COMPLETE, REJECTED, USAGE, REFUSED, RESUMABLE, FAILED = range(6)
failed = []
COLUMNS = "Id,C_EmailAddress,C_Country,UpdatedAt"
COMMANDS = ["export", "plan", "import", "fields", "objects", "lists", "segments", "storage", "syncs",
            "sync", "wait", "tidy", "login", "smoke", "generate-rows", "simulate"]


class Ended:
    """How a process ended."""

    def __init__(self, status: int, out: bytes, err: bytes) -> None:
        self.status, self.raw = status, out
        self.out, self.err = out.decode(errors="replace"), err.decode(errors="replace")


def expect(what: str, came: Ended, status: int, *patterns: str, sentence: bool = False) -> None:
    """`sentence`: standard error ends with one line that says why."""
    text = came.out + came.err
    missing = [p for p in patterns if not re.search(p, text)]
    last = came.err.splitlines()[-1:]
    said = not sentence or (last and last[0].startswith("eloqua-bulk")
                            and not re.search(r"terminate|assert|std::", came.err))
    if came.status != status or missing or not said:
        failed.append(f"{what}: exit status {came.status}, expected {status}; not found: {missing}; "
                      f"said in a sentence: {bool(said)}\n{text[-3000:]}")


def equal(what: str, a: object, b: object) -> None:
    if a != b:
        failed.append(f"{what}: {str(a)[:500]!r} is not {str(b)[:500]!r}")


class Eloqua(contextlib.AbstractContextManager):
    """A simulated Eloqua, and the program with its credentials."""

    def __init__(self, *words: object) -> None:
        self.faults = tempfile.TemporaryFile("w+")
        self.server = subprocess.Popen([PROGRAM, "simulate", *map(str, words)], text=True,
                                       stdout=subprocess.PIPE, stderr=self.faults)
        said = ""
        while "Ctrl+C" not in said and (line := self.server.stdout.readline()):
            said += line
        self.said = said
        self.origin = re.search(r"at (http\S+)", said).group(1)
        self.scratch = tempfile.TemporaryDirectory()
        self.folder = Path(self.scratch.name)
        self.env = {k: v for k, v in os.environ.items() if not k.startswith(("ELOQUA", "XDG"))}
        self.env |= {"ELOQUA_COMPANY": "Company", "ELOQUA_USER": "user", "ELOQUA_PASSWORD": "secret",
                     "ELOQUA_LOGIN_URL": self.origin + "/id", "HOME": str(self.folder),
                     "TMPDIR": str(self.folder)}

    def __exit__(self, *_: object) -> None:
        self.server.terminate()
        self.server.wait()
        self.server.stdout.close()
        self.faults.close()
        self.scratch.cleanup()

    def stop(self) -> str:
        """Ends the simulated Eloqua. Returns the faults that were injected, one a line."""
        self.server.terminate()
        self.server.wait()
        self.faults.seek(0)
        return self.faults.read()

    def start(self, *words: object, **more: object) -> subprocess.Popen:
        return subprocess.Popen([PROGRAM, *map(str, words)], cwd=self.folder,
                                stdin=more.pop("stdin", subprocess.DEVNULL),
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                env=self.env | more.pop("env", {}), **more)

    def run(self, *words: object, input: bytes | None = None, **more: object) -> Ended:
        if input is not None:
            more["stdin"] = subprocess.PIPE
        process = self.start(*words, **more)
        out, err = process.communicate(input, timeout=120)
        return Ended(process.returncode, out, err)

    def shell(self, script: str) -> Ended:
        done = subprocess.run(["bash", "-c", script], cwd=self.folder, env=self.env,
                              capture_output=True, timeout=120)
        return Ended(done.returncode, done.stdout, done.stderr)

    def ask(self, path: str, body: object = None, method: str | None = None) -> object:
        word = base64.b64encode(b"Company\\user:secret").decode()
        asked = urllib.request.Request(
            self.origin + path, data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": "Basic " + word, "Content-Type": "application/json"}, method=method)
        with urllib.request.urlopen(asked, timeout=30) as answer:
            text = answer.read()
            return json.loads(text) if text else None

    def contacts(self, fields: dict[str, str]) -> list[dict[str, str]]:
        """The contacts as the service returns them to plain requests; `fields`: statements by key."""
        bulk = "/API/Bulk/2.0"
        made = self.ask(bulk + "/contacts/exports", {"name": "all", "fields": fields})
        sync = bulk + self.ask(bulk + "/syncs", {"syncedInstanceUri": made["uri"]})["uri"]
        wait_for(lambda: self.ask(sync)["status"] == "success")
        rows: list[dict[str, str]] = []
        while True:
            page = self.ask(f"{sync}/data?offset={len(rows)}&limit=50000")
            rows += page.get("items", [])
            if not page["hasMore"]:
                return rows

    def forget_rows(self) -> None:
        """Deletes the definitions of exports, and with them the rows to resume with."""
        bulk = "/API/Bulk/2.0"
        for each in self.ask(bulk + "/contacts/exports")["items"]:
            self.ask(bulk + each["uri"], method="DELETE")

    def rows(self, name: str) -> list[dict[str, str]]:
        path = self.folder / name
        data = path.read_bytes()
        if name.endswith(".gz"):
            data = gzip.decompress(data)
        text = data.decode()
        if ".ndjson" in name:
            return [json.loads(line) for line in text.splitlines()]
        return list(csv.DictReader(io.StringIO(text, newline="")))

    def rows_of(self, database: str, query: str) -> list[dict[str, str]]:
        with contextlib.closing(sqlite3.connect(self.folder / database)) as opened:
            opened.row_factory = sqlite3.Row
            return [dict(row) for row in opened.execute(query)]


def wait_for(condition, seconds: float = 60) -> bool:
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.005)
    return condition()


def contains(path: Path, text: bytes) -> bool:
    return path.exists() and text in path.read_bytes()


def run_checks(found: dict[str, object]) -> int:
    """Runs the functions named check_... that are chosen on the command line, or all of them."""
    checks: dict[str, Callable[[], None]] = {
        name.removeprefix("check_"): check for name, check in found.items()
        if name.startswith("check_")}
    chosen = sys.argv[2:] or list(checks)
    # They spend more time waiting for servers than computing.
    with concurrent.futures.ThreadPoolExecutor(max_workers=4) as pool:
        for name, section in [(each, pool.submit(checks[each])) for each in chosen]:
            try:
                section.result()
            except Exception as problem:  # the others still run
                failed.append(f"{name}: {type(problem).__name__}: {problem}")
    print("\n".join(failed))
    return bool(failed)
