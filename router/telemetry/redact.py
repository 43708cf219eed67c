"""
What must not stand in a log, taken out of a text by its pattern.

Covered: e-mail addresses; private keys, AWS and other keys, tokens, passwords that are called so or stand in
a URL, long runs of hexadecimal or base64; telephone, card and account numbers; IPv4 and IPv6 addresses.
Characters that nobody sees cannot split them.
Not covered: names, street addresses, dates, and whatever is spelled out. Redacted is not anonymous.
"""

import re

INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
KINDS = {
    "key": (
        r"-----BEGIN [A-Z ]{1,40}-----(?s:.*?)(?:-----END [A-Z ]{1,40}-----|\Z)"
        r"|\b(?:AKIA|ASIA|AROA|AIDA)[A-Z0-9]{12,}\b"
        r"|\b(?i:bearer|basic)\s{1,4}[\w.~+/=-]{8,}"
        r"|\b(?:sk|pk|rk|ghp|gho|ghs|xox[a-z]|xapp|glpat)[-_][\w-]{8,}"
        r"|\beyJ[\w-]{8,}\.[\w.-]*"
        r"|(?i:pass(?:word|wd|phrase)|(?:api|access|secret)[_-]?key|(?:client[_-]?|\b)secret|[_-]token)"
        r"[\"']?\s{0,4}[:=]\s{0,4}[^\s,;]{3,}"
        r"|(?<=://)[^\s/:@]{1,64}:[^\s/@]{1,64}@"
        r"|[A-Za-z0-9+/_=-]{32,}"
    ),
    "e-mail": r"[\w.+%-]{1,64}[@\uff20][\w-]{1,63}(?:\.[\w-]{1,63}){1,8}",
    "address": (
        r"(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])"
        r"|(?<![\w:])(?:[0-9A-Fa-f]{0,4}:){2,7}[0-9A-Fa-f]{0,4}(?![\w:])"
    ),
    "number": r"(?<!\d)\+?\(?\d(?:[\s().\-/_\u00b7\u2010-\u2015]{0,3}\d){6,30}",
}
PATTERN = re.compile("|".join(f"(?P<k{place}>{pattern})" for place, pattern in enumerate(KINDS.values())))
NAMES = dict(enumerate(KINDS))


def redacted(text: str, most: int) -> str:
    """
    Return a text, what looks private replaced by what it is, in at most so many characters and a mark.

    Only the beginning of a text is read: four times as much as is shown, and no half of a word at its end.
    """
    read = text[: 4 * most]
    if is_cut := len(read) < len(text):
        read = read.rpartition(" ")[0] if " " in read[-80:] else read[:-80]
    shown = PATTERN.sub(_kind, INVISIBLE.sub("", read))
    return f"{shown[:most]} [...]" if is_cut or len(shown) > most else shown


def _kind(found: re.Match[str]) -> str:
    return f"[{NAMES[int((found.lastgroup or 'k0')[1:])]}]"
