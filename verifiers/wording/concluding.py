"""Words that make a sentence a conclusion, or that keep it from being one."""

import re

from router.expression import expression

COURTESY = expression(
    r"(?:I hope|Hope th|Let me know|Please let|Feel free|If you|Thank|Would you|Do you want|Is there any)"
)
"""How a line begins that only takes leave."""
REMARK = expression(r"(?:This|These|Both|Here|where)\b")
"""How a line begins that talks about what was said."""
CONCLUDES = expression(
    r"\b(?:so|thus|therefore|hence|altogether|total|finally|overall|conclu\w+|means)\b", re.IGNORECASE
)
DOUBT = expression(
    r"\b(?:maybe|perhaps|alternatively|possibly|probably|presumably|(?:un)?likely|guess\w*|unsure|not sure"
    r"|suspect|supposedly|allegedly|claim\w*|says?|said|think\w*|thought|believe\w*|pretend\w*"
    r"|(?<!that )(?<!which )(?:could|might|may) be|wrong\w*|incorrect\w*|false\w*|mistake\w*|wait"
    r"|actually,? (?:it|the|that|this|not)|not (?:right|correct|true|it|the)|sorry|oops|scratch"
    r"|either|unless|otherwise|impossible|ignore\w*|reference|grader"
    r"|let (?:us|me)|let['’]s|try|for example|e\.g|no(?=,))\b"
    r"|\?|\"\w+\":|^\W*(?:if\b(?!.*[=≈])|assume|suppose|let|case|step|hint|note)\b",
    re.IGNORECASE,
)
"""Anywhere in a sentence it concludes nothing."""
OPEN = expression(
    r"\b(?:or|if|not|never|unless|but|versus|vs|rather|instead|except|cannot|neither|to(?=\s+[-$]?\d))\b"
    r"|n['’]t\b|\.{3}|…",
    re.IGNORECASE,
)
"""Behind the link to a value it denies, or leaves a choice."""
CHOICE = expression(r"\b(?:or|if|unless|but|versus|vs|rather|instead|except)\b|\.{3}|…", re.IGNORECASE)
NEGATED = expression(r"\W*(?:\w+\W+)?(?:not|never)\b|\W*\w+n['’]t\b|\W*cannot\b", re.IGNORECASE)
"""Right behind a value; farther away it negates something else: "480 ways such that no two are not alike"."""
MERELY_MENTIONED = expression(
    r"(?:\b(?:than|least|most|exceeds?|above|below|under|over|from|nearly|near|close to|almost|half|double"
    r"|triple|twice|times|before|after|until|between|(?<!given )by|(?<!total )(?<!sum )(?<!consists )of"
    r"|(?<!adds up )(?<!add up )(?<!comes )(?<!amounts )(?<!sums )(?<!equal )to"
    r"|pages?|chapter|section|step|theorem|lemma|equation|figure|problem|question|exercise)"
    r"|[#(])(?:\s(?:the|an?|about|around|approximately|exactly|only))?\s*$",
    re.IGNORECASE,
)
"""Right before a value that is compared, computed with or numbers something: "less than 42", "page 42"."""
BOUNDED = expression(
    r"\bat (?:the )?(?:very )?(?:least|most|minimum|maximum)\b|\b(?:is|are) too [a-z]"
    r"|[\d%$\ue000](?:\s?[A-Za-z]+)?\s(?:and )?up(?:wards?)?\b(?!\s?to\b)",
    re.IGNORECASE,
)
"""From a value on: it is a bound, or too much to be the answer."""
RATE = expression(r"[\d%$\ue000](?:\s?[A-Za-z]+)?\s(?:per|pairs?|dozens?)\b", re.IGNORECASE)
"""From a value on: it counts more than ones, unless it was computed: "84 / 2 = 42 pairs"."""
DENIES = expression(r"(?:\b(?:not|never)|n['’]t)\s+(?:\w+\s+)?\S+$", re.IGNORECASE)
"""Right before a value."""
DANGLING = expression(
    r"(?:\b(?:and|the|an?|of|to|we|is|are|by|with|in|for|that|which|so|then|as|from|our|at|on)|[-+*/=,(<\\])$",
    re.IGNORECASE,
)
"""How a text ends that was cut off."""
