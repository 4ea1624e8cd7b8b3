"""Reading a long hexadecimal string of a PDF at once: pyHanko reads it digit by digit.

A signature's container is some 30,000 digits, and every step of signing and verifying reads all of them: with four
containers that was two thirds of a verification's time. `install()` reads a plain run of digits in one go and leaves
everything else (blanks, an odd count, a wrong digit) to pyHanko's own reader, from the same place of the stream.
"""

import binascii
from typing import IO, Any

from pyhanko.pdf_utils import generic

PIECE = 64 * 1024
_slowly = generic.read_hex_string_from_stream


def read_at_once(stream: IO[bytes]) -> Any:  # noqa: ANN401  a text or a byte string, as pyHanko decides
    """The string that starts at `<`; the stream then stands behind its `>`, as after pyHanko's reader."""
    start = stream.tell()
    stream.seek(start + 1)
    digits = bytearray()
    while piece := stream.read(PIECE):
        end = piece.find(b">")
        digits += piece if end < 0 else piece[:end]
        if end >= 0:
            try:
                content = binascii.unhexlify(digits)
            except binascii.Error:
                break
            stream.seek(start + 1 + len(digits) + 1)
            return generic.pdf_string(content)
        if not digits.isalnum():
            break
    stream.seek(start)
    return _slowly(stream)


def install() -> None:
    """Put this reader into pyHanko; a second call changes nothing."""
    generic.read_hex_string_from_stream = read_at_once


install()
