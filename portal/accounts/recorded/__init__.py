"""What the audit's events of accounts are called."""

from portal.web.i18n import lazy

EVENTS = {
    "invitation.resent": lazy("An invitation was sent again"),
    "invitation.revoked": lazy("An invitation was withdrawn"),
    "invitation.sent": lazy("Somebody was invited"),
    "membership.changed": lazy("The role of a member was changed"),
    "membership.ended": lazy("A membership ended"),
    "membership.started": lazy("Somebody became a member"),
    "organisation.refused": lazy("An organisation was refused"),
    "organisation.registered": lazy("An organisation was registered"),
    "organisation.succeeded": lazy("The succession of a buyer was recorded"),
    "organisation.suspended": lazy("An organisation was suspended"),
    "organisation.updated": lazy("The data of an organisation were changed"),
    "organisation.verified": lazy("An organisation was verified"),
    "person.confirmed": lazy("An e-mail address was confirmed"),
    "person.email_change_asked": lazy("Another e-mail address was asked for"),
    "person.email_change_undone": lazy("A change of e-mail address was undone"),
    "person.email_changed": lazy("An e-mail address was changed"),
    "person.disowned": lazy("The owner of an address said that somebody else registered with it"),
    "person.erased": lazy("An account was erased"),
    "person.password_changed": lazy("A password was changed"),
    "person.password_reset": lazy("A forgotten password was replaced"),
    "person.protected": lazy("A second factor was turned on"),
    "person.recovery_codes_renewed": lazy("Recovery codes were renewed"),
    "person.registered": lazy("Somebody registered"),
    "person.reset_asked": lazy("A new password was asked for"),
    "person.sign_in_failed": lazy("Somebody failed to sign in"),
    "person.signed_in": lazy("Somebody signed in"),
    "person.unprotected": lazy("A second factor was turned off"),
    "person.updated": lazy("The data of an account were changed"),
}
