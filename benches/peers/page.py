"""docs/peers.md."""

import datetime
import os
import platform
import sqlite3
from pathlib import Path

PAGE = """\
# kefu beside other ways to find a question

Written by `benches/peers/run.py`; run it again instead of editing. Measured on {date}.

![Right entry first, against the time of a query](images/peers.svg)

All search the same shipped knowledge ({entries} entries, {intents} intents that are no entry, {questions:,} questions) for the same {answerable}
utterances of the regression set (`split: test`) of `knowledge/tests.yaml` and `knowledge/tests/`, with {unanswerable} that must not be answered mixed in.
Of each entry its best question counts.

| | right entry first | among the first 3 | answerable at 95 % precision | p50 µs | p99 µs | p50 ÷ kefu's | memory added, MB |
|---|--:|--:|--:|--:|--:|--:|--:|
{shipped}

**{generated:,} questions**, generated from the shipped ones by swapping words (fixed seed). Latency only:

| | p50 µs | p99 µs | p50 ÷ kefu's |
|---|--:|--:|--:|
{many}

## How it was measured

- **At 95 % precision**: the largest share of answerable utterances that are answered from some score on where 95 % of all answers are
  right, unanswerable utterances included. The score is each system's own top score, for kefu its confidence. It is picked on the
  same utterances, so it is an upper estimate for all. An intent that only says a text is no answer where none is wanted.
- **Time**: from the text as typed to the ranking, cutting into words included, in one thread, with nothing else in the process.
  {timed} utterances drawn with a fixed seed ({timed_e5} for e5, where p99 is the slowest); of each the quickest of three rounds.
  kefu is measured before and after the others and its slower run counts{kefu_runs}.
- **Memory**: resident, after loading the shipped knowledge and one search, less what the process had before it loaded the system's
  libraries. For kefu the most that its whole process ever had, program and loading included.
- **Peers** run with their libraries' defaults. jieba gets the words of `knowledge/dict.txt`; text is lower case. FTS5 has each character as a token
  and joins them by OR. e5 is multilingual-e5-small in 4 bits, each text as `query:`, by cosine over vectors made beforehand; for the
  generated questions these are random, which takes as long.

| | |
|---|---|
| Machine | {cpu}, {cores} cores; load {load_before:.1f} at the start, {load_after:.1f} at the end |
| Versions | kefu {kefu}; {versions}; SQLite {sqlite}; Python {python}; {system} |

With a load above the number of cores, times are of a busy machine: compare the ratios, and run it again on a quiet one.

## What is not compared

- Service: sockets, dialogue, storage, several threads, and how long loading takes.
- Tuned peers. None gets synonyms, a folding of Traditional characters, fitted weights or a model trained on such questions. kefu has all of these but the last.
- Intents stand in the ranking of the peers like entries, in kefu's only where one is acted on. Without intents the right
  entry comes first with the peers in at most {gain:.1f} points more of the utterances.
- Search engines in a server of their own, larger models, and models on a GPU.

## What the figures do not say

1. **How they do on your knowledge.** Knowledge, test utterances and kefu come from one hand. kefu's weights were fitted to the
   other half of these tests, which words things alike; the peers have seen neither half. On foreign knowledge bases kefu's lead in ranking is
   smaller, and its promise of precision does not hold on all: see [matching.md](matching.md#measured).
2. **What is slow in the peers.** All but FTS5 and e5 spend much of their time in Python; the same method in a compiled language would be
   faster. And for one customer who waits for an answer, a millisecond more makes no difference: speed matters for load and cost, ranking for the answer.

## Run it

Linux, Python 3.11 or newer. The first run embeds all questions, which takes minutes; the vectors are kept in `target/peers/`.

```sh
python3 -m venv target/peers/venv
target/peers/venv/bin/pip install -r benches/peers/requirements.txt
cargo build --release
target/peers/venv/bin/python benches/peers/run.py    # --kefu PATH for another build
```
"""


def page(told: dict) -> str:
    rows = sorted(told["rows"], key=lambda row: -row["top1"])
    kefu = next(row for row in rows if row["name"] == "kefu")
    runs = kefu["shipped_p50_runs"]
    versions = {name: at for row in rows for name, at in row["versions"].items()}
    gain = max(row["top1_entries"] - row["top1"] for row in rows if "top1_entries" in row)
    counts = ("entries", "intents", "questions", "generated", "answerable", "unanswerable", "timed", "timed_e5", "kefu")
    return PAGE.format(
        **{name: told[name] for name in counts},
        date=day(datetime.date.today()),
        shipped="\n".join(quality_row(row, kefu) for row in rows),
        many="\n".join(f"| {title(row)} | {' | '.join(times(row, kefu, 'many_us'))} |" for row in rows),
        kefu_runs=f" (p50 {runs[0]:,.0f} and {runs[1]:,.0f} µs)" if len(runs) == 2 else "",
        cpu=processor(),
        cores=os.cpu_count(),
        load_before=told["load"][0],
        load_after=told["load"][1],
        versions=", ".join(f"{name} {at}" for name, at in sorted(versions.items())),
        sqlite=sqlite3.sqlite_version,
        python=platform.python_version(),
        system=f"{platform.system()} {platform.release().partition('-')[0]}",
        gain=gain * 100,
    )


def quality_row(row: dict, kefu: dict) -> str:
    shares = [f"{row[name] * 100:.1f} %" for name in ("top1", "top3", "at95")]
    cells = [title(row), *shares, *times(row, kefu, "shipped_us"), f"{row['memory_mb']:.0f}"]
    return f"| {' | '.join(cells)} |"


def title(row: dict) -> str:
    return f"**{row['name']}**" if row["name"] == "kefu" else row["name"]


def times(row: dict, kefu: dict, key: str) -> list[str]:
    if not row[key]:
        return ["—"] * 3
    p50, p99 = row[key]
    ratio = f"{p50 / kefu[key][0]:.2g}" if kefu[key] else "—"
    # Two digits, and no power of ten where a whole number says it.
    ratio = f"{float(ratio):,.0f}" if ratio != "—" and float(ratio) >= 10 else ratio
    return [f"{p50:,.0f}", f"{p99:,.0f}", ratio]


def day(date: datetime.date) -> str:
    return f"{date.day} {date:%B %Y}"


def processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()
