"""What the masker replaces, and that no cut of the stream lets a secret through."""

import base64
import json
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from runner.masking import MASK, Masker, forms

SECRET = 'pa/ss "word"é'
TEXT = st.text('abAB12+/= \n"é', max_size=40)


def mask(secrets, *chunks):
    masker = Masker(secrets)
    return b"".join([*map(masker.feed, chunks), masker.flush()]), masker.count


@settings(deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.text("abc", min_size=4, max_size=8), max_size=4), st.data())
def test_it_masks_alike_however_the_stream_is_cut(secrets, data):
    pieces = st.one_of(st.sampled_from(secrets or ["x"]), st.text("abc\n", max_size=6))
    whole = "".join(data.draw(st.lists(pieces, max_size=12))).encode()
    cuts = sorted(data.draw(st.lists(st.integers(0, len(whole)), max_size=10)))
    chunks = [whole[a:b] for a, b in zip([0, *cuts], [*cuts, len(whole)], strict=True)]

    masked = mask(secrets, *chunks)

    assert masked == mask(secrets, whole)
    assert not any(form in masked[0] for each in secrets for form in forms(each))


@settings(deadline=None, suppress_health_check=list(HealthCheck))
@given(TEXT.filter(lambda text: len(text.encode()) >= 4), st.binary(max_size=5))
def test_it_masks_base64_wherever_the_value_stands(secret, before):
    sure = base64.b64encode(before + secret.encode() + b"after")

    masked, count = mask([secret], sure)

    assert count >= 1
    assert MASK in masked


@pytest.mark.parametrize(
    "shown",
    [
        SECRET,
        quote(SECRET),
        quote(SECRET, safe=""),
        json.dumps(SECRET)[1:-1],
        json.dumps(SECRET, ensure_ascii=False)[1:-1],
        SECRET.encode().hex(),
        SECRET.encode().hex().upper(),
    ],
)
def test_it_masks_each_way_to_write_a_value(shown):
    assert mask([SECRET], f"<{shown}>".encode()) == (b"<******>", 1)


def test_it_masks_a_value_of_several_lines_line_by_line():
    masked, count = mask(["first line\nsecond line"], b"> first line\r\n> second line\n")

    assert (masked, count) == (b"> ******\r\n> ******\n", 2)


def test_it_ignores_values_under_four_characters():
    assert mask(["abc", ""], b"abc abc") == (b"abc abc", 0)


def test_it_does_not_hold_back_what_cannot_become_a_secret():
    masker = Masker(["password"])

    assert masker.feed(b"a line\n") == b"a line\n"
    assert masker.feed(b"pass") == b""
    assert masker.feed(b"age\n") == b"passage\n"
