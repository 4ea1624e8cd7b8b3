import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.evidence.canonical import CODE_LETTERS, canonical_json, sha256_hex, short_code

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(alphabet="abcdefgh"), inner),
    max_leaves=20,
)


def test_keys_are_sorted_nothing_is_escaped_and_there_are_no_spaces():
    assert (
        canonical_json({"b": [1, None, True], "a": 'Mỷ / "x"'}) == '{"a":"Mỷ / \\"x\\"","b":[1,null,true]}'.encode()
    )


def test_decomposed_and_composed_texts_have_one_form():
    assert canonical_json(["My\u0309"]) == canonical_json(["Mỷ"])
    assert canonical_json({"My\u0309": 1}) == canonical_json({"Mỷ": 1})


@pytest.mark.parametrize("value", [1.5, {1: "a"}, {"a": b"x"}, [object()]])
def test_what_has_no_canonical_form_is_refused(value):
    with pytest.raises(TypeError):
        canonical_json(value)


def test_keys_that_become_equal_are_refused():
    with pytest.raises(ValueError, match="twice"):
        canonical_json({"\u00e9": 1, "e\u0301": 2})


@given(values)
def test_reading_and_writing_again_changes_nothing(value):
    import json

    once = canonical_json(value)
    assert canonical_json(json.loads(once)) == once


def test_digest_and_code_have_their_shapes():
    assert sha256_hex(b"") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    code = short_code()
    assert len(code) == 10
    assert set(code) <= set(CODE_LETTERS)
    assert not set("01OILU") & set(CODE_LETTERS)
    assert short_code() != code
