"""Short words that several screens of a list share."""

from portal.domain.fields import Field

FIELD_WORDS: dict[Field, str] = {
    Field.ID_NUMBER: "Số định danh",
    Field.FULL_NAME: "Họ và tên",
    Field.BIRTH_DATE: "Ngày sinh",
    Field.SEX: "Giới tính",
}
"""The four identity items as a worker reads them."""
