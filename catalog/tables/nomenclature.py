"""What devices are described with: the EMDN and the definitions of attributes."""

from enum import StrEnum

from piccolo.columns import (
    JSONB,
    Boolean,
    DoublePrecision,
    SmallInt,
    Text,
    Varchar,
)
from piccolo.constraints import Check
from piccolo.table import Table

from catalog.states import AttributeKind


def one_of(column: str, values: type[StrEnum]) -> str:
    """Return the SQL condition « the column holds one of these values »."""
    # Piccolo 1.38 writes the values of `is_in` into a constraint as Python objects.
    return f"{column} IN ({', '.join(repr(one.value) for one in values)})"


class EmdnTerm(Table, tablename="emdn_term"):
    """One code of the European Medical Device Nomenclature; ``parent`` is empty at the top."""

    code = Varchar(length=20, primary_key=True, default=None)
    parent = Varchar(length=20, default="", index=True)
    level = SmallInt(default=None, null=False)
    terminal = Boolean(default=False)
    name_en = Text(default="")
    name_fr = Text(default="")
    name_ar = Text(default="")


class AttributeDefinition(Table, tablename="attribute_definition"):
    """A typed property that devices of an EMDN branch may have, in one fixed unit.

    ``unit`` is a UCUM code; ``choices`` maps each key to its label by language; a device has the
    attribute when its EMDN code starts with ``emdn_scope`` (empty: every device).
    """

    key = Varchar(length=60, primary_key=True, default=None)
    label_fr = Varchar(length=200, default="")
    label_ar = Varchar(length=200, default="")
    label_en = Varchar(length=200, default="")
    kind = Varchar(length=10, default=AttributeKind.TEXT, choices=AttributeKind)
    unit = Varchar(length=20, default="")
    emdn_scope = Varchar(length=20, default="", index=True)
    minimum = DoublePrecision(default=None, null=True)
    maximum = DoublePrecision(default=None, null=True)
    choices = JSONB(default="{}")
    is_facet = Boolean(default=False)
    position = SmallInt(default=0)

    kind_known = Check(one_of("kind", AttributeKind))
