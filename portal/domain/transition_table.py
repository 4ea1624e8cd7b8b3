"""The table of transitions as documentation: `docs/transitions.md` is generated from it and compared by a test."""

from portal.domain.stages import ListState
from portal.domain.transitions import TRANSITIONS, Side, Transition


def table_as_markdown() -> str:
    """The table as documentation."""
    head = "| Action | From | To | Side | Right | Guards | Record | Signed |\n|---|---|---|---|---|---|---|---|\n"
    return head + "".join(dict.fromkeys(_documented(row) for row in TRANSITIONS))


def _documented(row: Transition) -> str:
    """One line; an act that is possible in every state and changes none is told once."""
    anywhere = row.side is Side.PARTY
    name = row.action.value if anywhere else row.name
    start, end = ("any", "the same") if anywhere else (_state(row.state), _state(row.target))
    return (
        f"| {name} | {start} | {end} | {row.side} | {row.permission} "
        f"| {', '.join(row.guards) or '–'} | {row.record or '–'} | {'yes' if row.signs else '–'} |\n"
    )


def _state(state: ListState) -> str:
    return f"{state.stage} (pending {state.pending})" if state.pending else str(state.stage)
