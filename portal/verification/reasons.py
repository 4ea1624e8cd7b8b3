"""The verdict for everybody: why it is so in one plain sentence, and what to do now. The five lines say the rest."""

from portal.domain.wording import Sentence, say, together
from portal.signatures.fields import GIVER, RECEIVER
from portal.verification.verdicts import Word
from portal.verification.wording import Findings

ASK_AGAIN = say(
    "Không dùng tệp này. Hãy xin lại tệp gốc ở nơi gửi, hoặc tra mã in trên giấy để xem biên bản đã ký có thật không."
)
ASK_SENDER = say("Chưa nên dùng tệp này làm căn cứ. Hãy hỏi lại nơi gửi tệp.")
GIVE_SIGNED = say("Hãy chọn tệp đã ký tải từ cổng, không phải bản in lại hay bản chụp.")


def reason_of(found: Findings, word: Word) -> Sentence:
    """Why a PDF has its verdict."""
    if found.unsigned:
        return together(found.unsigned)
    if found.damaged:
        return say("Nội dung tệp đã bị thay đổi sau khi ký.")
    if found.added:
        return say("Có phần được thêm vào tệp sau khi ký.")
    if word is Word.GENUINE:
        return _genuine(found)
    doubts = [each.reason for each in found.examined if each.reason] + found.without_right
    intact = say("Nội dung còn nguyên như lúc ký, nhưng chưa đủ căn cứ để tin chữ ký.")
    return together(intact, *dict.fromkeys(doubts))


def advice_of(found: Findings, word: Word) -> Sentence:
    """What to do with a PDF of this verdict; empty where nothing is to be done."""
    if word is Word.GENUINE:
        return together()
    if found.unsigned:
        return GIVE_SIGNED
    return ASK_AGAIN if word is Word.NOT_GENUINE else ASK_SENDER


def _genuine(found: Findings) -> Sentence:
    signed = sum(1 for each in found.examined if each.result.field in (GIVER, RECEIVER))
    if signed < found.places:
        return say(
            "Nội dung còn nguyên, các chữ ký đã có đều đúng; mới có {signed}/{places} chữ ký.",
            signed=signed,
            places=found.places,
        )
    return say("Nội dung còn nguyên như lúc ký; mọi chữ ký đều đúng.")
