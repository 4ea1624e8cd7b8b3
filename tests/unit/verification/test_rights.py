import json
from datetime import timedelta

import pytest

from portal.documents.record import draw_record
from portal.evidence.canonical import sha256_hex
from portal.signatures.fields import place_fields
from portal.signatures.signing import seal
from portal.verification.files import verify_pdf
from portal.verification.rights import missing_rights
from portal.verification.signatures import Examined
from portal.verification.verdicts import SignatureResult, Word
from tests.unit.documents.samples import record
from tests.unit.signatures import papers


def test_a_paper_sealed_with_a_person_s_key_is_not_called_genuine():
    own = seal(papers.with_fields(), papers.opened("giver"), now=papers.NOW)
    found = verify_pdf(own, [papers.authority().certificate], now=papers.NOW + timedelta(hours=1))
    assert found.verdict is Word.UNDECIDED
    assert "không phải của cổng" in found.lines[2].text


def test_a_sealed_paper_that_names_no_unit_is_not_genuine_whoever_signs_it():
    data = b'{"unit":"U-giver","values":{}}'
    drawn = draw_record(record(1, manifest=data, manifest_sha256=sha256_hex(data)))
    sealed = seal(place_fields(drawn.pdf, drawn.boxes), papers.seal_key(), now=papers.NOW)
    found = verify_pdf(
        papers.signed_by(sealed, "giver"), [papers.authority().certificate], now=papers.NOW + timedelta(hours=1)
    )
    assert found.verdict is Word.UNDECIDED
    assert "đơn vị khác" in found.lines[2].text


def examined(field: str, unit_code: str = "", account: str = "") -> Examined:
    name = "Dấu điện tử của cổng Bàn giao" if field == "seal" else "Lò Văn Đối"
    result = SignatureResult(field, name, "", "", "", "B-B", "RSASSA-PSS", Word.GENUINE)
    return Examined(result, "", papers.NOW, unit_code, account, changed=False)


MANIFEST = json.dumps({"giver": {"code": "TYT-1"}, "receiver": {}}).encode()


@pytest.mark.parametrize(
    ("signatures", "doubts"),
    [
        ([examined("seal"), examined("giver", "TYT-1", "u")], 0),
        ([examined("seal"), examined("giver", "TYT-2", "u")], 1),
        ([examined("giver", "TYT-1", "u")], 1),
        ([examined("seal", account="u"), examined("giver", "TYT-1", "u")], 1),
        ([examined("Signature1")], 0),
    ],
)
def test_a_record_needs_the_portal_s_seal_first_and_each_side_s_own_unit(signatures, doubts):
    assert len(missing_rights(signatures, [b"not json", MANIFEST])) == doubts


@pytest.mark.parametrize("data", [[], [b"[]"], [b"{}"], [b'{"giver": "TYT"}'], [b'{"unit": "X", "values": {}}']])
def test_who_is_named_by_no_data_has_no_right_to_sign(data):
    assert len(missing_rights([examined("seal"), examined("giver", "X", "u")], data)) == 1
