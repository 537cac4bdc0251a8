"""What the audit's events of the catalogue are called."""

from portal.web.i18n import lazy

EVENTS = {
    "demo.loaded": lazy("The demonstration data were loaded"),
    "device.changed": lazy("The record of a device was changed"),
    "device.deleted": lazy("A draft was deleted"),
    "device.moved": lazy("A device went one step further in its life"),
    "device.registered": lazy("The record of a device was begun"),
    "devices.imported": lazy("Devices were imported from a file"),
    "import.confirmed": lazy("The import of a file was confirmed"),
    "import.discarded": lazy("The import of a file was given up"),
    "import.received": lazy("A file was handed in to be imported"),
    "supplier.presented": lazy("The presentation of a supplier was changed"),
}
