"""What a drawn paper shows, asked from independent readers: poppler's tools and pypdf."""

import re
import subprocess
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.etree import ElementTree

from pypdf import PdfReader

MM = 72 / 25.4


@dataclass(frozen=True)
class Word:
    """A word and its box in points from the upper left corner of its page."""

    page: int
    text: str
    x1: float
    y1: float
    x2: float
    y2: float


@dataclass(frozen=True)
class Page:
    """A page's size in points and its words."""

    width: float
    height: float
    words: list[Word]

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)


@dataclass(frozen=True)
class Run:
    """A run of text as drawn: its type size in points and its font's name."""

    text: str
    size: float
    font: str


def run_tool(pdf: bytes, *command: str) -> str:
    """The output of a program on a PDF; `{}` in the command stands for the file."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "paper.pdf"
        path.write_bytes(pdf)
        words = [str(path) if word == "{}" else word for word in command]
        done = subprocess.run(words, capture_output=True, text=True, check=True)
        return done.stdout + done.stderr


def plain_text(pdf: bytes, *options: str) -> str:
    return run_tool(pdf, "pdftotext", *options, "{}", "-")


def pages(pdf: bytes) -> list[Page]:
    tree = ElementTree.fromstring(run_tool(pdf, "pdftotext", "-bbox", "{}", "-"))
    name = "{http://www.w3.org/1999/xhtml}"
    found = []
    for index, page in enumerate(tree.iter(f"{name}page")):
        words = [
            Word(index, item.text or "", *(float(item.get(side, "0")) for side in ("xMin", "yMin", "xMax", "yMax")))
            for item in page.iter(f"{name}word")
        ]
        found.append(Page(float(page.get("width", "0")), float(page.get("height", "0")), words))
    return found


def fonts(pdf: bytes) -> list[list[str]]:
    """pdffonts' rows: name, …, embedded, subset, unicode, object, generation."""
    return [line.split() for line in run_tool(pdf, "pdffonts", "{}").splitlines()[2:]]


def font_family(row: list[str]) -> str:
    """`LiberationSerif` of `AAAAAA+LiberationSerif2-Bold`."""
    return re.sub(r"2?(-.*)?$", "", row[0].split("+")[1])


def runs(pdf: bytes, page: int) -> list[Run]:
    found: list[Run] = []

    def visit(text: str, cm: list[float], tm: list[float], font: dict | None, size: float) -> None:
        if text.strip() and font:
            found.append(Run(text.strip(), round(abs(size * tm[3] * cm[3]), 2), str(font["/BaseFont"])))

    PdfReader(BytesIO(pdf)).pages[page].extract_text(visitor_text=visit)
    return found
