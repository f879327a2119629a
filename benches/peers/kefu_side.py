"""kefu, asked through `kefu eval`."""

import json
import subprocess
import time
from pathlib import Path

from worker import resident


class Kefu:
    name = "kefu"

    def __init__(self, program: Path, root: Path, scratch: Path):
        self.program, self.root, self.scratch = program, root, scratch

    def version(self) -> str:
        told = subprocess.run([self.program, "--version"], capture_output=True, text=True, check=True)
        return told.stdout.split()[-1]

    def found(self, asked) -> list:
        """Up to three (id, confidence) for each (text, label)."""
        predictions = self.scratch / "predictions.jsonl"
        self.evaluate(self.root, asked, "--predictions", predictions)
        lines = map(json.loads, predictions.read_text(encoding="utf-8").splitlines())
        return [[(one["id"], one["confidence"]) for one in line["ranked"][:3]] for line in lines]

    def latency(self, knowledge: Path, texts) -> dict | None:
        """None from a kefu that does not tell it yet."""
        return self.evaluate(knowledge, [(text, None) for text in texts]).get("latency_us")

    def evaluate(self, knowledge: Path, asked, *further) -> dict:
        queries = self.scratch / "queries.jsonl"
        write_lines(queries, [{"text": text, "label": label} for text, label in asked])
        arguments = ["eval", "--json", "--knowledge", knowledge, "--queries", queries, *further]
        told = subprocess.run([self.program, *arguments], stdout=subprocess.PIPE, check=True)
        return json.loads(told.stdout)

    def memory_mb(self, text: str) -> float:
        """The most that the whole process had while it loaded and answered once."""
        most = 0.0
        arguments = [self.program, "ask", "--root", self.root, text]
        with subprocess.Popen(arguments, stdout=subprocess.DEVNULL) as process:
            while process.poll() is None:
                most = max(most, resident(str(process.pid)))
                time.sleep(0.01)
        return most


def write_questions(path: Path, questions) -> None:
    """As a knowledge base of JSON lines."""
    groups: dict[str, list[str]] = {}
    for label, text in questions:
        groups.setdefault(label, []).append(text)
    lines = [{"id": label, "question": texts[0], "similar": texts[1:]} for label, texts in groups.items()]
    write_lines(path, lines)


def write_lines(path: Path, objects) -> None:
    text = "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in objects)
    path.write_text(text, encoding="utf-8")
