"""The letters of Vietnamese, built from the 29 letters and the five tone marks."""

import unicodedata

ALPHABET = "aăâbcdđeêghiklmnoôơpqrstuưvxy"
VOWELS = "aăâeêioôơuưy"
TONES = "\u0300\u0301\u0303\u0309\u0323"
SMALL = [*ALPHABET, *(unicodedata.normalize("NFC", vowel + tone) for vowel in VOWELS for tone in TONES)]
LETTERS = [*SMALL, *(letter.upper() for letter in SMALL)]
MARKED = [letter for letter in LETTERS if not letter.isascii()]
"""The 134 letters beyond ASCII."""
