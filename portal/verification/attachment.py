"""The data attached to a record, held against the SHA-256 printed on its pages."""

from pyhanko.pdf_utils.generic import DictionaryObject
from pyhanko.pdf_utils.reader import PdfFileReader

from portal.documents.pictures import prints_text
from portal.evidence.canonical import sha256_hex


def attached_data(reader: PdfFileReader) -> list[bytes]:
    """The files the document names as its data (relationship Data), in their order."""
    files = (each.get_object() for each in reader.root.get("/AF", ()))
    return [each["/EF"]["/F"].data for each in files if _is_data(each)]


def unprinted_digests(pdf: bytes, reader: PdfFileReader) -> list[str]:
    """The SHA-256 digests of attached data that no page prints; empty for a sound record and one without data."""
    digests = [sha256_hex(data) for data in attached_data(reader)]
    return [digest for digest in digests if not prints_text(pdf, digest)]


def _is_data(file: DictionaryObject) -> bool:
    return bool(file.get("/AFRelationship") == "/Data" and "/EF" in file)
