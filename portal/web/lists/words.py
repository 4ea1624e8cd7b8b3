"""Short words that several screens of a list share."""

from portal.domain.fields import IDENTITY_FIELDS, Field
from portal.domain.labels import label

FIELD_WORDS: dict[Field, str] = {field: label(field) for field in IDENTITY_FIELDS}
"""The four identity items as a worker reads them, in the order of the form."""
