"""The queue's thin entry points."""
