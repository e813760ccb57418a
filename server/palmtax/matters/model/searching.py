"""Finding by everyday words, pinyin and slips of the finger: an index of small pieces, built once, asked in memory. Pure.

Chinese is cut into signs and pairs of signs, its pinyin and Latin words into groups of three letters, so a wrong letter
spoils three pieces and not the word. Pieces are weighed by how rare they are (as BM25 does); a title counts more than a way
of saying it, that more than the sentence beneath.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Literal

from pypinyin import Style, lazy_pinyin

Kind = Literal["matter", "theme", "article", "calculator"]
_LATIN = re.compile(r"[a-z0-9]+")
_HAN = re.compile(r"[\u4e00-\u9fff]+")
_FILLERS = re.compile(
    r"(怎么办理|怎么办|怎么|如何|请问|我想要|我想|我要|想要|需要|可以|能不能|一下|的|了|吗|呢|办理|在哪里|在哪|是什么|多少)"
)
_FILLERS_EN = frozenset({"how", "to", "do", "i", "the", "a", "an", "my", "of", "for", "is", "what", "can", "where"})
_TITLE, _WORD, _SAY = 3.0, 2.4, 1.0
_SATURATION = 1.2
_WHOLE = 6.0
_COVERED = 0.2
_SHARES = {"h": 0.4, "i": 0.5, "q": 0.6}
"""Single signs, initials and pairs of letters say less than what is longer."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that can be found."""

    kind: Kind
    code: str
    title: str
    title_en: str
    say: str
    say_en: str
    words: tuple[str, ...] = ()
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Hit:
    """An entry with how well it fits."""

    entry: Entry
    score: float


def plain(text: str) -> str:
    """Lower case, full-width signs narrow, without the words that carry nothing.

    >>> plain("怎么办理开票额度不够？"), plain("ＡＢＣ 公司")
    ('开票额度不够', 'abc 公司')
    """
    narrow = unicodedata.normalize("NFKC", text).lower()
    kept = _FILLERS.sub(" ", narrow)
    kept = re.sub(r"[^\w\u4e00-\u9fff ]+", " ", kept)
    return re.sub(r"\s+", " ", kept).strip() or re.sub(r"\s+", " ", narrow).strip()


def _groups(word: str) -> list[str]:
    padded = f"^{word}$"
    return [padded[place : place + 3] for place in range(max(len(padded) - 2, 1))]


@lru_cache(maxsize=4096)
def pinyin(text: str) -> tuple[str, str]:
    """The pinyin of a Chinese text without tones, run together, and its initials.

    >>> pinyin("开票额度")
    ('kaipiaoedu', 'kped')
    """
    syllables = lazy_pinyin(text, style=Style.NORMAL, errors="ignore")
    return "".join(syllables), "".join(one[0] for one in syllables if one)


def _spelled(text: str) -> Iterable[str]:
    """Two and three letters at a time: a slip of the finger leaves most pairs whole."""
    yield from (f"p{text[a : a + 3]}" for a in range(max(len(text) - 2, 1)))
    yield from (f"q{text[a : a + 2]}" for a in range(max(len(text) - 1, 1)))


def pieces(text: str) -> Counter[str]:
    """The pieces under which a text is found."""
    found: Counter[str] = Counter()
    bare = plain(text)
    for run in _HAN.findall(bare):
        found.update(f"h{one}" for one in run)
        found.update(f"d{a}{b}" for a, b in pairwise(run))
        spelled, initials = pinyin(run)
        found.update(_spelled(spelled))
        found.update(f"i{initials[a : a + 3]}" for a in range(max(len(initials) - 2, 1)))
    for word in _LATIN.findall(bare):
        found.update(f"l{one}" for one in _groups(word))
    return found


def readings(text: str) -> list[Counter[str]]:
    """What a query may mean: words as they stand; Latin letters alone also as pinyin or as its initials."""
    bare = plain(text)
    words = [word for word in _LATIN.findall(bare) if word not in _FILLERS_EN]
    literal: Counter[str] = Counter()
    for run in _HAN.findall(bare):
        literal.update(f"h{one}" for one in run)
        literal.update(f"d{a}{b}" for a, b in pairwise(run))
    literal.update(f"l{one}" for word in words for one in _groups(word))
    found = [literal] if literal else []
    letters = "".join(words)
    if letters.isalpha() and len(letters) > 1 and not _HAN.search(bare):
        found.append(Counter(_spelled(letters)))
        if len(letters) <= 8:
            found.append(Counter(f"i{letters[a : a + 3]}" for a in range(max(len(letters) - 2, 1))))
    return found


class Index:
    """All entries, ready to be asked. Built once a process; asking allocates nothing that grows with the texts."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self.entries = tuple(entries)
        posts: dict[str, dict[int, float]] = defaultdict(dict)
        self.titles: list[str] = []
        self.words: list[tuple[str, ...]] = []
        for place, entry in enumerate(self.entries):
            weights: dict[str, float] = {}
            for text, weight in self._texts(entry):
                for piece in pieces(text):
                    weights[piece] = max(weights.get(piece, 0.0), weight)
            for piece, weight in weights.items():
                posts[piece][place] = weight
            self.titles.append(plain(entry.title))
            self.words.append(tuple(plain(word) for word in entry.words))
        count = len(self.entries)
        self.posts = {piece: tuple(found.items()) for piece, found in posts.items()}
        self.rarity = {p: math.log(1 + (count - len(f) + 0.5) / (len(f) + 0.5)) for p, f in self.posts.items()}

    @staticmethod
    def _texts(entry: Entry) -> Iterable[tuple[str, float]]:
        yield entry.title, _TITLE
        yield entry.title_en, _TITLE
        for word in entry.words:
            yield word, _WORD
        yield entry.say, _SAY
        yield entry.say_en, _SAY

    def find(self, text: str, limit: int = 20) -> list[Hit]:
        """The entries that fit best, best first; what covers too little of the query is left out."""
        scores: dict[int, float] = {}
        for asked in readings(text[:80]):
            for place, score in self._scored(asked):
                scores[place] = max(scores.get(place, 0.0), score)
        bare = plain(text)
        found = []
        for place, score in scores.items():
            entry = self.entries[place]
            found.append(Hit(entry, (score + self._bonus(place, bare)) * entry.weight))
        found.sort(key=lambda hit: (-hit.score, hit.entry.code))
        edge = found[0].score * 0.3 if found else 0.0
        return [hit for hit in found[:limit] if hit.score >= edge]

    def _scored(self, asked: Counter[str]) -> Iterable[tuple[int, float]]:
        scores: dict[int, float] = defaultdict(float)
        matched: dict[int, float] = defaultdict(float)
        whole = 0.0
        for piece in asked:
            rarity = self.rarity.get(piece, math.log(1 + len(self.entries))) * _SHARES.get(piece[0], 1.0)
            whole += rarity
            for place, weight in self.posts.get(piece, ()):
                scores[place] += rarity * weight / (weight + _SATURATION)
                matched[place] += rarity
        for place, score in scores.items():
            covered = matched[place] / whole
            if covered >= _COVERED:
                yield place, score * (0.4 + covered)

    def _bonus(self, place: int, bare: str) -> float:
        """More for a title or a way of saying it that is, or holds, the very words."""
        title, words = self.titles[place], self.words[place]
        if bare == title or bare in words:
            return _WHOLE
        is_inside = len(bare) > 1 and (bare in title or any(bare in word for word in words))
        return _WHOLE / 2 if is_inside else 0.0


def marks(title: str, text: str) -> list[tuple[int, int]]:
    """The places of a title that a query names, as (first, after last); joined where they touch.

    >>> marks("数电发票总额度调整申请", "发票额度")
    [(2, 4), (5, 7)]
    """
    low, hit = title.lower(), [False] * len(title)
    bare = plain(text)
    wanted = {
        bare[a : a + 2] for run in _HAN.findall(bare) for a in [bare.find(run)] for a in range(a, a + len(run) - 1)
    }
    wanted |= set(_LATIN.findall(bare))
    for word in wanted:
        place = low.find(word)
        while word and place >= 0:
            hit[place : place + len(word)] = [True] * len(word)
            place = low.find(word, place + 1)
    found: list[tuple[int, int]] = []
    for place, is_hit in enumerate(hit):
        if is_hit and found and found[-1][1] == place:
            found[-1] = (found[-1][0], place + 1)
        elif is_hit:
            found.append((place, place + 1))
    return found
