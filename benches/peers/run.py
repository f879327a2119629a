"""kefu beside other ways to find a question, on the same data, in one run on one machine.

    python3 -m venv target/peers/venv
    target/peers/venv/bin/pip install -r benches/peers/requirements.txt
    cargo build --release
    target/peers/venv/bin/python benches/peers/run.py [--kefu PATH]

Writes docs/peers.md and docs/images/peers.svg. Linux only, for the memory. The first run embeds
all questions, for minutes; later ones take the vectors from target/peers/.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
from pathlib import Path

import figures
from chart import drawing
from corpus import SEED, Knowledge, generated, utterances
from kefu_side import Kefu, write_questions
from page import page
from systems import SYSTEMS

ROOT = Path(__file__).resolve().parents[2]
GENERATED = 10_000
TIMED, TIMED_E5 = 300, 50
# One thread for all: numpy, scipy and the model would otherwise take all cores.
ONE_THREAD = {name: "1" for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")}


def main() -> None:
    arguments = parsed()
    cache = ROOT / "target" / "peers"
    cache.mkdir(parents=True, exist_ok=True)
    knowledge, asked = Knowledge(ROOT), utterances(ROOT)
    many = generated(knowledge.questions, GENERATED)
    timed = random.Random(SEED).sample([text for text, _ in asked], TIMED)
    load = [os.getloadavg()[0]]
    with tempfile.TemporaryDirectory() as scratch:
        scratch = Path(scratch)
        kefu = Kefu(arguments.kefu.resolve(), ROOT, scratch)
        many_file = scratch / "many.jsonl"
        write_questions(many_file, many)
        print("kefu", file=sys.stderr, flush=True)
        runs = [(kefu.latency(ROOT, timed), kefu.latency(many_file, timed))]
        rows = []
        for system in SYSTEMS:
            print(system, file=sys.stderr, flush=True)
            sample = timed[:TIMED_E5] if system == "e5" else timed
            texts = [text for text, _ in asked]
            small = work(system, knowledge.questions, texts, sample, cache, scratch)
            large = work(system, many, [], sample, cache, scratch)
            rows.append(peer_row(SYSTEMS[system].name, small, large, asked, knowledge))
        print("kefu again", file=sys.stderr, flush=True)
        runs.append((kefu.latency(ROOT, timed), kefu.latency(many_file, timed)))
        rows.append(kefu_row(kefu, runs, asked, knowledge, timed[0]))
        version = kefu.version()
    load.append(os.getloadavg()[0])
    told = {
        "rows": rows,
        "load": load,
        "kefu": version,
        "entries": knowledge.entries,
        "intents": len(knowledge.intents),
        "questions": len(knowledge.questions),
        "generated": GENERATED,
        "answerable": sum(label is not None for _, label in asked),
        "unanswerable": sum(label is None for _, label in asked),
        "timed": TIMED,
        "timed_e5": TIMED_E5,
    }
    (cache / "figures.json").write_text(json.dumps(told, indent=1), encoding="utf-8")
    write(told)


def write(told: dict) -> None:
    (ROOT / "docs" / "peers.md").write_text(page(told), encoding="utf-8")
    (ROOT / "docs" / "images" / "peers.svg").write_text(drawing(told["rows"]), encoding="utf-8")


def parsed():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    default = ROOT / "target" / "release" / "kefu"
    parser.add_argument("--kefu", type=Path, default=default, help="a release build; default: %(default)s")
    return parser.parse_args()


def work(system, questions, ask, timed, cache, scratch) -> dict:
    task, result = scratch / "task.json", scratch / "result.json"
    told = {
        "questions": questions,
        "ask": ask,
        "timed": timed,
        "dictionary": str(ROOT / "knowledge" / "dict.txt"),
        "cache": str(cache),
    }
    task.write_text(json.dumps(told), encoding="utf-8")
    worker = Path(__file__).with_name("worker.py")
    environment = {**os.environ, **ONE_THREAD}
    subprocess.run([sys.executable, worker, system, task, result], env=environment, check=True)
    return json.loads(result.read_text(encoding="utf-8"))


def peer_row(name, small, large, asked, knowledge) -> dict:
    def times(result):
        return [figures.percentile(result["times_us"], percent) for percent in (50, 99)]

    # What a ranking without the intents would find, as far as the first three tell.
    entries = [[one for one in three if one[0] not in knowledge.intents] for three in small["found"]]
    return {
        "name": name,
        **figures.quality(asked, small["found"], knowledge.replies),
        "top1_entries": figures.quality(asked, entries, knowledge.replies)["top1"],
        "shipped_us": times(small),
        "many_us": times(large),
        "memory_mb": small["memory_mb"],
        "versions": small["versions"],
    }


def kefu_row(kefu, runs, asked, knowledge, text) -> dict:
    def slower(place):
        measured = [run[place] for run in runs if run[place]]
        return max(([one["p50"], one["p99"]] for one in measured), default=None)

    return {
        "name": kefu.name,
        **figures.quality(asked, kefu.found(asked), knowledge.replies),
        "shipped_us": slower(0),
        "many_us": slower(1),
        "shipped_p50_runs": [run[0]["p50"] for run in runs if run[0]],
        "memory_mb": kefu.memory_mb(text),
        "versions": {},
    }


if __name__ == "__main__":
    main()
