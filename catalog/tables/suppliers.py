"""What an organisation tells about itself on its supplier page."""

from piccolo.columns import UUID, Array, Boolean, Integer, Text, Timestamptz, Varchar
from piccolo.columns.defaults import TimestamptzNow
from piccolo.table import Table


class SupplierProfile(Table, tablename="supplier_profile"):
    """The public presentation of one organisation; its name and address stay with the accounts.

    ``iso_13485`` is the certificate number as declared. Contacts are those of the organisation,
    never of a person.
    """

    organisation_id = UUID(primary_key=True, default=None)
    about_fr = Text(default="")
    about_ar = Text(default="")
    about_en = Text(default="")
    contact_email = Varchar(length=200, default="")
    founded_year = Integer(default=None, null=True)
    employees_band = Varchar(length=12, default="")
    iso_13485 = Varchar(length=120, default="")
    export_countries = Array(base_column=Varchar(length=2), default=list)
    is_exporter = Boolean(default=None, null=True)
    logo_document_id = UUID(default=None, null=True)
    version = Integer(default=1)
    updated_at = Timestamptz(default=TimestamptzNow())
