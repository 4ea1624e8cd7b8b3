"""The remote service's client against a real HTTP server: both versions, the right credential, every refusal in words."""

import pytest

from portal.domain.errors import InvalidInput
from portal.signatures.deferred import SignedElsewhere, prepare
from portal.signatures.remote_service import Authorisation, NoCredential, NotAuthorised, RemoteService, ServiceSilent
from portal.verification.acceptance import accept
from tests.signing_peers import CODE, PIN, TOKEN, csc_service
from tests.unit.signatures import papers
from tests.unit.verification.test_acceptance import expected, request

TYPED = Authorisation("user-1", PIN, CODE)


@pytest.fixture(params=["v1", "v2"])
def service(request):
    mine, other = papers.issued("giver").certificate_der, papers.issued("receiver").certificate_der
    with csc_service(mine, papers.spare_key(2), request.param, other) as served:
        yield served


def sign(service, typed=TYPED, *, token: str = TOKEN, attributes: bytes = b"attributes") -> bytes:
    client = RemoteService(service.address, token)
    return client.sign_hash(papers.issued("giver").certificate_der, attributes, typed)


def test_a_value_from_the_service_passes_the_gate(service):
    asked, certificate = request(papers.sealed()), papers.issued("giver").certificate_der
    prepared = prepare(asked, certificate)
    value = sign(service, attributes=prepared.attributes)
    made = SignedElsewhere(prepared, certificate, value).sign(asked)
    assert accept(papers.sealed(), made, expected()).serial == papers.issued("giver").serial
    methods = [method for method, _ in service.asked]
    assert methods == [
        "credentials/list", "credentials/info", "credentials/info", "credentials/authorize", "signatures/signHash",
    ]  # fmt: skip
    assert service.asked[0][1] == {"userID": "user-1"}
    assert service.asked[3][1]["credentialID"] == "c-mine"


def test_a_refused_pin_is_told_with_the_service_s_words(service):
    with pytest.raises(NotAuthorised, match="invalid_pin") as refusal:
        sign(service, Authorisation("user-1", "000000", CODE))
    assert "pin" in refusal.value.fields


def test_a_refusal_that_is_not_about_the_pin_counts_as_no_wrong_pin(service):
    judged = service.answer
    for refusing in ("credentials/list", "credentials/info", "signatures/signHash"):
        service.answer = lambda method, body, at=refusing: (
            (400, {"error": "invalid_request"}) if method == at else judged(method, body)
        )
        with pytest.raises(NotAuthorised, match="invalid_request") as refusal:
            sign(service)
        assert refusal.value.fields == {}


def test_what_cannot_sign_is_told(service):
    service.status = "disabled"
    with pytest.raises(NoCredential, match="bị khóa hay hết hạn"):
        sign(service)
    service.certificates.pop("c-mine")
    with pytest.raises(NoCredential, match="không có chứng thư này"):
        sign(service)
    with pytest.raises(ServiceSilent, match="không nhận cổng này"):
        sign(service, token="wrong")


@pytest.mark.parametrize("broken", ["no json", "[]", '{"credentialIDs": 7}', "{" + '"a":1,' * 60_000 + '"b":1}'])
def test_an_answer_out_of_form_is_no_signature(service, broken):
    service.broken = broken
    with pytest.raises(ServiceSilent, match="Chưa ký gì"):
        sign(service)


def test_a_service_that_is_away_and_one_without_https():
    with pytest.raises(ServiceSilent):
        RemoteService("http://127.0.0.1:9/csc/v1", TOKEN).sign_hash(b"x", b"y", TYPED)
    with pytest.raises(ValueError, match="https"):
        RemoteService("http://signing.example/csc/v1", TOKEN)
    assert issubclass(ServiceSilent, InvalidInput)
