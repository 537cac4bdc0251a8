"""Who may use which route: the table that tests/test_routes.py holds every route against.

A new route that is not here fails the test. Roles are described in ``ROLES``; unless said otherwise
they administer a verified organisation of that kind.
"""

from datetime import UTC, datetime
from uuid import UUID

from portal.permissions import STRANGER, Actor, Membership, OrganisationKind, Role

KIND, ROLE = OrganisationKind, Role
# role → kind of the organisation, role in it, whether it is verified
ROLES: dict[str, tuple[OrganisationKind, Role, bool] | None] = {
    "stranger": None,  # not signed in
    "person": None,  # signed in, without organisation
    "viewer": (KIND.BUYER, ROLE.VIEWER, True),
    "editor": (KIND.BUYER, ROLE.EDITOR, True),
    "buyer": (KIND.BUYER, ROLE.ADMIN, True),
    "newcomer": (KIND.MANUFACTURER, ROLE.ADMIN, False),  # not verified yet
    "suspended": (KIND.MANUFACTURER, ROLE.ADMIN, False),  # its organisation is: they only read
    "maker_viewer": (KIND.MANUFACTURER, ROLE.VIEWER, True),
    "maker_editor": (KIND.MANUFACTURER, ROLE.EDITOR, True),
    "maker": (KIND.MANUFACTURER, ROLE.ADMIN, True),
    "distributor": (KIND.DISTRIBUTOR, ROLE.ADMIN, True),
    "subcontractor": (KIND.SUBCONTRACTOR, ROLE.ADMIN, True),
    "partner": (KIND.PARTNER, ROLE.ADMIN, True),
    "organiser": (KIND.ORGANISER, ROLE.ADMIN, True),
    "cluster": (KIND.CLUSTER, ROLE.ADMIN, True),
    "authority_viewer": (KIND.AUTHORITY, ROLE.VIEWER, True),
    "unverified_authority": (KIND.AUTHORITY, ROLE.ADMIN, False),
    "authority": (KIND.AUTHORITY, ROLE.ADMIN, True),
}

EVERYBODY = frozenset(ROLES)
KNOWN = EVERYBODY - {"stranger"}
MEMBERS = KNOWN - {"person"}
SUSPENDED_SINCE = datetime(2026, 7, 1, 12, tzinfo=UTC)
READING_ADMINS = MEMBERS - {
    "viewer", "editor", "maker_viewer", "maker_editor", "authority_viewer",
}  # fmt: skip
ADMINS = READING_ADMINS - {"suspended"}
AUTHORITY = frozenset({"authority"})
VERIFIERS = frozenset({"cluster", "authority"})
SUPPLIER_ADMINS = frozenset({"newcomer", "maker", "distributor", "subcontractor"})
SUPPLIER_EDITORS = SUPPLIER_ADMINS | {"maker_editor"}
SUPPLIERS = SUPPLIER_EDITORS | {"maker_viewer"}
# Those of the organisation ``maker`` administers, for pages about something of that organisation.
OF_MAKER = frozenset({"maker", "maker_editor", "maker_viewer"})

# Which routes each group may use at all (the guard); GET and POST alike.
GUARDS: dict[frozenset[str], str] = {
    EVERYBODY: """
        about accessibility components health home legal metrics privacy ready robots root sitemap
        sitemap.file stylesheet terms theme
        accounts.confirm accounts.confirm.post accounts.disown.post accounts.email.confirm
        accounts.email.confirm.post accounts.email.undo accounts.email.undo.post
        accounts.forgotten accounts.forgotten.post
        accounts.invitation accounts.invitation.join accounts.processing accounts.register
        accounts.register.post accounts.registered accounts.resend accounts.resend.post
        accounts.reset accounts.reset.post accounts.sign_in accounts.sign_in.code
        accounts.sign_in.code.post accounts.sign_in.post accounts.sign_out accounts.successions
        api.device api.devices api.nomenclature api.openapi api.supplier api.suppliers api.term
        api.udi search.everything
        audit.verification audit.verifier
        catalog.api_docs catalog.device catalog.devices catalog.nomenclature catalog.supplier
        catalog.suppliers catalog.term catalog.udi
        documents.download documents.preview evidence.key fhir.metadata
        sensorthings.openapi
        pilots.evidence pilots.evidence.pack pilots.evidence.report
        notifications.letter notifications.mailbox
    """,
    KNOWN: """
        accounts.account accounts.account.post accounts.data accounts.data.json accounts.erase
        accounts.erase.post accounts.invitation.accept accounts.organisation.create
        accounts.organisation.new accounts.email accounts.email.post accounts.password
        accounts.password.post accounts.recovery_codes
        accounts.second_factor accounts.second_factor.off accounts.second_factor.on
        accounts.key.revoke accounts.keys accounts.keys.post
        accounts.session.end accounts.sessions accounts.sessions.end
        notifications.list notifications.read
    """,
    MEMBERS: "accounts.leave accounts.leave.post accounts.organisation",
    ADMINS: """
        accounts.invitation.resend accounts.invite accounts.invite.post
        catalog.logo catalog.logo.remove catalog.profile catalog.profile.post
        catalog.profile.preview
    """,
    READING_ADMINS: """
        accounts.invitation.revoke accounts.member accounts.member.remove accounts.member.role
        accounts.organisation.edit accounts.organisation.update
    """,
    READING_ADMINS | {"authority_viewer"}: "audit.export audit.trail",
    VERIFIERS: """
        accounts.verification accounts.verification.decide accounts.verification.one
        catalog.review
    """,
    AUTHORITY: "accounts.succession.create accounts.succession.new",
    SUPPLIERS | VERIFIERS | {"suspended"}: """
        catalog.move catalog.move.post catalog.own catalog.step catalog.terms
    """,
    SUPPLIER_EDITORS: """
        catalog.attributes.post catalog.deletion catalog.deletion.post catalog.document.add
        catalog.file.remove catalog.import
        catalog.import.confirm catalog.import.discard catalog.import.hand_in catalog.import.refused
        catalog.import.run catalog.import.template catalog.photo.add catalog.photo.place
        catalog.register
        catalog.register.post catalog.step.post catalog.variant catalog.variant.add
        catalog.variant.new catalog.variant.place catalog.variant.post catalog.variant.remove
    """,
}
PROPOSERS = frozenset({"buyer", "cluster", "editor", "maker", "maker_editor", "subcontractor"})
GUARDS |= {
    PROPOSERS | {
        "authority", "authority_viewer", "maker_viewer", "newcomer", "suspended", "viewer",
    }: """
        fhir.device fhir.devices fhir.metric fhir.metrics fhir.observation fhir.observations
        pilots.evidence.readings pilots.list pilots.one pilots.readings pilots.readings.file
        pilots.refused pilots.refused.messages
        sensorthings.read sensorthings.root
        telemetry.live.device telemetry.live.events telemetry.live.fleet
    """,
    PROPOSERS: """
        pilots.evidence.post
        pilots.enrol pilots.enrol.post pilots.move pilots.move.post pilots.new pilots.new.post
        pilots.refused.replay pilots.renew pilots.renew.post pilots.terms pilots.terms.post
    """,
    PROPOSERS - {"editor", "maker_editor"}: "pilots.agree pilots.agree.post",
    PROPOSERS | {"authority", "newcomer", "suspended"}: "pilots.revoke pilots.revoke.post",
}  # fmt: skip
GUARDS[frozenset({"authority", "authority_viewer"})] = """
    telemetry.health telemetry.health.devices telemetry.quarantine
"""
ALLOWED = {name: roles for roles, names in GUARDS.items() for name in names.split()}

# Pages about something of the organisation that ``maker`` administers: who may open it. Others get
# 403, or 404 where even its existence is nobody's business.
OBJECTS: dict[str, frozenset[str]] = {
    "accounts.organisation": OF_MAKER | VERIFIERS,
    "accounts.organisation.edit": frozenset({"maker"}),
    "accounts.invite": frozenset({"maker"}),
    "accounts.leave": OF_MAKER,
    "accounts.member": frozenset({"maker"}),
    "accounts.verification.one": VERIFIERS,
    "catalog.deletion": frozenset({"maker", "maker_editor"}),
    "catalog.profile": frozenset({"maker"}),
    "catalog.step": OF_MAKER | VERIFIERS,
    "catalog.move": frozenset({"maker", "maker_editor"}),
    "catalog.variant": frozenset({"maker", "maker_editor"}),
    "catalog.variant.new": frozenset({"maker", "maker_editor"}),
    "documents.download": OF_MAKER | VERIFIERS | {"authority_viewer"},
    "pilots.agree": frozenset({"maker"}),
    # The maker's side never runs a pilot; an authority may end what it sends.
    "pilots.enrol": frozenset(),
    "pilots.renew": frozenset(),
    "pilots.revoke": AUTHORITY,
    "pilots.one": OF_MAKER | {"authority", "authority_viewer"},
    "pilots.terms": frozenset({"maker", "maker_editor"}),
    "pilots.refused": OF_MAKER | {"authority", "authority_viewer"},
    "pilots.refused.messages": OF_MAKER | {"authority", "authority_viewer"},
    "telemetry.live.fleet": OF_MAKER | {"authority", "authority_viewer"},
    "documents.preview": OF_MAKER | VERIFIERS | {"authority_viewer"},
}

# Without a guard: files anybody may have.
UNGUARDED = {"static", "static/head"}


def actor(role: str) -> Actor:
    """Return somebody of a role, for the pure question of ``may``."""
    place = ROLES[role]
    if role == "stranger":
        return STRANGER
    if place is None:
        return Actor(UUID(int=1), "Zoé", True)
    kind, inside, verified = place
    since = SUSPENDED_SINCE if role == "suspended" else None
    own = Membership(UUID(int=2), kind, inside, verified, suspended_at=since)
    return Actor(UUID(int=1), "Sam", True, (own,))
