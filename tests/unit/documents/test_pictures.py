from io import BytesIO

import pytest
from PIL import Image

from portal.documents.pictures import page_picture, page_sizes
from portal.documents.record import draw_record
from portal.domain.errors import NotFound

from .samples import record


@pytest.fixture(scope="module")
def pdf() -> bytes:
    return draw_record(record(20)).pdf


def test_pages_are_counted_from_the_bytes(pdf: bytes) -> None:
    assert len(page_sizes(pdf)) == draw_record(record(20)).pages


def test_each_page_has_a_picture_of_the_wanted_width_in_its_own_shape(pdf: bytes) -> None:
    first, annex = (Image.open(BytesIO(page_picture(pdf, page, width_px=800))) for page in (0, 2))
    assert (first.format, first.width, first.height) == ("PNG", 800, pytest.approx(1131, abs=2))
    assert (annex.width, annex.height) == (800, pytest.approx(566, abs=2))


def test_the_picture_shows_ink_where_the_paper_has_it(pdf: bytes) -> None:
    grey = Image.open(BytesIO(page_picture(pdf, 0, width_px=800))).convert("L")
    margin, head = grey.crop((0, 0, 100, 1100)), grey.crop((114, 70, 743, 200))
    assert margin.getextrema() == (255, 255)
    assert head.getextrema()[0] < 60


@pytest.mark.parametrize("page", [-1, 99])
def test_a_page_that_is_not_there_is_named_in_words(pdf: bytes, page: int) -> None:
    with pytest.raises(NotFound, match=f"không có trang {page + 1}"):
        page_picture(pdf, page, width_px=800)


def test_absurd_widths_are_held_in_bounds(pdf: bytes) -> None:
    sizes = [Image.open(BytesIO(page_picture(pdf, 0, width_px=width))).width for width in (1, 1_000_000)]
    assert sizes == [100, 2400]
