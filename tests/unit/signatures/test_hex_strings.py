"""The quick reader of hexadecimal strings gives what pyHanko's own gives, and leaves the stream where it leaves it."""

from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyhanko.pdf_utils import generic

from portal.signatures import hex_strings
from portal.signatures.hex_strings import PIECE, read_at_once


def outcome(read, data: bytes) -> tuple[object, ...]:
    stream = BytesIO(data)
    try:
        told = read(stream)
    except Exception as error:
        return (type(error), str(error))
    return (type(told), getattr(told, "original_bytes", told), stream.tell())


def test_pyhanko_reads_by_it():
    assert generic.read_hex_string_from_stream is read_at_once
    assert hex_strings._slowly is not read_at_once


@given(st.text("0123456789abcdefABCDEF \n\t<>()gZ", max_size=40))
def test_whatever_stands_there_is_read_as_pyhanko_reads_it(inside):
    data = b"<" + inside.encode() + b"> /Next"
    assert outcome(read_at_once, data) == outcome(hex_strings._slowly, data)


@pytest.mark.parametrize("count", [0, 2, PIECE - 2, PIECE, PIECE + 2, 3 * PIECE])
@pytest.mark.parametrize("tail", [b">>", b">", b"0>", b" >", b""])
def test_long_ones_too_whole_or_cut(count, tail):
    data = b"<" + b"4f" * (count // 2) + tail
    assert outcome(read_at_once, data) == outcome(hex_strings._slowly, data)
