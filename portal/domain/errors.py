"""What can be refused, as exceptions. Each carries a Vietnamese sentence: cause, place, next step."""


class DomainError(Exception):
    """Something the rules refuse; `message` is shown to the user as it stands."""

    def __init__(self, message: str, *, code: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.code = code or type(self).__name__


class NotFound(DomainError):
    """The object does not exist or the actor may not know that it does (HTTP 404)."""


class NotPermitted(DomainError):
    """The actor may see the object but not do this (HTTP 403)."""


class WrongStage(DomainError):
    """The act is not possible in the list's present state (HTTP 409)."""


class StaleVersion(DomainError):
    """Somebody changed the object meanwhile (HTTP 409)."""


class InvalidInput(DomainError):
    """The input cannot be accepted (HTTP 422). `fields` maps a form field to its message."""

    def __init__(self, message: str, *, fields: dict[str, str] | None = None, code: str = "") -> None:
        super().__init__(message, code=code)
        self.fields = fields or {}
