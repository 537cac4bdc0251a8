"""What documents give the portal."""

from pathlib import Path

from portal.documents.jobs import CRONS
from portal.documents.pages import download, recorded_documents, show_preview
from portal.package import AuditSubject, Package
from portal.web.i18n import lazy

PACKAGE = Package(
    name="portal.documents",
    folder=Path(__file__).parent,
    controllers=(download, show_preview),
    crons=CRONS,
    audit_subjects=(AuditSubject("document", lazy("Document"), recorded_documents),),
    events={
        "document.stored": lazy("A document was added"),
        "document.removed": lazy("A document was removed"),
        "document.released": lazy("A document passed the virus check"),
        "document.refused": lazy("A document was refused by the virus check"),
    },
)
