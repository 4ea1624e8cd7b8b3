"""The database handle, constraint names and column kinds shared by all tables."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID, uuid4

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import BigInteger, DateTime, Identity, MetaData, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import DeclarativeBase, mapped_column, registry

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Declarative base: times carry their zone, text is unlimited, mappings are JSONB."""

    registry = registry(
        metadata=MetaData(naming_convention=NAMING),
        type_annotation_map={
            datetime: DateTime(timezone=True),
            str: Text,
            dict[str, Any]: JSONB,
            dict[str, str]: JSONB,
            list[dict[str, Any]]: JSONB,
            list[str]: ARRAY(Text),
        },
    )


db = SQLAlchemy(model_class=Base)

SerialId = Annotated[int, mapped_column(BigInteger, Identity(), primary_key=True)]
PublicId = Annotated[UUID, mapped_column(primary_key=True, default=uuid4)]
