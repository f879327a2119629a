"""Quality from what was found, and percentiles, as `kefu eval` defines them."""

import math

PRECISION = 0.95


def quality(asked, found, replies) -> dict:
    """`asked`: (text, label or None). `found`: up to three (id, score) for each."""
    answerable = sum(label is not None for _, label in asked)
    first = [label is not None and bool(three) and three[0][0] == label for (_, label), three in zip(asked, found)]
    among = [label is not None and label in [one for one, _ in three] for (_, label), three in zip(asked, found)]
    ladder = []
    for (_, label), three, right in zip(asked, found, first):
        # Small talk answered with small talk is no answer where none is wanted.
        if three and not (label is None and three[0][0] in replies):
            ladder.append((three[0][1], right, label is not None))
    return {
        "top1": sum(first) / answerable,
        "top3": sum(among) / answerable,
        "at95": coverage(ladder) / answerable,
    }


def coverage(ladder) -> int:
    """How many answerable ones are answered where 95 % of all answers are right; equal scores
    stand or fall together."""
    ladder = sorted(ladder, key=lambda one: -one[0])
    best = right = answered = 0
    for place, (score, is_right, is_answerable) in enumerate(ladder, 1):
        right += is_right
        answered += is_answerable
        is_last = place == len(ladder) or ladder[place][0] != score
        if is_last and right / place >= PRECISION:
            best = answered
    return best


def percentile(times: list[float], percent: int) -> float:
    """The smallest that so many per cent do not exceed."""
    return sorted(times)[math.ceil(len(times) * percent / 100) - 1]
