"""One system in a process of its own: what it finds, how long it takes, the memory it adds.

Used by run.py: `worker.py SYSTEM TASK.json RESULT.json`.
"""

import gc
import json
import sys
import time
from importlib.metadata import version
from pathlib import Path

from systems import SYSTEMS

ROUNDS = 3


def main(system: str, task_file: str, result_file: str) -> None:
    task = json.loads(Path(task_file).read_text(encoding="utf-8"))
    questions = [tuple(pair) for pair in task["questions"]]
    options = {
        "dictionary": Path(task["dictionary"]),
        "cache": Path(task["cache"]),
        "ask": task["ask"],
        "vectors": bool(task["ask"]),
    }
    before = resident()
    engine = SYSTEMS[system](questions, options)
    engine.search(task["timed"][0])
    gc.collect()
    added = resident() - before
    find = getattr(engine, "find", engine.search)
    found = [find(text) for text in task["ask"]]
    result = {
        "found": found,
        "times_us": timed(engine.search, task["timed"]),
        "memory_mb": added,
        "versions": {name: version(name) for name in SYSTEMS[system].packages},
    }
    Path(result_file).write_text(json.dumps(result), encoding="utf-8")


def timed(search, texts: list[str]) -> list[float]:
    """Of each text the quickest of the rounds, in microseconds."""
    quickest = [float("inf")] * len(texts)
    gc.disable()
    for _ in range(ROUNDS):
        for place, text in enumerate(texts):
            started = time.perf_counter_ns()
            search(text)
            took = (time.perf_counter_ns() - started) / 1000
            quickest[place] = min(quickest[place], took)
    gc.enable()
    return quickest


def resident(process: str = "self") -> float:
    """Resident memory in MB (10^6 bytes), from Linux."""
    for line in Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024 / 1e6
    # A process that has just ended has none left.
    return 0.0


if __name__ == "__main__":
    main(*sys.argv[1:])
