"""The words of the pages can be taken out for translation: the Vietnamese source strings are the keys."""

from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg

from portal.settings import CHECKOUT


def test_every_page_word_is_found_by_the_extraction() -> None:
    with (CHECKOUT / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)
    keywords = {"_": None, "_l": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2)}
    found = {
        message
        for folder in ("portal", "templates")
        for _, _, message, _, _ in extract_from_dir(
            CHECKOUT / folder,
            method_map=[(pattern.removeprefix(f"{folder}/"), method) for pattern, method in methods],
            options_map={pattern.removeprefix(f"{folder}/"): value for pattern, value in options.items()},
            keywords=keywords,
        )
    }
    assert {"Đăng nhập", "Tên đăng nhập", "Không tìm thấy trang", "còn %(count)s ngày"} <= found
    assert len(found) > 200
