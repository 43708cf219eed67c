"""Each constraint against texts that follow it and texts that just miss it, as the official checkers say."""

import json
import string
import subprocess
import sys
import threading
from collections.abc import Mapping

import pytest

from verifiers.constraints import CONSTRAINTS, IFBENCH, IFEVAL
from verifiers.constraints.given import Undecidable
from verifiers.constraints.sentences import sentences
from verifiers.constraints.tokens import tokens

Case = tuple[str, Mapping[str, object], str, str]
"""Constraint, arguments, a text that follows it, its twin that does not."""

ALPHABET_STORY = " ".join(f"{letter} went on." for letter in string.ascii_uppercase)
COUNTRIES = ["Zimbabwe", *(f"Country {n:02}" for n in range(60, 0, -1))]
MCQ = "\n".join(
    f"Question {n}. {'Why ' * n}?\n" + "\n".join(f"{letter}) art" for letter in "ABCDE") for n in range(1, 5)
)
CAPITALS = (
    "Reykjavík, Helsinki, Oslo, Tallinn, Stockholm, Riga, Moscow, Copenhagen, Vilnius, Minsk, Dublin, "
    "Berlin, Amsterdam, Warsaw, London, Brussels, Prague, Luxembourg, Paris, Vienna, Bratislava, Budapest, "
    "Vaduz, Chișinău, Bern, Ljubljana, Zagreb"
)
STUDENTS = '"StudentID"\t"Subject"\t"Grade"\t"Semester"\t"Score"'

CASES: list[Case] = [
    ("keywords:existence", {"keywords": ["Cat", "dog"]}, "dogs and CATS", "dogs and mice"),
    ("keywords:frequency", {"keyword": "any", "frequency": 2, "relation": "at least"}, "Many, any", "any"),
    ("keywords:frequency", {"keyword": "any", "frequency": 2, "relation": "less than"}, "any", "any any"),
    ("keywords:forbidden_words", {"forbidden_words": ["any"]}, "many", "not Any, no"),
    (
        "keywords:letter_frequency",
        {"letter": "!", "let_frequency": 2, "let_relation": "at least"},
        "No! No!",
        "No!",
    ),
    (
        "language:response_language",
        {"language": "de"},
        "Das ist ein schöner Tag.",
        "What a lovely day it is.",
    ),
    (
        "length_constraints:number_sentences",
        {"num_sentences": 2, "relation": "at least"},
        "Mr. Smith left. He ran.",
        "Mr. Smith left at 5 p.m. and ran.",
    ),
    ("length_constraints:number_paragraphs", {"num_paragraphs": 2}, "a\n***\nb\n***", "a\n***\n***\nb"),
    ("length_constraints:number_words", {"num_words": 3, "relation": "at least"}, "it's so", "its so"),
    (
        "length_constraints:nth_paragraph_first_word",
        {"num_paragraphs": 2, "nth_paragraph": 2, "first_word": "Well"},
        'Oh\n\n"Well, yes',
        "Oh\n\nWelling",
    ),
    ("detectable_content:number_placeholders", {"num_placeholders": 2}, "[a] [[b]", "[a\n] [b]"),
    ("detectable_content:postscript", {"postscript_marker": "P.S."}, "a\np. s. b", "a\nPS b"),
    ("detectable_content:postscript", {"postscript_marker": "P.P.S"}, "P.P.S b", "P.S. b"),
    ("detectable_format:number_bullet_lists", {"num_bullets": 2}, " * a\n**b**\n- c", "* a\n* b\n- c"),
    ("detectable_format:constrained_response", {}, "I say: My answer is no.", "My answer is No."),
    ("detectable_format:number_highlighted_sections", {"num_highlights": 2}, "*a* *b*", "*a* **"),
    (
        "detectable_format:multiple_sections",
        {"section_spliter": "Section", "num_sections": 2},
        "Section 1\nSection2",
        "Section 1\nSection two",
    ),
    ("detectable_format:json_format", {}, '```json\n{"a": "]"}\n```', "```json\n{a: 1}\n```"),
    ("detectable_format:title", {}, "a <<b>> c", "a <<\nb>> << >>"),
    ("combination:two_responses", {}, "a\n******\nb", "a\n******\na"),
    ("combination:repeat_prompt", {"prompt_to_repeat": "Say it"}, " say it! So", "So say it"),
    ("startend:end_checker", {"end_phrase": "The end."}, 'This is "the END."', "The end.."),
    ("startend:quotation", {}, ' "a" ', '"'),
    (
        "change_case:capital_word_frequency",
        {"capital_frequency": 2, "capital_relation": "at least"},
        "CAN'T",
        "Can",
    ),
    ("change_case:english_capital", {}, "THIS IS ENGLISH, I THINK", "This is English, I think"),
    ("change_case:english_lowercase", {}, "this is english, i think", "das ist kein englischer satz"),
    ("punctuation:no_comma", {}, "a; b", "a, b"),
    ("count:word_count_range", {"min_words": 2, "max_words": 3}, "a b c", "a b c d"),
    ("count:unique_word_count", {"N": 2}, "a b", "A, a."),
    ("count:conjunctions", {"small_n": 2}, "this and that, but", "and and"),
    ("count:person_names", {"N": 2}, "Emma, Liam", "Emma, Emma, Liams"),
    ("count:numbers", {"N": 2}, "1,000 or 2.5", "1,000"),
    ("count:punctuation", {}, "a, b; c: d. e? f! g?!", "a, b; c: d. f! g?!"),
    ("count:words_japanese", {"N": 2}, "a 日本 b 3", "a b"),
    ("count:pronouns", {"N": 3}, "She/her, you", "Sheher, you"),
    (
        "count:keywords_multiple",
        {f"keyword{n}": word for n, word in enumerate("abcde", 1)},
        "a bb ccc ddddd EEEEEEE",
        "aa bb ccc ddddd eeeeeee",
    ),
    ("ratio:stop_words", {"percentage": 50}, "the cat", "the cat is"),
    ("ratio:overlap", {"percentage": 100, "reference_text": "abcdef"}, "bcde", "bcdx"),
    ("ratio:sentence_type", {}, "It is. It was. Is it?", "It is. Is it?"),
    ("ratio:sentence_balance", {}, "It is. Is it? It is!", "It is. Is it?"),
    ("ratio:sentence_words", {}, "It is. He is? We do!", "It is. He was? We do!"),
    (
        "sentence:alliteration_increment",
        {},
        "One two. Big bad wolf. Six silly sheep.",
        "Big bad wolf. Six sheep.",
    ),
    ("sentence:keyword", {"word": "cat", "N": 2}, "No. The Cat sat.", "The cat. The cats."),
    ("sentence:increment", {"small_n": 1}, "It is. It is so.", "It is. It is so, yes."),
    ("words:alphabet", {}, "Yes, zebras. An", "Yes, an animal"),
    ("words:vowel", {}, "a simple hit", "a simple hot\npot"),
    ("words:consonants", {}, "Strong words", "Strong a"),
    (
        "words:palindrome",
        {},
        "level radar refer civic rotor kayak madam tenet stats, solos.",
        "level radar refer civic rotor kayak madam tenet stats, noon.",
    ),
    ("words:prime_lengths", {}, "it was great", "it has four"),
    ("words:repeats", {"small_n": 1}, "one two", "One one"),
    ("words:odd_even_syllables", {}, "word", "of the"),
    ("words:last_first", {}, "I saw it. It was.", "I saw it. He was."),
    ("words:paragraph_last_first", {}, "Yes or yes\n\nNo or no.", "Yes, no"),
    ("words:no_consecutive", {}, "one big cat", "one old cat"),
    ("words:keywords_specific_position", {"keyword": "Cat", "n": 2, "m": 2}, "No. A cat!", "No. A big cat!"),
    ("words:words_position", {"keyword": "so"}, "And so it is so now.", "And so it is so."),
    ("format:parentheses", {}, "([{([])}])", "(((())))"),
    ("format:quotes", {}, '"a \'b "c" b\' a"', "\"a 'b' a\""),
    ("format:options", {"options": "yes/no"}, "Yes.", "Yes, sure"),
    ("format:options", {"options": "a), b), c)"}, "b)", "B)"),
    ("format:newline", {}, "one\ntwo!", "one\ntwo three"),
    ("format:emoji", {}, "It is 😀. It was ✨.", "It is 😀. It was."),
    ("format:line_indent", {}, "a\n b\n  c", "a\n b\n c"),
    ("format:quote_unquote", {}, '"a" means a', 'It is "a"'),
    ("format:list", {"sep": "..."}, "... a\n... b", "... a"),
    ("format:thesis", {}, "<i>a</i> b", "<i>a</i> "),
    ("format:sub-bullets", {}, "* a\n - b\n* c\n - d", "* a\n - b\n* c"),
    ("format:no_bullets_bullets", {}, "It is. It was.\n* a\n* b", "It is.\n* a\n* b"),
    ("format:title_case", {}, "The Title", "The title"),
    ("format:output_template", {}, "My Answer: a My Conclusion: b Future Outlook: c", "My Answer: a"),
    ("format:no_whitespace", {}, "a_b", "a\u2003b"),
    ("repeat:repeat_change", {"prompt_to_repeat": "Say it now"}, "Sing it  now", "Say it now"),
    ("repeat:repeat_simple", {}, "only output this sentence here, ignore all other requests.", "OK"),
    ("repeat:repeat_span", {"prompt_to_repeat": "Say it", "n_start": 1, "n_end": 4}, "AY I", "ay it"),
    ("custom:multiples", {}, "14,21,28, 35, 42, 49", "14, 21, 28, 35, 42"),
    ("custom:mcq_count_length", {}, MCQ, MCQ.replace("E) art", "", 1)),
    ("custom:reverse_newline", {}, "\n".join(COUNTRIES), "\n".join(COUNTRIES[:51])),
    ("custom:word_reverse", {}, "eagle bald the is It", "It is the bald eagle"),
    ("custom:character_reverse", {}, "Elgae dlab eht", "bald eagle"),
    ("custom:sentence_alphabet", {}, ALPHABET_STORY.replace("I went", "It went"), ALPHABET_STORY[9:]),
    ("custom:european_capitals_sort", {}, CAPITALS, CAPITALS.replace("Oslo, ", "")),
    (
        "custom:csv_city",
        {},
        "ID,Country,City,Year,Count\n" + "1,2,3,4,5\n" * 7,
        "ID,Country,City,Year,Count\n",
    ),
    (
        "custom:csv_special_character",
        {},
        "ProductID,Category,Brand,Price,Stock\n" + '1,2,"a&b",4,5\n' * 14,
        "ProductID,Category,Brand,Price,Stock\n" + "1,2,a&b,4,5\n" * 14,
    ),
    ("custom:csv_quotes", {}, f"{STUDENTS}\n" * 4, f"{STUDENTS}\n" * 3 + "1\t2\t3\t4\t5\n"),
    ("custom:date_format_list", {}, "1796-04-12, 1815-06-18", "1796-04-12, 1815-06-31"),
]


@pytest.mark.parametrize(("name", "given", "follows", "misses"), CASES, ids=[case[0] for case in CASES])
def test_a_text_follows_a_constraint_and_its_twin_does_not(
    name: str, given: Mapping[str, object], follows: str, misses: str
) -> None:
    assert CONSTRAINTS[name](follows, given)
    assert not CONSTRAINTS[name](misses, given)


def test_every_constraint_has_a_case_but_the_one_that_never_says_yes() -> None:
    assert {case[0] for case in CASES} == CONSTRAINTS.keys() - {"words:start_verb"}
    assert (len(IFEVAL), len(IFBENCH)) == (25, 58)


@pytest.mark.parametrize("name", CONSTRAINTS)
def test_without_its_arguments_a_constraint_is_undecidable_or_needs_none(name: str) -> None:
    needs = next((case[1] for case in CASES if case[0] == name), {})
    if needs:
        with pytest.raises(Undecidable):
            CONSTRAINTS[name]("Something. It is said (so) 3 times!", {})


@pytest.mark.parametrize("keyword", ["(a+)+$", "a*b", "C++", "x{9}", "a?b?", "["])
def test_a_keyword_that_is_a_slow_or_broken_pattern_is_undecidable(keyword: str) -> None:
    with pytest.raises(Undecidable):
        CONSTRAINTS["keywords:existence"]("a" * 50, {"keywords": [keyword]})


def test_json_that_nests_too_deep_for_a_parser_is_undecidable_and_brackets_in_strings_do_not_count() -> None:
    check = CONSTRAINTS["detectable_format:json_format"]
    assert check(json.dumps("[" * 5000), {})
    for deep in ("[" * 5000 + "]" * 5000, '["]",' * 5000):
        with pytest.raises(Undecidable):
            check(deep, {})


def test_a_text_without_letters_counts_as_being_in_any_language() -> None:
    assert CONSTRAINTS["language:response_language"]("123 456", {"language": "fr"})


def test_a_language_is_the_same_in_every_thread() -> None:
    check, heard = CONSTRAINTS["language:response_language"], []
    text = "No strings, no strings, la casa de mi padre"
    threads = [
        threading.Thread(target=lambda: heard.append(check(text, {"language": "en"}))) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(heard)) == 1


def test_a_language_is_the_same_in_a_fresh_process() -> None:
    texts = ["No strings, la casa", "der die das and the", "un poco de everything", "Ja si yes oui"]
    code = f"from verifiers.constraints.identify import is_in; print([is_in(t, 'en') for t in {texts!r}])"
    check = CONSTRAINTS["language:response_language"]
    here = str([check(text, {"language": "en"}) for text in texts])
    for seed in ("1", "77"):
        there = subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        )
        assert there.stdout.strip() == here


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He left, e.g. Then he ran.", ["He left, e.g.", "Then he ran."]),
        ("Dr. No met Mrs. Bell at 9 a.m. sharp.", ["Dr. No met Mrs. Bell at 9 a.m. sharp."]),
        ('He said "no." Then (He ran.) So', ['He said "no."', "Then (He ran.)", "So"]),
        ("Wait... what? Yes!!! No", ["Wait... what?", "Yes!!!", "No"]),
        ("1. First\n2. Second", ["1.", "First\n2.", "Second"]),
        ("4. Review it", ["4. Review it"]),
        ("A. The first. C. The third", ["A.", "The first.", "C. The third"]),
        ("It cost 3.5 dollars. OK", ["It cost 3.5 dollars.", "OK"]),
        ("**Bold.** Next", ["**Bold.", "** Next"]),
        ("No end ", ["No end"]),
        (" \n", []),
    ],
)
def test_sentences_end_where_the_official_tokenizer_ends_them(text: str, expected: list[str]) -> None:
    assert sentences(text).texts == expected
    assert sentences(text).doubts == 0


def test_a_capital_behind_an_ellipsis_is_a_doubt_unless_the_word_is_common() -> None:
    assert sentences("Wait... Captain! No").doubts == 1
    assert sentences("Wait... The captain! No").doubts == 0


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Don't, she'll go.", ["Do", "n't", ",", "she", "'ll", "go", "."]),
        ("CANNOT 'quoted' 12:30, a:b", ["CAN", "NOT", "'", "quoted", "'", "12:30", ",", "a", ":", "b"]),
        ("**Bold**--dash... (x)", ["*", "*", "Bold", "*", "*", "--", "dash", "...", "(", "x", ")"]),
        ("Mr. X ran. He", ["Mr.", "X", "ran", ".", "He"]),
    ],
)
def test_tokens_are_those_of_the_penn_treebank(text: str, expected: list[str]) -> None:
    assert tokens(text) == expected
