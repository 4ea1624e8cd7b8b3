"""Only what hands something over is called «Đã bàn giao»; slips, completions and adjustments are signed."""

from portal.domain.labels import label
from portal.domain.phrases import record_status_words
from portal.domain.stages import HandoverStatus, RecordKind


def test_a_finished_record_is_called_what_it_is() -> None:
    words = {kind: record_status_words(kind, HandoverStatus.COUNTERSIGNED) for kind in RecordKind}
    assert {kind for kind, said in words.items() if said == "Đã bàn giao"} == {RecordKind.HANDOVER, RecordKind.RETURN}
    assert words[RecordKind.ADJUSTMENT] == "Hai bên đã ký"
    assert words[RecordKind.COMPLETION] == words[RecordKind.REFUSAL] == words[RecordKind.EXCEPTIONS] == "Đã ký"


def test_every_other_status_has_its_own_words_whatever_the_record() -> None:
    for status in set(HandoverStatus) - {HandoverStatus.COUNTERSIGNED}:
        assert {record_status_words(kind, status) for kind in RecordKind} == {label(status)}
