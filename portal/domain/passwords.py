"""What a password must be: long, and not made of what anybody would try first. No composition rules (design §9)."""

from portal.domain.errors import InvalidInput
from portal.domain.wording import say

SHORTEST = 14
LONGEST = 128
_TRIED_FIRST = ("matkhau", "password", "tiemchung", "congan", "tramyte", "bangiao", "123456", "abcdef", "qwerty")


def check_password(password: str, username: str) -> None:
    """Raise InvalidInput (field `password`) unless the password may be used for the account."""
    message = _fault(password, username)
    if message:
        raise InvalidInput(message, fields={"password": message})


def _fault(password: str, username: str) -> str:
    if len(password) < SHORTEST:
        return say(
            "Mật khẩu có {length} ký tự. Hãy dùng ít nhất {least} ký tự, ví dụ một câu dễ nhớ.",
            length=len(password),
            least=SHORTEST,
        )
    if len(password) > LONGEST:
        return say("Mật khẩu dài {length} ký tự, tối đa {most}.", length=len(password), most=LONGEST)
    folded = password.casefold().replace(" ", "")
    if len(set(folded)) < 5:
        return say("Mật khẩu chỉ lặp lại vài ký tự nên dễ đoán. Hãy dùng một câu khác.")
    rest = folded
    for word in (*_TRIED_FIRST, username.casefold()):
        rest = rest.replace(word, "") if word else rest
    if len(rest) < SHORTEST // 2:
        return say("Mật khẩu gần như chỉ gồm tên đăng nhập hoặc từ hay bị thử. Hãy dùng một câu khác.")
    return ""
