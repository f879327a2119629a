"""The shipped knowledge as pairs (id, question), the test utterances, and generated questions."""

import random
import re
import unicodedata
from pathlib import Path

import yaml

SEED = 20261122


class Knowledge:
    """`questions`: (id, text), all of an id together. `replies`: intents that only say a text."""

    def __init__(self, root: Path):
        groups: dict[str, list[str]] = {}
        for path in sorted((root / "knowledge").glob("*/*.yaml")):
            if path.parent.name in ("tests", "schemas"):
                continue
            for entry in read(path).get("entries") or []:
                if entry.get("status", "live") == "live":
                    groups.setdefault(entry["id"], []).extend([entry["question"], *entry.get("similar", [])])
        self.entries = len(groups)
        self.replies: set[str] = set()
        self.intents: set[str] = set()
        for path in sorted((root / "intents").glob("*.yaml")):
            for intent in read(path).get("intents") or []:
                action = intent["action"]
                # As `kefu eval` has it, an intent that answers with an entry is that entry.
                is_entry = action["type"] == "answer"
                label = action["entry"] if is_entry else intent["id"]
                if not is_entry:
                    self.intents.add(label)
                if action["type"] == "reply":
                    self.replies.add(label)
                groups.setdefault(label, []).extend(intent.get("examples", []))
        self.questions = [(label, text) for label, texts in groups.items() for text in texts]


def read(path: Path) -> dict:
    return yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader) or {}


def utterances(root: Path) -> list[tuple[str, str | None]]:
    """(text, label) of the regression set; None: it must not be answered."""
    found = []
    folder = root / "knowledge"
    for path in [folder / "tests.yaml", *sorted((folder / "tests").glob("*.yaml"))]:
        for case in read(path).get("cases") or []:
            if case.get("split") == "test" and ("entry" in case or "no_answer" in case):
                found.extend((text, case.get("entry")) for text in case["say"])
    return found


def generated(questions: list[tuple[str, str]], count: int) -> list[tuple[str, str]]:
    """Shipped questions with one or two words swapped for others of the same length."""
    import jieba

    chance = random.Random(SEED)
    cut = [(label, jieba.lcut(text)) for label, text in questions]
    by_length: dict[int, list[str]] = {}
    for word in sorted({word for _, words in cut for word in words if plain(word)}):
        by_length.setdefault(len(word), []).append(word)
    seen = {plain(text) for _, text in questions}
    made = []
    while len(made) < count:
        label, words = chance.choice(cut)
        words = list(words)
        places = [place for place, word in enumerate(words) if plain(word)]
        for place in chance.sample(places, min(chance.randint(1, 2), len(places))):
            words[place] = chance.choice(by_length[len(words[place])])
        text = "".join(words)
        if plain(text) not in seen:
            seen.add(plain(text))
            made.append((label, text))
    return sorted(made, key=lambda pair: pair[0])


def plain(text: str) -> str:
    """Without what no system tells apart."""
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", text).lower())
