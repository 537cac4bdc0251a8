"""The words for the closed lists of the catalogue: English msgids, translated when shown."""

from catalog.rules.completeness import Severity, Step
from catalog.states import (
    Agency,
    DeviceState,
    DocumentKind,
    Maturity,
    Move,
    Origin,
    OriginLevel,
    Registration,
    RiskClass,
    Tax,
)
from portal.web.i18n import lazy

STATES: dict[str, str] = {
    DeviceState.DRAFT: lazy("Draft"),
    DeviceState.SUBMITTED: lazy("Waiting for review"),
    DeviceState.PUBLISHED: lazy("Published"),
    DeviceState.SUSPENDED: lazy("Suspended"),
    DeviceState.RETIRED: lazy("Retired"),
}
# How a state looks as a badge.
STATE_LOOKS: dict[str, str] = {
    DeviceState.DRAFT: "",
    DeviceState.SUBMITTED: "unsure",
    DeviceState.PUBLISHED: "good",
    DeviceState.SUSPENDED: "attention",
    DeviceState.RETIRED: "",
}
MOVES: dict[str, str] = {
    Move.SUBMIT: lazy("Submit for review"),
    Move.WITHDRAW: lazy("Withdraw to change it"),
    Move.PUBLISH: lazy("Publish"),
    Move.SEND_BACK: lazy("Send back"),
    Move.SUSPEND: lazy("Suspend"),
    Move.REINSTATE: lazy("Reinstate"),
    Move.RETIRE: lazy("Retire"),
    Move.REVISE: lazy("Take up for revision"),
}
MOVES_DONE: dict[str, str] = {
    Move.SUBMIT: lazy("Submitted for review"),
    Move.WITHDRAW: lazy("Withdrawn by the supplier"),
    Move.PUBLISH: lazy("Published"),
    Move.SEND_BACK: lazy("Sent back to the supplier"),
    Move.SUSPEND: lazy("Suspended"),
    Move.REINSTATE: lazy("Reinstated"),
    Move.RETIRE: lazy("Retired"),
    Move.REVISE: lazy("Taken up for revision"),
}
# What follows from a move, on the page that asks before it.
CONSEQUENCES: dict[str, tuple[str, ...]] = {
    Move.RETIRE: (
        lazy("The device leaves the search and the lists."),
        lazy("Its page stays readable, marked as retired, because contracts may refer to it."),
        lazy("You can take it up for revision later; it is then reviewed again."),
    ),
    Move.REVISE: (
        lazy("The device leaves the public catalogue until it has been reviewed again."),
        lazy("Nothing of the record is lost; every part of it can be changed."),
    ),
    Move.SUSPEND: (
        lazy("The device leaves the public catalogue at once."),
        lazy("The supplier is told by mail and reads your reason."),
    ),
}
CLASSES: dict[str, str] = {
    RiskClass.I: lazy("Class I"),
    RiskClass.IS: lazy("Class I sterile (Is)"),
    RiskClass.IM: lazy("Class I measuring (Im)"),
    RiskClass.IIA: lazy("Class IIa"),
    RiskClass.IIB: lazy("Class IIb"),
    RiskClass.III: lazy("Class III"),
    RiskClass.IVD_A: lazy("In vitro diagnostic, class A"),
    RiskClass.IVD_B: lazy("In vitro diagnostic, class B"),
    RiskClass.IVD_C: lazy("In vitro diagnostic, class C"),
    RiskClass.IVD_D: lazy("In vitro diagnostic, class D"),
    RiskClass.NONE: lazy("No class (accessory or not a medical device)"),
    RiskClass.UNKNOWN: lazy("Class not given"),
}
ORIGINS: dict[str, str] = {
    Origin.MOROCCO: lazy("Made in Morocco"),
    Origin.FOREIGN: lazy("Made abroad"),
    Origin.UNKNOWN: lazy("Origin not given"),
}
LEVELS: dict[str, str] = {
    OriginLevel.NONE: "",
    OriginLevel.DECLARED: lazy("declared by the supplier"),
    OriginLevel.DOCUMENTED: lazy("with documents"),
    OriginLevel.VERIFIED: lazy("verified"),
}
MATURITIES: dict[str, str] = {
    Maturity.PROTOTYPE: lazy("Prototype"),
    Maturity.PILOT: lazy("Pilot"),
    Maturity.SMALL_SERIES: lazy("Small series"),
    Maturity.SERIES: lazy("Series production"),
    Maturity.UNKNOWN: lazy("Maturity not given"),
}
REGISTRATIONS: dict[str, str] = {
    Registration.REGISTERED: lazy("Registered"),
    Registration.IN_PROGRESS: lazy("Registration in progress"),
    Registration.NONE: lazy("Not registered"),
    Registration.EXPIRED: lazy("Registration expired"),
    Registration.UNKNOWN: lazy("Registration not given"),
}
AGENCIES: dict[str, str] = {
    Agency.GS1: lazy("GS1 (GTIN)"),
    Agency.HIBCC: lazy("HIBCC"),
    Agency.ICCBBA: lazy("ICCBBA (ISBT 128)"),
    Agency.IFA: lazy("IFA (PPN)"),
    Agency.NONE: lazy("No issuing agency"),
}
TAXES: dict[str, str] = {
    Tax.EXCLUDED: lazy("excluding tax"),
    Tax.INCLUDED: lazy("including tax"),
}
DOCUMENT_KINDS: dict[str, str] = {
    DocumentKind.DECLARATION: lazy("Declaration of conformity"),
    DocumentKind.REGISTRATION: lazy("Certificate of registration"),
    DocumentKind.CE_CERTIFICATE: lazy("CE certificate"),
    DocumentKind.INSTRUCTIONS: lazy("Instructions for use"),
    DocumentKind.BROCHURE: lazy("Brochure"),
    DocumentKind.TEST_REPORT: lazy("Test report"),
    DocumentKind.ORIGIN_PROOF: lazy("Proof of origin"),
    DocumentKind.OTHER: lazy("Other document"),
}
FLAGS: dict[str, str] = {
    "is_sterile": lazy("Sterile"),
    "is_single_use": lazy("For single use"),
    "is_implantable": lazy("Implantable"),
    "is_active": lazy("Active (needs energy)"),
    "is_measuring": lazy("With a measuring function"),
    "is_software": lazy("Software"),
    "contains_latex": lazy("Contains natural rubber latex"),
    "needs_maintenance": lazy("Needs mandatory maintenance"),
}
LANGUAGES: dict[str, str] = {
    "fr": lazy("French"),
    "ar": lazy("Arabic"),
    "en": lazy("English"),
    "zgh": lazy("Amazigh"),
    "es": lazy("Spanish"),
    "de": lazy("German"),
}
STEPS: dict[str, str] = {
    Step.NAMES: lazy("Names"),
    Step.PURPOSE: lazy("Description"),
    Step.CLASSIFICATION: lazy("Classification"),
    Step.VARIANTS: lazy("Variants and identifiers"),
    Step.ATTRIBUTES: lazy("Technical data"),
    Step.ORIGIN: lazy("Origin"),
    Step.REGISTRATION: lazy("Registration"),
    Step.PRICE: lazy("Price indication"),
    Step.FILES: lazy("Photos and documents"),
    Step.CHECK: lazy("Check and submit"),
}
SEVERITIES: dict[str, str] = {
    Severity.ERROR: lazy("Needed before you can submit"),
    Severity.WARNING: lazy("What buyers will miss"),
    Severity.HINT: lazy("Would make the record even better"),
}
FINDINGS: dict[str, str] = {
    "name": lazy("The name is missing in every language."),
    "name_fr": lazy("The French name is missing."),
    "name_ar": lazy("The Arabic name is missing."),
    "name_en": lazy("The English name is missing."),
    "reference": lazy("The catalogue reference is missing."),
    "summary": lazy("The description in one sentence is missing."),
    "summary_ar": lazy("The description is missing in Arabic."),
    "purpose": lazy("The intended purpose is missing."),
    "risk_class": lazy("The risk class is not given."),
    "emdn": lazy("The code of the nomenclature (EMDN) is missing."),
    "emdn_form": lazy("The EMDN code is too short or not well formed."),
    "emdn_unknown": lazy("The EMDN code is not in the list we have."),
    "emdn_terminal": lazy("A more precise EMDN code exists below the one given."),
    "flags": lazy("Some yes-or-no properties are not said."),
    "variant": lazy("There is no variant to order yet."),
    "udi": lazy("Not every variant has a UDI-DI."),
    "attributes": lazy("There are no technical data yet."),
    "attributes_all": lazy("Some of the technical data of this family are missing."),
    "origin": lazy("The origin is not given."),
    "country": lazy("The country where it is made is missing."),
    "maturity": lazy("The maturity of the production is not given."),
    "registration": lazy("The state of the registration is not given."),
    "registration_number": lazy("The number of the certificate of registration is missing."),
    "registration_expiry": lazy("The date the registration expires is missing."),
    "instructions": lazy("Instructions for use in French or Arabic are not announced."),
    "price": lazy("There is no price indication."),
    "photo": lazy("There is no photo."),
    "declaration": lazy("The declaration of conformity is not attached."),
    "certificate": lazy("The certificate of registration is not attached."),
}
EMPLOYEES: dict[str, str] = {
    "1-9": lazy("1 to 9"),
    "10-49": lazy("10 to 49"),
    "50-249": lazy("50 to 249"),
    "250+": lazy("250 or more"),
}
# The columns of a record, where two people saved different things.
FIELDS: dict[str, str] = {
    "name_fr": lazy("Name in French"),
    "name_ar": lazy("Name in Arabic"),
    "name_en": lazy("Name in English"),
    "brand": lazy("Brand"),
    "reference": lazy("Catalogue reference"),
    "manufacturer_name": lazy("Manufacturer"),
    "summary_fr": lazy("In one sentence, in French"),
    "summary_ar": lazy("In one sentence, in Arabic"),
    "summary_en": lazy("In one sentence, in English"),
    "purpose_fr": lazy("Intended purpose in French"),
    "purpose_ar": lazy("Intended purpose in Arabic"),
    "purpose_en": lazy("Intended purpose in English"),
    "emdn_code": lazy("Nomenclature (EMDN)"),
    "gmdn_term": lazy("GMDN term"),
    "risk_class": lazy("Risk class"),
    "basic_udi": lazy("Basic UDI-DI"),
    **FLAGS,
    "origin": lazy("Origin"),
    "country": lazy("Country, if it is made abroad"),
    "maturity": lazy("Production"),
    "registration": lazy("Registration"),
    "registration_number": lazy("Number of the certificate"),
    "registration_issued_on": lazy("Issued on"),
    "registration_expires_on": lazy("Expires on"),
    "exhibition_authorisation": lazy("Authorisation to show it at fairs"),
    "instruction_languages": lazy("Languages of the instructions for use"),
    "price_min_centimes": lazy("From"),
    "price_max_centimes": lazy("To"),
    "currency": lazy("Currency"),
    "price_tax": lazy("Tax"),
}
# Closed lists by column, to show a value in words.
WORDS: dict[str, dict[str, str]] = {
    "risk_class": CLASSES,
    "origin": ORIGINS,
    "maturity": MATURITIES,
    "registration": REGISTRATIONS,
    "price_tax": TAXES,
}
