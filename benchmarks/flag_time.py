"""How long it takes from a dangerous answer in a check-in until its flag stands in the clinician's queue."""

from __future__ import annotations

import statistics
import tempfile
import threading
import time
from pathlib import Path

from bot.dialogue import training
from bot.store import Database, Store
from tests.chat_server import ChatServer
from tests.dialogue.answers import ACUTE_UNCOMPLICATED
from tests.dialogue.due_check_ins import begin_check_in, daytime_zone
from tests.dialogue.patient import Patient

ROOT = Path(__file__).resolve().parents[1]
PATIENTS = 10
FLAG = "FL_RED_CES"


def main() -> None:
    """Real server, real model, over HTTP; the queue is read by another process's store, every 5 ms."""
    models = ROOT / "var" / "models"
    training.train(models, ROOT, progress=lambda line: None)
    with tempfile.TemporaryDirectory() as folder:
        server = ChatServer(Path(folder), models, {"BACKPLAN_CHECK_IN_SECONDS": "0.2"}).start()
        store = Store(Database(server.database_url))
        try:
            times = [_seconds(server, store) for _ in range(PATIENTS)]
        finally:
            store.close()
            server.stop()
    print(
        f"from the answer to the flag in the queue: median {1000 * statistics.median(times):.0f} ms, "
        f"longest {1000 * max(times):.0f} ms, of {PATIENTS}"
    )


def _seconds(server: ChatServer, store: Store) -> float:
    patient = Patient(server.url, timezone=daytime_zone())
    patient.answer_all(ACUTE_UNCOMPLICATED)
    begin_check_in(server, patient, "week_2", days=14)
    began = time.perf_counter()
    sending = threading.Thread(target=patient.say, args=("since yesterday i cant feel when i wipe",))
    sending.start()
    while not _stands(store, patient.conversation):
        time.sleep(0.005)
    seconds = time.perf_counter() - began
    sending.join()
    return seconds


def _stands(store: Store, conversation: str) -> bool:
    return any(FLAG in row.flags for row in store.episodes() if row.conversation == conversation)
