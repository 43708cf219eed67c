"""Answers that are short to write and long to work out, for whoever parses them without a limit."""

from typing import Any

BOMBS = {
    "a tower of powers": r"9^{9^{9^{9}}}",
    "a large factorial": r"(10^7)!",
    "a factorial of a factorial": r"((10!)!)!",
    "fractions, 400 deep": r"\frac{1}{" * 400 + "2" + "}" * 400,
    "brackets, 2000 deep": "(" * 2000 + "x" + ")" * 2000,
    "a product of 100,000": r"\prod_{k=1}^{100000} (k^2+1)",
    "a long sum": r"\sum_{k=1}^{10^9} \frac{1}{k^3+1}",
    "a power of a sum": r"(a+b+c+d+e+f)^{60}",
    "nested roots": r"\sqrt{1+" * 60 + "x" + "}" * 60,
    "10,000 digits to a power": "7" * 10_000 + r"^{7777777}",
}


def bomb_rows() -> list[dict[str, Any]]:
    """Return a row for each, as a training job would send it."""
    return [
        {
            "id": name,
            "messages": [
                {"role": "user", "content": "What is it?"},
                {"role": "assistant", "content": f"So it is $\\boxed{{{answer}}}$."},
            ],
            "reference_answer": r"\sqrt{2}+x",
            "metadata": {"task": "math"},
        }
        for name, answer in BOMBS.items()
    ]
