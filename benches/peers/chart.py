"""Quality against latency as an SVG for light and dark pages."""

import math
from html import escape

WIDTH, HEIGHT = 760, 460
LEFT, RIGHT, TOP, BOTTOM = 80, 720, 84, 396
STYLE = """
  svg { --back: #ffffff; --ink: #1f2328; --line: #d8dee4; --peer: #57606a; --kefu: #0b5cad; --faint: #57606a; }
  @media (prefers-color-scheme: dark) {
    svg { --back: #0d1117; --ink: #e6edf3; --line: #30363d; --peer: #9da7b3; --kefu: #79b8ff; --faint: #9da7b3; }
  }
  .back { fill: var(--back); }
  text { fill: var(--ink); font: 14px system-ui, sans-serif; }
  .title { font-size: 18px; font-weight: 600; }
  .faint { fill: var(--faint); font-size: 13px; }
  .grid { stroke: var(--line); }
  .peer { fill: var(--peer); }
  .kefu { fill: var(--kefu); }
  .middle { text-anchor: middle; }
  .end { text-anchor: end; }
"""


def drawing(rows: list[dict]) -> str:
    rows = [row for row in rows if row["shipped_us"]]
    times = [row["shipped_us"][0] for row in rows]
    shares = [row["top1"] for row in rows]
    decades = range(math.floor(math.log10(min(times))), math.ceil(math.log10(max(times))) + 1)
    low, high = math.floor(min(shares) * 10), min(math.ceil(max(shares) * 10), 10)

    def x(micros):
        return LEFT + (math.log10(micros) - decades[0]) / max(len(decades) - 1, 1) * (RIGHT - LEFT)

    def y(share):
        return BOTTOM - (share * 10 - low) / max(high - low, 1) * (BOTTOM - TOP)

    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" '
        f'height="{HEIGHT}" role="img" lang="en">',
        "<title>Right entry first, against the time of a query</title>",
        f"<style>{STYLE}</style>",
        f'<rect class="back" width="{WIDTH}" height="{HEIGHT}"/>',
        f'<text class="title" x="{LEFT}" y="32">Right entry first, against the time of a query</text>',
        f'<text class="faint" x="{LEFT}" y="54">the shipped knowledge; up and to the left is better</text>',
    ]
    for tenth in range(low, high + 1):
        at = y(tenth / 10)
        lines.append(f'<line class="grid" x1="{LEFT}" y1="{at:.1f}" x2="{RIGHT}" y2="{at:.1f}"/>')
        lines.append(f'<text class="end" x="{LEFT - 8}" y="{at + 5:.1f}">{tenth * 10} %</text>')
    for decade in decades:
        at = x(10.0**decade)
        lines.append(f'<line class="grid" x1="{at:.1f}" y1="{TOP}" x2="{at:.1f}" y2="{BOTTOM}"/>')
        lines.append(f'<text class="middle" x="{at:.1f}" y="{BOTTOM + 20}">{duration(decade)}</text>')
    middle = (LEFT + RIGHT) / 2
    lines.append(f'<text class="faint middle" x="{middle}" y="{BOTTOM + 46}">median of a query, one thread</text>')
    points = [(x(row["shipped_us"][0]), y(row["top1"])) for row in rows]
    taken = [(at_x - 8, at_x + 8, at_y) for at_x, at_y in points]
    for row, (at_x, at_y) in zip(rows, points):
        lines.extend(point(row, at_x, at_y, taken))
    lines.append("</svg>")
    return "\n".join(lines) + "\n"


def point(row: dict, x: float, y: float, taken: list) -> list[str]:
    """With its label where there is room: beside it, else above or below. What is taken lies
    between two x, around a y."""
    kind = "kefu" if row["name"] == "kefu" else "peer"
    label = f"{row['name']}, {row['top1']:.1%}"
    width = 7.5 * len(label)
    places = [(side, shift) for shift in (0, -18, 18, -36, 36) for side in (1, -1)]

    def span(side):
        return (x + 12, x + 12 + width) if side > 0 else (x - 12 - width, x - 12)

    def is_free(side, shift):
        start, end = span(side)
        inside = LEFT < start and end < RIGHT and TOP < y + shift < BOTTOM
        own = (x - 8, x + 8, y)
        others = (one for one in taken if one != own)
        return inside and not any(start < b and a < end and abs(y + shift - c) < 17 for a, b, c in others)

    side, shift = next((place for place in places if is_free(*place)), places[0])
    taken.append((*span(side), y + shift))
    anchor = "" if side > 0 else ' class="end"'
    return [
        f'<circle class="{kind}" cx="{x:.1f}" cy="{y:.1f}" r="6"/>',
        f'<text{anchor} x="{x + 12 * side:.1f}" y="{y + shift + 5:.1f}">{escape(label)}</text>',
    ]


def duration(decade: int) -> str:
    for unit, power in (("s", 6), ("ms", 3), ("µs", 0)):
        if decade >= power:
            return f"{10 ** (decade - power)} {unit}"
    return f"{10.0**decade:g} µs"
