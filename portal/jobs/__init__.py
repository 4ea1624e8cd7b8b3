"""The queue's thin entry points: each task reads its arguments and calls one service."""

TASK_MODULES = (
    "portal.jobs.archiving",
    "portal.jobs.bulk",
    "portal.jobs.duplicates",
    "portal.jobs.duties",
    "portal.jobs.examinations",
)
"""Modules whose tasks the worker does; a new module of tasks is one line here."""
