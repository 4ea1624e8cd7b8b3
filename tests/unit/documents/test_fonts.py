from pathlib import Path

import pytest

from portal.documents import fonts


def test_all_four_faces_are_found_by_path() -> None:
    paths = fonts.font_paths()
    assert set(paths) == {"regular", "bold", "italic", "bold_italic"}
    assert all(path.is_file() for path in paths.values())


def test_a_machine_without_the_font_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(fonts, "FOLDERS", (tmp_path,))
    fonts.font_paths.cache_clear()
    try:
        with pytest.raises(fonts.FontMissing, match="fonts-liberation2"):
            fonts.font_paths()
    finally:
        fonts.font_paths.cache_clear()
