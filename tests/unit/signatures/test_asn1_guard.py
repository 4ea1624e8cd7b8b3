import time

import pytest
from asn1crypto import cms, core

from portal.signatures import asn1_guard


@pytest.mark.parametrize(
    ("header", "definite"),
    [
        ("3000", True),
        ("3080", False),
        ("308180", True),
        ("30820180", True),
        ("3f8f0080", False),
        ("a0820184308180", True),
        ("a08201843080", False),
    ],
)
def test_a_header_is_indefinite_only_where_its_length_byte_says_so(header, definite):
    assert asn1_guard.is_definite(bytes.fromhex(header)) is definite


def test_a_definite_length_ending_in_0x80_is_given_back_as_it_was_read():
    # A length written longer than needed: an unguarded dump() would take it for indefinite and write it anew.
    inner = core.OctetString(bytes(122)).dump()
    encoded = bytes.fromhex("30820080") + bytes.fromhex("0500") * 2 + inner
    assert len(encoded) == 4 + 0x80
    assert core.Sequence.load(encoded).dump() == encoded


def test_a_changed_child_is_still_written_anew():
    algorithm = cms.CMSAlgorithmProtection({"digest_algorithm": {"algorithm": "sha256"}})
    before = algorithm.dump()
    algorithm["digest_algorithm"]["algorithm"] = "sha512"
    assert algorithm.dump() != before


def test_containers_of_256_sizes_are_written_in_no_time():
    started = time.process_time()
    for size in range(256):
        value = cms.SignerInfo(
            {
                "version": "v1",
                "sid": cms.SignerIdentifier({"subject_key_identifier": bytes(20)}),
                "digest_algorithm": {"algorithm": "sha256"},
                "signature_algorithm": {"algorithm": "rsassa_pss"},
                "signature": bytes(200 + size),
            }
        )
        data = cms.SignedData(
            {
                "version": "v1",
                "digest_algorithms": [{"algorithm": "sha256"}],
                "encap_content_info": {"content_type": "data"},
                "signer_infos": [value],
            }
        )
        encoded = cms.ContentInfo({"content_type": "signed_data", "content": data}).dump()
        again = cms.ContentInfo.load(encoded)
        assert again["content"]["signer_infos"][0]["signature"].native == bytes(200 + size)
        assert again.dump() == encoded
    assert time.process_time() - started < 3
