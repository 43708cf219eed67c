"""YAML's traps, one test each; what is read is what the author sees."""

from pathlib import Path

import pytest

from router.errors import PolicyError
from router.policy.source import MAX_BYTES, load


def read(folder: Path, content: str | bytes) -> object:
    path = folder / "file.yaml"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    document = load(path)
    assert document.mistakes == []
    return document.value


def mistakes(folder: Path, content: str | bytes) -> list[str]:
    path = folder / "file.yaml"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    try:
        found = load(path).mistakes
    except PolicyError as error:
        found = error.mistakes
    return [line.removeprefix(f"{path}:") for line in found]


@pytest.mark.parametrize("word", ["no", "No", "off", "yes", "on", "y", "n"])
def test_norway_no_and_its_like_stay_text(tmp_path: Path, word: str) -> None:
    assert read(tmp_path, f"country: {word}") == {"country": word}


def test_on_as_a_key_stays_text(tmp_path: Path) -> None:
    assert read(tmp_path, "on: 1") == {"on": 1}


@pytest.mark.parametrize(
    "text", ["12:30", "1_000", "0o17", "0x1F", "0b11", "0123", "1e", "2026-11-22", "1.2.3", "="]
)
def test_what_only_looks_like_a_number_or_a_date_stays_text(tmp_path: Path, text: str) -> None:
    assert read(tmp_path, f"value: {text}") == {"value": text}


@pytest.mark.parametrize("text", [".inf", "-.inf", ".nan", "inf", "nan", "Infinity", "NaN"])
def test_numbers_that_are_none_stay_text(tmp_path: Path, text: str) -> None:
    assert read(tmp_path, f"value: {text}") == {"value": text}


@pytest.mark.parametrize(
    ("text", "number"), [("7", 7), ("-7", -7), ("+7", 7), ("0", 0), (".5", 0.5), ("1.", 1.0), ("1e3", 1000.0)]
)
def test_numbers_are_numbers(tmp_path: Path, text: str, number: float) -> None:
    value = read(tmp_path, text)
    assert (value, type(value)) == (number, type(number))


@pytest.mark.parametrize(
    ("text", "value"), [("true", True), ("TRUE", True), ("False", False), ("null", None), ("~", None)]
)
def test_the_words_of_the_core_schema_are_no_text(tmp_path: Path, text: str, value: object) -> None:
    assert read(tmp_path, f"[{text}]") == [value]


@pytest.mark.parametrize("text", ["'5'", '"5"', "|-\n  5"])
def test_what_is_quoted_is_text(tmp_path: Path, text: str) -> None:
    assert read(tmp_path, f"value: {text}") == {"value": "5"}


@pytest.mark.parametrize("number", ["1e999", "-1e999", "9" * 19, "9" * 5000, "1e18"])
def test_a_number_too_large_to_be_kept_is_a_mistake(tmp_path: Path, number: str) -> None:
    [mistake] = mistakes(tmp_path, f"a: [1, {number}]")
    assert mistake.startswith("1:8: a.1: '")
    assert mistake.endswith(" is too large a number")
    assert len(mistake) < 120


def test_a_key_that_stands_twice_is_a_mistake_at_its_second_place(tmp_path: Path) -> None:
    assert mistakes(tmp_path, "a: 1\nb: {c: 1,\n    c: 2}\na: 3") == [
        "3:5: b: 'c' stands twice, first on line 2: keep one",
        "4:1: 'a' stands twice, first on line 1: keep one",
    ]


def test_a_merge_key_is_a_mistake_and_not_a_field_called_so(tmp_path: Path) -> None:
    text = "base: &base {x: 1}\nrule: {<<: *base, y: 2}"
    assert mistakes(tmp_path, text) == ["2:8: rule: merge keys (<<) are not supported: write the keys out"]


def test_a_quoted_merge_key_is_a_key(tmp_path: Path) -> None:
    assert read(tmp_path, "'<<': 1") == {"<<": 1}


@pytest.mark.parametrize("key", ["null", "true", "1.5", "[a]", "{a: b}", ""])
def test_a_key_that_is_no_text_is_a_mistake(tmp_path: Path, key: str) -> None:
    assert mistakes(tmp_path, f"? {key}\n: 1")[0].endswith(" a key must be text: put it in quotes")


@pytest.mark.parametrize(
    "value", ["!!str 5", "!!int '5'", "!!binary aGk=", "!custom x", "!!set {a}", "!x [a]", "{!!str b: 1}"]
)
def test_a_tag_is_a_mistake(tmp_path: Path, value: str) -> None:
    [mistake] = mistakes(tmp_path, f"a: {value}")
    assert " a: the tag '" in mistake


def test_a_tag_that_would_run_code_runs_nothing(tmp_path: Path) -> None:
    harm = tmp_path / "harm"
    text = f"a: !!python/object/apply:os.mkdir ['{harm}']"
    assert "the tag 'tag:yaml.org,2002:python/object/apply:os.mkdir'" in mistakes(tmp_path, text)[0]
    assert not harm.exists()


def test_an_alias_repeats_what_was_marked(tmp_path: Path) -> None:
    assert read(tmp_path, "a: &x [1]\nb: *x") == {"a": [1], "b": [1]}


def test_aliases_that_explode_are_refused_before_they_do(tmp_path: Path) -> None:
    bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
    bomb += "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12))
    [mistake] = mistakes(tmp_path, bomb)
    assert "more than 40 levels, or 20,000 values with every alias written out" in mistake


def test_an_alias_under_a_key_that_stands_twice_is_written_out_once(tmp_path: Path) -> None:
    text = f"a: &a [{'x,' * 15_000}]\nb: 1\n" + "b: *a\n" * 9_000
    assert len(mistakes(tmp_path, text)) == 9_000


def test_an_alias_within_itself_is_refused(tmp_path: Path) -> None:
    [mistake] = mistakes(tmp_path, "a: &a [*a]")
    assert "more than 40 levels" in mistake


def test_an_alias_of_nothing_may_have_been_a_glob(tmp_path: Path) -> None:
    [mistake] = mistakes(tmp_path, "like: *math")
    assert mistake == "1:7: *NAME repeats what &NAME marked above; a glob that begins with * needs quotes"


@pytest.mark.parametrize("text", ["[" * 100_000, "- " * 100_000, "a: {" * 50_000, "[" * 60 + "]" * 60])
def test_a_deep_nest_is_refused(tmp_path: Path, text: str) -> None:
    [mistake] = mistakes(tmp_path, text)
    assert "more than 40 levels" in mistake


def test_a_file_of_five_megabytes_is_refused_unread(tmp_path: Path) -> None:
    assert mistakes(tmp_path, "a: " + "x" * 5_000_000) == [f"1:1: more than {MAX_BYTES:,} bytes"]


def test_a_tab_that_indents_is_named(tmp_path: Path) -> None:
    assert mistakes(tmp_path, "rules:\n\t- name: a") == ["2:1: a tab cannot indent: use spaces"]


def test_a_byte_order_mark_is_no_part_of_the_first_key(tmp_path: Path) -> None:
    assert read(tmp_path, b"\xef\xbb\xbfa: 1") == {"a": 1}


def test_text_that_is_not_utf_8_is_refused_at_its_place(tmp_path: Path) -> None:
    assert mistakes(tmp_path, b"a: 1\nb: caf\xe9") == ["2:7: not UTF-8 text"]


def test_a_control_character_is_refused_at_its_place(tmp_path: Path) -> None:
    assert mistakes(tmp_path, "a: 1\nb: x\x00y") == ["2:5: a control character, which no text may hold"]


def test_a_second_document_is_refused(tmp_path: Path) -> None:
    assert mistakes(tmp_path, "a: 1\n---\na: 2") == ["2:1: a second document begins here: a file holds one"]


def test_a_dollar_brace_inside_braces_needs_quotes(tmp_path: Path) -> None:
    [mistake] = mistakes(tmp_path, "judge: {model: ${MODEL}}")
    assert mistake.endswith("between { and }, ${...} must stand in quotes")


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ("a: b: c", "1:5: a colon where none fits: check the indentation, or put the text in quotes"),
        ("a:\n  - b\n - c", "3:2: the indentation does not fit the lines above"),
        ("a: [b", "1:6: a comma or ] is missing"),
        ("a: 'b", "1:6: a quote is never closed"),
        ("a: @b", "1:4: text that begins with a special character must stand in quotes"),
        ("a: *", "1:5: text that begins with * or & must stand in quotes"),
        ("a: 1\nb", "2:2: a key without a colon, or text that needs quotes"),
    ],
)  # fmt: skip
def test_what_is_no_yaml_is_told_with_a_way_out(tmp_path: Path, text: str, mistake: str) -> None:
    assert mistakes(tmp_path, text) == [mistake]


def test_an_empty_file_holds_nothing(tmp_path: Path) -> None:
    assert read(tmp_path, "") is None
    assert read(tmp_path, "# a comment\n") is None


def test_a_file_that_is_not_there_is_said_to_be(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match=r"no\.yaml: cannot be read: No such file or directory"):
        load(tmp_path / "no.yaml")


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match="cannot be read: Is a directory"):
        load(tmp_path)
