# SPDX-License-Identifier: BSL-1.0
"""A plain export in Python, to compare with.

usage: python_export.py BASE_URL FILE COLUMN=STATEMENT ...
Exports all contacts to a CSV file with `requests`, as a short script would: it creates the definition and
the sync, waits, and reads pages of the maximum size, 50,000 rows. It neither retries nor resumes nor verifies
anything. Prints the number of rows, and the seconds from the request of the first page to the last row.
"""
import csv
import sys
import time

import requests

base, file, *columns = sys.argv[1:]
fields = dict(column.split("=", 1) for column in columns)
session = requests.Session()
session.auth = ("Company\\user", "secret")


def call(method: str, path: str, **more) -> dict:
    response = session.request(method, base + path, **more)
    response.raise_for_status()
    return response.json()


export = call("POST", "/contacts/exports", json={"name": "plain", "fields": fields})
sync = call("POST", "/syncs", json={"syncedInstanceUri": export["uri"]})["uri"]
while call("GET", sync)["status"] not in ("success", "warning", "error"):
    time.sleep(0.01)
rows, begin = 0, time.monotonic()
with open(file, "w", newline="", encoding="utf-8") as out:
    writer = csv.DictWriter(out, fields)
    writer.writeheader()
    while True:
        page = call("GET", sync + "/data", params={"limit": 50_000, "offset": rows})
        writer.writerows(page.get("items", []))
        rows += len(page.get("items", []))
        if not page["hasMore"]:
            break
print(rows, time.monotonic() - begin)
