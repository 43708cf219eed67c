"""A verdict is the same on the main thread, in a worker thread, and in a fresh process."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from router.types import Finding, Message, Sample, Verdict
from verifiers.math import Math

ROOT = Path(__file__).parents[1]

PAIRS = [
    ("So she has 18 eggs.\n#### 18", "18"),
    ("A: 17", "18"),
    (r"\boxed{0.75}", r"\frac{3}{4}"),
    (r"\boxed{\frac{6}{8}}", "0.75"),
    (r"\boxed{1{,}080}", "1080"),
    (r"\boxed{50\%}", "50"),
    (r"\boxed{5 \text{ m}}", "5"),
    (r"\boxed{85.71}", r"\frac{600}{7}"),
    (r"\boxed{\dfrac{\sqrt{2}}{2}}", r"\frac{1}{\sqrt{2}}"),
    (r"\boxed{\sqrt{8}}", r"2\sqrt{2}"),
    (r"\boxed{2^{10}}", "1024"),
    (r"\boxed{\log_2 8}", "3"),
    (r"\boxed{\sin\frac{\pi}{6}}", r"\frac{1}{2}"),
    (r"\boxed{e^{i\pi}}", "-1"),
    (r"\boxed{(x+1)^2}", "x^2+2x+1"),
    (r"\boxed{x^2+2x}", "x^2+2x+1"),
    (r"\boxed{a(b+c)}", "ca+ab"),
    (r"\boxed{\sin^2 x}", r"1-\cos^2 x"),
    (r"\boxed{y = 2x + 1}", "2x - y + 1 = 0"),
    (r"\boxed{x < 3}", r"(-\infty, 3)"),
    (r"\boxed{(2,5)}", "[2,5)"),
    (r"\boxed{(-\infty,-1)\cup(1,\infty)}", "x < -1 or x > 1"),
    (r"\boxed{2, 1}", r"\{1, 2\}"),
    (r"\boxed{\{c, b, a\}}", r"\{a, b, c\}"),
    (r"\boxed{(1, 2)}", "(2, 1)"),
    (r"\boxed{1 \pm \sqrt{19}}", r"1+\sqrt{19}, 1-\sqrt{19}"),
    (r"\boxed{\begin{pmatrix}1&2\\3&4\end{pmatrix}}", r"\begin{bmatrix}1&2\\3&4\end{bmatrix}"),
    (r"\boxed{120^\circ}", r"\frac{2\pi}{3}"),
    (r"\boxed{3:4}", r"\frac{3}{4}"),
    (r"\boxed{\text{even}}", r"\text{Even}"),
    (r"\boxed{\text{no solution}}", "7"),
    (r"\boxed{C_1 e^{-2t} + C_2 e^{t}}", r"C_1 e^{t} + C_2 e^{-2t}"),
    (r"\boxed{6} or \boxed{7}", "7"),
    (r"\boxed{1} and \boxed{2}", "1, 2"),
    (r"\boxed{}", "7"),
    (r"\boxed{\frac{1}{", "1"),
    ("<think>so 42</think>", "42"),
    ("The answer is not 42.", "42"),
]


def findings(pairs: list[tuple[str, str]]) -> list[Finding]:
    math = Math()
    return [math.verify(_sample(response, reference)) for response, reference in pairs]


def _sample(response: str, reference: str) -> Sample:
    return Sample(id="a", prompt=(Message("user", "?"),), response=response, reference=reference, fields={})


AFRESH = "from tests.test_same_everywhere import *; print(*map(repr, findings(PAIRS)), sep=chr(10))"


def test_the_pairs_are_paid_refused_and_left_open() -> None:
    assert {finding.score if isinstance(finding, Verdict) else None for finding in findings(PAIRS)} == {
        0,
        1,
        None,
    }


def test_a_worker_thread_finds_what_the_main_thread_finds() -> None:
    with ThreadPoolExecutor(max_workers=1) as pool:
        assert pool.submit(findings, PAIRS).result() == findings(PAIRS)


def test_threads_at_once_find_what_one_finds_alone() -> None:
    alone = findings(PAIRS)
    with ThreadPoolExecutor(max_workers=4) as pool:
        assert list(pool.map(findings, [PAIRS] * 4)) == [alone] * 4


def test_what_was_asked_before_changes_no_verdict() -> None:
    assert findings(PAIRS[::-1])[::-1] == findings(PAIRS)


@pytest.mark.parametrize("seed", ["0", "1"])
def test_a_fresh_process_finds_what_this_one_finds(seed: str) -> None:
    run = subprocess.run(
        [sys.executable, "-c", AFRESH],
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": seed},
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.splitlines() == [repr(finding) for finding in findings(PAIRS)]
