"""Closed lists of words that the constraints count."""


def bag(words: str) -> frozenset[str]:
    """Return the words of a text, as a set."""
    return frozenset(words.split())


CONJUNCTIONS = bag("and but for nor or so yet")

PRONOUNS = bag(
    "i me we us you he him she her it they them my mine our ours your yours his hers its their theirs "
    "myself ourselves yourself yourselves himself herself itself themselves this that these those "
    "who whom whose which what whoever whomever whatever whichever "
    "anybody anyone anything everybody everyone everything nobody nothing somebody someone something "
    "each either neither both all some any none"
)

STOP_WORDS = bag(
    # pronouns, and what points
    "i me my myself we our ours ourselves you your yours yourself yourselves he him his himself she her hers "
    "herself it its itself they them their theirs themselves this that these those what which who whom "
    # verbs that help, and what an apostrophe leaves of them
    "am is are was were be been being have has had having do does did doing can will should now "
    "ain aren couldn didn doesn don hadn hasn haven isn ma mightn mustn needn shan shouldn wasn weren won "
    "wouldn d ll m o re s t ve y "
    # articles, conjunctions, prepositions
    "a an the and but if or because as until while of at by for with about against between into "
    "through during before after above below to from up down in out on off over under "
    # adverbs and quantities
    "again further then once here there when where why how all any both each few more most other some "
    "such no nor not only own same so than too very just"
)

PERSON_NAMES = bag(
    "Emma Liam Sophia Jackson Olivia Noah Ava Lucas Isabella Mason Mia Ethan Charlotte Alexander "
    "Amelia Benjamin Harper Leo Zoe Daniel Chloe Samuel Lily Matthew Grace Owen Abigail Gabriel Ella Jacob "
    "Scarlett Nathan Victoria Elijah Layla Nicholas Audrey David Hannah Christopher Penelope Thomas Nora "
    "Andrew Aria Joseph Claire Ryan Stella Jonathan"
)
"""The names that the prompt of `count:person_names` lists."""

NO_VERBS = bag("a an the my our their his her your its i we he she they it in of at with from and")
"""Words that no tagger takes for a verb."""

ONE_SYLLABLE = bag(
    "the of and to in is was that it for on with as at by he his she they we you this from or but not are be "
    "an if so up out all had has can will our your my me them"
)
"""Words whose syllables nobody counts differently."""
