"""Programs in other languages than Python: found by their fences."""

from verifiers.programs.blocks import fenced
from verifiers.programs.extraction import Offer, disowned, replaces

TAGS = {
    "c": {"c", "h"},
    "cpp": {"c++", "cc", "cpp", "cxx", "hpp"},
    "go": {"go", "golang"},
    "java": {"java"},
    "javascript": {"javascript", "js", "jsx", "mjs", "node"},
    "rust": {"rs", "rust"},
    "typescript": {"ts", "typescript"},
}
"""What a fence is marked with."""


def offers_in(language: str, text: str) -> list[Offer]:
    """Return the different programs in fences of this language, the last one last; else in unmarked ones."""
    fences = [block for block in fenced(text) if block.text.strip()]
    marked = [block for block in fences if block.language.lower() in TAGS[language]]
    chosen = marked or [block for block in fences if not block.language]
    found = [
        Offer(block.text, text[block.end :], disowned(block.before), replaces(block.before))
        for block in chosen
    ]
    return list({one.source: one for one in found}.values())
