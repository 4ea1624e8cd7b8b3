"""Dataclass in, PDF bytes out; knows no ORM and no request."""
