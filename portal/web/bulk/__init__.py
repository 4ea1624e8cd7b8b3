"""Bulk acts: many people of a list, or many lists, at once; their results, and taking them back."""

from portal.web.bulk import facets, lists, people, results, signing
from portal.web.bulk.results import bp

__all__ = ["bp", "facets", "lists", "people", "results", "signing"]
