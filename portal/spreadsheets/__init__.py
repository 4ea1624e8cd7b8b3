"""Workbooks in and out; the only place that knows Excel."""
