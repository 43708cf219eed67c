"""Texts of strangers, as a terminal may show them: no character in them moves the cursor or hides."""


def visible(text: str) -> str:
    """Spell out the characters that a terminal obeys or does not show; keep line ends and tabs."""
    return "".join(
        one if one.isprintable() or one in "\n\t" else one.encode("unicode_escape").decode() for one in text
    )


def one_line(text: str, most: int) -> str:
    """Return a text on one line, cut to `most` characters."""
    line = visible(" ".join(text.split()))
    return line if len(line) <= most else line[: most - 3] + "..."


def indented(text: str, most: int) -> str:
    """Return a text cut to `most` characters, its further lines set in, so that none looks like ours."""
    cut = text if len(text) <= most else f"{text[:most]}... ({len(text):,} characters)"
    return visible(cut).replace("\n", "\n    ")
