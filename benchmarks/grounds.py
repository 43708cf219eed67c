"""
What a confidence rests on where rollouts do not show it: what is so by definition, or was measured apart.

Most of it is what the verdict *means*: that a text has too many words is a count, and that it counts as
wrong is what the policy asked for. What may be read in two ways belongs to no ground; it keeps a
cautious number. Rollouts may still contradict a ground, and then `benchmarks/claims.py` says so.
"""

SILENT = "nothing is said, so nothing is right"
COUNTED = "a count, against bounds that the policy sets"
STANDS = "it stands in the text or does not"
ASKED = "what the policy's option asks for"
GUESSED_LABEL = "where 'the answer is' is not said, the set's own script guesses the label; each was read"
LAST_BOX = "read one by one: the graders that labelled them look at the last box alone"
NO_NUMBER = "a word is no number, and number words are read as numbers"
ONE_FITS = "the reference answer is one of the options"
NUMBER_AND_UNIT = "the number is the same, and the unit is the question's"
SYNTAX = "what the grammar allows"
SCHEMA = "what the schema allows, of the one value that is given"
FIELDS = "typed values, compared field by field"
EXECUTED = "execution accuracy is defined as this comparison of rows"
CALLED = "the function-calling leaderboard defines right calls by this comparison"
LITERAL = "two literals of one type are equal or are not"
EACH_DIFFERS = "whichever of them is meant, it is another"
LANGUAGE = "measured apart: 1,895 of 1,896 recorded responses told as English are"
OTHER_LANGUAGE = "measured apart: 91 of 93 responses told as another language, read one by one, are"
SAME_DAY = "one day, in another notation"
YES_OR_NO = "one of two words is asked for, and exactly one of them is said"
DECLINED = "who says that there is no answer gives none"
TESTED = "the tests are what right means here"
PARSED = "the compiler's own word"
COMPUTED = "the number that was asked for"

GROUNDS: dict[str, dict[str, str]] = {
    "choice": {
        "no answer outside the reasoning": SILENT,
        "the right option, in a sentence": GUESSED_LABEL,
        "another option, in a sentence": GUESSED_LABEL,
        "several options, none of them right": EACH_DIFFERS,
        "several options, but not the right ones": EACH_DIFFERS,
        "no option is said to fit": ONE_FITS,
    },
    "code": {
        "no answer outside the reasoning": SILENT,
        "no program in the response": SILENT,
        **dict.fromkeys(
            (
                "every test passes",
                "a test fails",
                "a test raises an error",
                "a test returns no plain value",
                "a test ends the process",
                "the program does not compile",
                "the program fails before any test",
                "some tests pass",
            ),
            TESTED,
        ),
        **dict.fromkeys(
            (
                "a test takes too long",
                "a test takes too much memory",
                "a test prints or returns too much",
            ),
            ASKED,
        ),
        **dict.fromkeys(("it compiles", "it does not compile"), PARSED),
        "it parses": SYNTAX,
    },
    "exact": {"no answer outside the reasoning": SILENT},
    "format": {
        "nothing is said": SILENT,
        "too few": COUNTED,
        "too many": COUNTED,
        **dict.fromkeys(
            (
                "every condition holds",
                "a tag is missing",
                "a tag stands more than once",
                "the tags stand in another order",
                "a tag holds nothing",
                "text stands outside the tags",
                "a pattern does not occur",
                "a forbidden pattern occurs",
            ),
            STANDS,
        ),
        **dict.fromkeys(("not valid JSON", "not well-formed XML", "a flaw in the Markdown"), SYNTAX),
        "every condition holds, and the language is told as English": LANGUAGE,
        "another language": OTHER_LANGUAGE,
    },
    "grounded": {
        "nothing is said": SILENT,
        "nothing is claimed": STANDS,
        "everything occurs in the context": STANDS,
    },
    "instructions": {"nothing outside the reasoning": SILENT},
    "json": {
        "no answer outside the reasoning": SILENT,
        "not only JSON": STANDS,
        "valid, among other text": SCHEMA,
        "not valid, among other text": SCHEMA,
        **dict.fromkeys(
            (
                "every field agrees",
                "every field agrees, among other text",
                "some fields agree",
                "not every field agrees",
                "no field agrees",
            ),
            FIELDS,
        ),
    },
    "length": {
        "nothing is said": SILENT,
        **dict.fromkeys(("within the target", "between target and limit", "at the limit or beyond"), COUNTED),
    },
    "math": {
        "no answer outside the reasoning": SILENT,
        "several answers, none of them equal": EACH_DIFFERS,
        "empty boxes, and no answer": SILENT,
        "the question repeated": SILENT,
        "a question, and no answer": SILENT,
        "words where none are asked for": NO_NUMBER,
        "equal in value, one as a percentage": ASKED,
        "equal, a percent sign aside": ASKED,
        "a percent sign on one side only": ASKED,
        "equal, as one list in several boxes": LAST_BOX,
    },
    "number": {
        "equal, in a unit that the question names": NUMBER_AND_UNIT,
        "no answer outside the reasoning": SILENT,
        "several answers, all of them different": EACH_DIFFERS,
    },
    "python_literal": {
        "no answer outside the reasoning": SILENT,
        "equal": LITERAL,
        "cut off, and different before": LITERAL,
        "several answers, all of them different": EACH_DIFFERS,
    },
    "repetition": {
        "nothing is said": SILENT,
        **dict.fromkeys(
            (
                "little repetition",
                "some repetition",
                "hardly anything but repetition",
                "only the end was read",
            ),
            COUNTED,
        ),
    },
    "short_answer": {
        "no answer outside the reasoning": SILENT,
        "nothing that could be an answer": SILENT,
        "it says that it has no answer": DECLINED,
        "held, as a date written differently": SAME_DAY,
        "the same yes or no": YES_OR_NO,
        "the opposite yes or no": YES_OR_NO,
    },
    "similarity": {
        "no answer outside the reasoning": SILENT,
        "the reference answer itself": STANDS,
        "the similarity, as asked": COMPUTED,
    },
    "sql": {
        "no answer outside the reasoning": SILENT,
        **dict.fromkeys(
            (
                "the same rows, also on changed copies of the database",
                "the same rows",
                "different rows",
                "the query fails",
                "the statement does more than read",
            ),
            EXECUTED,
        ),
    },
    "tool_calls": {
        "no answer outside the reasoning": SILENT,
        **dict.fromkeys(
            (
                "as wanted",
                "a text in other words, though the accepted ones are listed",
                "another text, though the accepted ones are listed",
                "a value of another type",
                "another value",
                "an argument that is not wanted",
                "an argument is missing",
                "an argument that the tool does not have",
                "another function",
                "a function that was not offered",
                "another number of calls",
                "the calls in another order",
                "a call that cannot be carried out",
                "no call",
                "no call, as wanted",
                "a call where none is wanted",
            ),
            CALLED,
        ),
    },
}
