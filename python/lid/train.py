"""Trains the tables of src/text/language/*.bin.

    train.py TEXTS OUT [GROUP...]

TEXTS holds a file `<language>.txt` for each language below, one text a line, with the name of its source and a tab
before it. Sources are drawn from evenly, so that no one source speaks for a language. A line that also stands in
`en.txt` is a translation that was never made, and is left out.

A text is reduced to letters of its script in small letters; every three of them, with the edges of words as letters,
and every whole word are hashed to a row of weights, one for each language. The weights start as those of naive Bayes
and are fitted by logistic regression on pieces of 40 to 180 characters, then rounded to bytes. What a letter is and
how it is hashed must agree with src/text/language/model.rs.
"""

import collections
import pathlib
import random
import sys
import unicodedata

import numpy as np
import scipy.sparse as sp

# script: (log 2 of rows, lanes, languages in the order of the lanes)
GROUPS = {
    "latin": (13, 72, """af az br bs ca ceb cs cy da de en eo es et eu fi fo fr fy ga gd gl ha hr ht hu id ig is it jv
        la lb lg lt lv mg ms mt nb nl nn oc om pl pt ro rw sk sl sn so sq st su sv sw tk tl tn tr ku uz vi xh yo zu"""),
    "cyrillic": (12, 16, "ba be bg cv kk ky mk mn ru sr tg tt uk"),
    "arabic": (12, 16, "ar arz ary azb ckb fa pnb ps sd skr ug ur"),
    "devanagari": (11, 8, "bho hi mai mr ne sa"),
    "bengali": (10, 8, "as bn"),
    "hebrew": (10, 8, "he yi"),
    "ethiopic": (10, 8, "am ti"),
}
PROSE = {"udhr", "bib", "help", "wes"}  # sources of whole sentences count three times
PIECES = 3500  # of each language
EPOCHS = 3
SCALE = 48  # weights of one are stored as this byte
SKIP, BREAK, EDGE, APOSTROPHE = -1, 0, 1, 0x27
MASK = 0xFFFFFFFF
codes = {}


def lower(c):
    if c == "\u0130":
        return ord("i")
    small = c.lower()
    return ord(small) if len(small) == 1 and ord(small) < 0x10000 else BREAK


def code(c, script):
    if (found := codes.get((c, script))) is not None:
        return found
    point, category = ord(c), unicodedata.category(c)
    marks = 0x300 <= point <= 0x36F or 0x64B <= point <= 0x65F or point == 0x670
    if point in (0x640, 0xAD) or 0x200C <= point <= 0x200F or marks:
        found = SKIP
    elif c in "'\u2018\u2019\u02bb\u02bc":
        found = APOSTROPHE if script == "latin" else BREAK
    elif category[0] in "LM" and unicodedata.name(c, "").startswith(script.upper()):
        found = lower(c)
    else:
        found = BREAK
    codes[c, script] = found
    return found


def rows(text, script):
    """The rows that a text votes with."""
    shift = 32 - GROUPS[script][0]
    three = lambda a, b, c: ((a << 22 ^ b << 11 ^ c) * 0x9E3779B1 & MASK) >> shift
    found, before, last, word, letters = [], 0, EDGE, 0x811C9DC5, 0
    for c in text + " ":
        letter = code(c, script)
        if letter == SKIP or letter == APOSTROPHE and letters == 0:
            continue
        if letter == BREAK:
            if letters:
                found += three(before, last, EDGE), (word * 0x85EBCA6B & MASK) >> shift
            before, last, word, letters = 0, EDGE, 0x811C9DC5, 0
            continue
        if letters:
            found.append(three(before, last, letter))
        word = (word ^ letter) * 0x01000193 & MASK
        before, last, letters = last, letter, letters + 1
    return found


def load(texts, language, script, english):
    for line in (texts / f"{language}.txt").read_text(encoding="utf-8").splitlines():
        source, text = line.split("\t", 1)
        letters = [c for c in text if c.isalpha()]
        own = sum(code(c, script) > 0 for c in letters)
        if own >= 6 and own * 10 >= len(letters) * 8 and (language == "en" or text not in english):
            yield source, text


def pieces(lines, rng):
    by = collections.defaultdict(list)
    for source, text in lines:
        by[source].append(text)
    sources = list(by)
    weights = [min(sum(map(len, by[s])), 300_000) * (3 if s in PROSE else 1) for s in sources]
    for _ in range(PIECES):
        own = by[rng.choices(sources, weights)[0]]
        want, at, piece = rng.choice((40, 70, 100, 140, 180)), rng.randrange(len(own)), ""
        while len(piece) < want and at < len(own):
            piece += " " + own[at]
            at = rng.randrange(len(own)) if rng.random() < 0.5 else at + 1
        start = rng.randrange(max(1, len(piece) - want + 1))
        piece = piece[start : start + want]
        piece = piece[piece.find(" ") + 1 :] if start else piece
        yield piece[: piece.rfind(" ")] if " " in piece else piece


def matrix(texts, script):
    indices, ends = [], [0]
    for text in texts:
        indices += rows(text, script)
        ends.append(len(indices))
    shape = (len(ends) - 1, 1 << GROUPS[script][0])
    found = sp.csr_matrix((np.ones(len(indices), np.float32), np.array(indices, np.int32), np.array(ends)), shape)
    found.sum_duplicates()
    return found


def train(texts, script):
    languages, rng = GROUPS[script][2].split(), random.Random(7)
    english = {line.split("\t", 1)[1] for line in (texts / "en.txt").read_text(encoding="utf-8").splitlines()}
    samples = [p for language in languages for p in pieces(list(load(texts, language, script, english)), rng)]
    truth = np.repeat(np.arange(len(languages)), PIECES)
    counts = matrix(samples, script)
    weights = np.stack([np.asarray(counts[truth == i].sum(0)).ravel() for i in range(len(languages))], 1)
    back = weights.sum(1, keepdims=True) / weights.sum()
    weights = np.log((weights + 0.5 + 20 * back) / (weights.sum(0) + 0.5 * len(weights)))
    weights = ((weights - weights.mean(1, keepdims=True)) / 4).astype(np.float32)
    squares, order = np.full_like(weights, 1e-3), np.random.RandomState(3).permutation(len(truth))
    for epoch in range(EPOCHS):
        np.random.RandomState(epoch).shuffle(order)
        right = 0
        for start in range(0, len(order), 512):
            batch = order[start : start + 512]
            own = counts[batch]
            odds = own @ weights
            right += (odds.argmax(1) == truth[batch]).sum()
            odds = np.exp(odds - odds.max(1, keepdims=True))
            odds /= odds.sum(1, keepdims=True)
            odds[np.arange(len(batch)), truth[batch]] -= 1
            used = np.unique(own.indices)
            step = own[:, used].T @ odds / len(batch) + 2e-6 * weights[used]
            squares[used] += step * step
            weights[used] -= 0.05 * step / np.sqrt(squares[used])
        print(f"{script}: epoch {epoch}, {right / len(truth):.4f} of the pieces right", flush=True)
    table = np.zeros((len(weights), GROUPS[script][1]), np.int8)
    table[:, : len(languages)] = np.round(weights * SCALE).clip(-127, 127)
    return table.tobytes()


def main():
    texts, out, *groups = sys.argv[1:]
    for script in groups or GROUPS:
        (pathlib.Path(out) / f"{script}.bin").write_bytes(train(pathlib.Path(texts), script))


if __name__ == "__main__":
    main()
