"""The tables of the catalogue: devices with what they contain, nomenclature, suppliers."""

from catalog.tables.devices import (
    DeviceAttribute,
    DeviceDocument,
    DeviceModel,
    DeviceMove,
    DevicePhoto,
    DeviceVariant,
    Packaging,
    new_id,
)
from catalog.tables.imports import ImportedRecord, ImportPreview, ImportRun
from catalog.tables.nomenclature import AttributeDefinition, EmdnTerm
from catalog.tables.suppliers import SupplierProfile

__all__ = [
    "AttributeDefinition",
    "DeviceAttribute",
    "DeviceDocument",
    "DeviceModel",
    "DeviceMove",
    "DevicePhoto",
    "DeviceVariant",
    "EmdnTerm",
    "ImportPreview",
    "ImportRun",
    "ImportedRecord",
    "Packaging",
    "SupplierProfile",
    "new_id",
]
