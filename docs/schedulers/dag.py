# SPDX-License-Identifier: BSL-1.0
"""Runs each line of a plan as an Airflow task, four at a time.

Needs Airflow 2.4 or newer. ELOQUA_PLAN names the plan's file, ELOQUA_ROWS the folder for the outputs; all
workers must see both. The credentials come from the workers' environment as well: ELOQUA_COMPANY,
ELOQUA_USER and ELOQUA_PASSWORD.
"""
import datetime
import os
import subprocess
from pathlib import Path

from airflow.decorators import dag, task
from airflow.exceptions import AirflowException, AirflowFailException

PLAN = Path(os.environ.get("ELOQUA_PLAN", "/plan/plan.tsv"))
ROWS = os.environ.get("ELOQUA_ROWS", "/rows")
USELESS_TO_REPEAT = (2, 3, 126, 127)  # the command or the account is wrong, or the program is missing
FAILED = 5  # cannot be resumed, but the next try of a command with --start-over begins a new export


def commands(plan: Path) -> list[str]:
    """Returns the command of each line."""
    return [line.split("\t")[3] for line in plan.read_text().splitlines()] if plan.exists() else []


@dag(start_date=datetime.datetime(2026, 1, 1), schedule=None, catchup=False)
def eloqua_export():
    @task(retries=5, retry_delay=datetime.timedelta(minutes=5), max_active_tis_per_dag=4)
    def window(command: str) -> None:
        status = subprocess.run(["sh", "-c", command], cwd=ROWS, check=False).returncode
        if status in USELESS_TO_REPEAT or (status == FAILED and "--start-over" not in command):
            raise AirflowFailException(f"exit status {status}, see the log: {command}")
        if status != 0:
            raise AirflowException(f"exit status {status}, the next try resumes or starts over: {command}")

    window.expand(command=commands(PLAN))


eloqua_export()
