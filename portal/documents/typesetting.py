"""HTML templates to PDF pages by WeasyPrint, with our font alone and nothing fetched from anywhere."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import Lock

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from weasyprint import CSS, HTML, Attachment
from weasyprint.document import Document
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher

from portal.documents.fonts import font_paths
from portal.domain.phrases import count_words
from portal.languages import VIETNAMESE, in_language, translator

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
VARIANT = "pdf/a-3u"
_drawing = Lock()
"""Pango's font maps are not meant for several threads at once, and layout holds the GIL anyway."""


@dataclass(frozen=True)
class Style:
    """The papers' style sheet and the fonts it brought in: parsed once for the life of the process."""

    sheet: CSS
    fonts: FontConfiguration


def typeset(
    template: str, values: Mapping[str, object], attachments: list[Attachment], language: str = VIETNAMESE
) -> tuple[bytes, Document]:
    """The PDF/A-3u bytes of a template of `templates/documents`, and its laid-out pages for measuring."""
    text = _templates(language).get_template(f"documents/{template}").render(values)
    with _drawing:
        style = _style()
        document = HTML(string=text, url_fetcher=URLFetcher(allowed_protocols=[])).render(
            font_config=style.fonts, stylesheets=[style.sheet], pdf_variant=VARIANT
        )
        pdf: bytes = document.write_pdf(pdf_variant=VARIANT, attachments=attachments)
    return pdf, document


@cache
def _templates(language: str = VIETNAMESE) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        finalize=lambda value: in_language(value, language) if isinstance(value, str) else value,
    )
    environment.globals |= {"_": translator(language), "language": language}
    environment.filters["count_words"] = count_words
    return environment


@cache
def _style() -> Style:
    fonts = FontConfiguration()
    places = {face: path.as_uri() for face, path in font_paths().items()}
    text = _templates().get_template("documents/paper.css").render(fonts=places)
    fetcher = URLFetcher(allowed_protocols=["file"])
    return Style(CSS(string=text, font_config=fonts, url_fetcher=fetcher), fonts)
