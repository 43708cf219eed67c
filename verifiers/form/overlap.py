"""
How much two texts overlap, by the usual measures, 0 to 1 each.

BLEU (Papineni et al. 2002) and chrF (Popovic 2015) follow sacreBLEU's definitions for one sentence and are
tested against it: its package would bring 85 MB of numpy and lxml into the artifact, for what are counts of
n-grams. ROUGE-L (Lin 2004) and the edit ratio are longest common subsequences, which rapidfuzz finds 64
cells at a time; the package rouge-score would bring numpy and nltk.
"""

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Literal

from router.expression import expression
from verifiers.form.counts import RUN

Metric = Literal["rouge_l", "bleu", "chrf", "edit"]

BLEU_ORDER, CHRF_ORDER, CHRF_BETA = 4, 6, 2
"""Longest n-grams in words and in characters, and how much more recall weighs than precision."""


def rouge_l(text: str, references: Sequence[str]) -> float:
    """Return the F1 of the longest common subsequence of words, for the best reference."""
    from rapidfuzz.distance import LCSseq  # noqa: PLC0415 - a compiled library, and only this verifier's

    words = _words(text)

    def f1(reference: list[str]) -> float:
        return 2 * LCSseq.similarity(words, reference) / ((len(words) + len(reference)) or 1)

    return max(f1(_words(reference)) for reference in references)


def edit(text: str, references: Sequence[str]) -> float:
    """Return one minus the insertions and deletions between the texts, as a share of their characters."""
    from rapidfuzz.distance import Indel  # noqa: PLC0415 - as above

    return max(Indel.normalized_similarity(text, reference) for reference in references)


def _words(text: str) -> list[str]:
    return RUN.findall(text.lower())


def bleu(text: str, references: Sequence[str]) -> float:
    """Return sacreBLEU's sentence BLEU: 13a tokens, exponential smoothing, effective order."""
    tokens, others = _tokens(text), [_tokens(reference) for reference in references]
    logs, smooth = [], 1
    matched = False
    for order in range(1, BLEU_ORDER + 1):
        found = _grams(tokens, order)
        total = max(len(tokens) - order + 1, 0)
        if not total:
            break
        known: Counter[tuple[str, ...]] = Counter()
        for other in others:
            known |= _grams(other, order)
        right = (found & known).total()
        matched |= right > 0
        smooth *= 1 if right else 2
        logs.append(math.log(right / total if right else 1 / (smooth * total)))
    if not matched:
        return 0.0
    closest = min((len(other) for other in others), key=lambda size: (abs(size - len(tokens)), size))
    brevity = min(1.0, math.exp(1 - closest / len(tokens)))
    return brevity * math.exp(sum(logs) / len(logs))


def chrf(text: str, references: Sequence[str]) -> float:
    """Return sacreBLEU's sentence chrF2: characters without white space, averaged over the orders."""
    found = _orders("".join(text.split()))
    return max(_f2(found, _orders("".join(reference.split()))) for reference in references)


def _orders(text: str) -> list[Counter[str]]:
    return [
        Counter([text[at : at + order] for at in range(len(text) - order + 1)])
        for order in range(1, min(CHRF_ORDER, len(text)) + 1)
    ]


def _f2(found: Sequence[Counter[str]], known: Sequence[Counter[str]]) -> float:
    precision, recall = 0.0, 0.0
    for one, other in zip(found, known, strict=False):
        common = (one & other).total()
        precision += common / one.total()
        recall += common / other.total()
    weight = CHRF_BETA**2
    if not precision:
        return 0.0
    f = (1 + weight) * precision * recall / (weight * precision + recall)
    return f / min(len(found), len(known))


def _grams(items: Sequence[str], order: int) -> Counter[tuple[str, ...]]:
    return Counter(zip(*(items[at:] for at in range(order)), strict=False))


TOKENS = (
    (expression(r"([{-~\[-` -&(-+:-@/])"), r" \1 "),
    (expression(r"([^0-9])([.,])"), r"\1 \2 "),
    (expression(r"([.,])([^0-9])"), r" \1 \2"),
    (expression(r"([0-9])(-)"), r"\1 \2 "),
)
"""The rules of mteval-v13a, WMT's tokenizer: part punctuation from words, but not within numbers."""
ENTITIES = (
    ("<skipped>", ""),
    ("-\n", ""),
    ("\n", " "),
    ("&quot;", '"'),
    ("&amp;", "&"),
    ("&lt;", "<"),
    ("&gt;", ">"),
)


def _tokens(text: str) -> list[str]:
    text = text.rstrip()
    for old, new in ENTITIES:
        text = text.replace(old, new)
    text = f" {text} "
    for pattern, parted in TOKENS:
        text = pattern.sub(parted, text)
    return text.split()


METRICS: Mapping[Metric, Callable[[str, Sequence[str]], float]] = {
    "rouge_l": rouge_l,
    "bleu": bleu,
    "chrf": chrf,
    "edit": edit,
}
