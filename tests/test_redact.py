"""What must not stand in a log does not; what a reader needs does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from router.telemetry.redact import redacted

PRIVATE = {
    "write to jane.doe+spam@mail.example.co.uk now": "write to [e-mail] now",
    "AKIAIOSFODNN7EXAMPLE is it": "[key] is it",
    "ASIAIOSFODNN7EXAMPLE": "[key]",
    "Authorization: Bearer abc.DEF-123_456": "Authorization: [key]",
    "sk-proj-abcdefgh12345678": "[key]",
    "ghp_16C7e42F292c6912E7710c838347Ae178B4a": "[key]",
    "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY": "[key]",
    "sha d41d8cd98f00b204e9800998ecf8427e.": "sha [key].",
    "call +1 (555) 010-9999 today": "call [number] today",
    "card 4111 1111 1111 1111": "card [number]",
    "IBAN 12345678": "IBAN [number]",
    "from 192.168.10.254 on": "from [address] on",
    "at 2001:db8::8a2e:370:7334 too": "at [address] too",
    "token eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln, he said": "token [key], he said",
    "-----BEGIN RSA PRIVATE KEY-----\nb3BlbnN\nAAAAB3Nz\n-----END RSA PRIVATE KEY-----\nfin": "[key]\nfin",
    "-----BEGIN PRIVATE KEY-----\nb3BlbnNzaC1r, and no end": "[key]",
    "password: hunter2": "[key]",
    '{"api_key": "abc", "DB_PASSWORD": "xyz"}': '{"[key], "DB_[key]',
    "client_secret=s3cr3t; next": "[key]; next",
    "postgres://admin:hunter2@localhost/x": "postgres://[key]localhost/x",
    "xoxe-1-abcdef1234 xapp-1-A111-222": "[key] [key]",
    "jane\u200b@exam\u00adple.com": "[e-mail]",
    "jane\uff20example.com": "[e-mail]",
    "jörg@exämple.de": "[e-mail]",
    "card 4111\u00a01111\u00a01111\u00a01111": "card [number]",
    "card 4111_1111_1111_1111": "card [number]",
    "card 4111\u20131111\u20131111\u20131111": "card [number]",
    "card 4111\n1111\n1111\n1111": "card [number]",
    "DE89 3704 0044 0532 0130 00": "DE[number]",
}
PLAIN = [
    "The answer is 72, not 3.14 or 1,234.",
    "x = 12 + 345 - 6",
    "On 4 May he paid $99.50.",
    "std::vector<int> a[3];",
    "user @ home",
    "version 1.2.3",
    "The next token: the. A secret is kept by two.",
    "Enter the password, then the key = value pairs.",
]


@pytest.mark.parametrize(("text", "shown"), PRIVATE.items())
def test_what_looks_private_is_replaced_by_what_it_is(text: str, shown: str) -> None:
    assert redacted(text, 200) == shown


@pytest.mark.parametrize("text", PLAIN)
def test_what_students_write_stays_readable(text: str) -> None:
    assert redacted(text, 200) == text


def test_a_long_text_is_cut_and_says_so() -> None:
    assert redacted("word " * 100, 20) == "word word word word  [...]"


@given(st.integers(0, 400))
def test_no_cut_leaves_half_a_secret_to_be_read(before: int) -> None:
    text = "a b " * (before // 4) + "x" * (before % 4) + " jane.doe@example.com " + "c d " * 200
    shown = redacted(text, 100)
    assert "jane" not in shown


@given(st.text(), st.integers(1, 50))
def test_no_more_is_shown_than_was_wanted(text: str, most: int) -> None:
    assert len(redacted(text, most)) <= most + len(" [...]")


@pytest.mark.parametrize(
    "hostile",
    ["a.", "1 (", "a@", "::", "+1", "Bearer ", "-", "1.", "eyJ.", "://a:", "secret: ", "-----BEGIN A-----"],
    ids=repr,
)
def test_a_text_that_is_made_to_be_slow_is_shown_in_the_end(hostile: str) -> None:
    assert len(redacted(hostile * 100_000, 2000)) <= 2000 + len(" [...]")
