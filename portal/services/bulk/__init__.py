"""Bulk acts. A bulk act of n items is n single acts: the same functions, item by item, each result kept.

`acts` chooses, works off and takes back; `kinds` says for each kind what one item's single act is.
"""
