"""The words for the closed lists of pilots: English msgids, translated when shown."""

from portal.web.i18n import lazy
from telemetry_ingest.states import Move, PilotState, Refusal

STATES: dict[str, str] = {
    PilotState.PROPOSED: lazy("Proposed"),
    PilotState.AGREED: lazy("Agreed"),
    PilotState.RUNNING: lazy("Running"),
    PilotState.CLOSED: lazy("Closed"),
    PilotState.EVIDENCED: lazy("Evidence made"),
    PilotState.WITHDRAWN: lazy("Withdrawn"),
}
# How a state looks as a badge.
STATE_LOOKS: dict[str, str] = {
    PilotState.PROPOSED: "unsure",
    PilotState.AGREED: "",
    PilotState.RUNNING: "good",
    PilotState.CLOSED: "",
    PilotState.EVIDENCED: "good",
    PilotState.WITHDRAWN: "attention",
}
MOVES: dict[str, str] = {
    Move.AGREE: lazy("Agree to the protocol"),
    Move.START: lazy("Start the pilot"),
    Move.CLOSE: lazy("Close the pilot"),
    Move.WITHDRAW: lazy("Withdraw the pilot"),
}
MOVES_DONE: dict[str, str] = {
    Move.AGREE: lazy("Agreed"),
    Move.START: lazy("The pilot started"),
    Move.CLOSE: lazy("The pilot was closed"),
    Move.EVIDENCE: lazy("Evidence was made"),
    Move.WITHDRAW: lazy("The pilot was withdrawn"),
}
CONSEQUENCES: dict[str, tuple[str, ...]] = {
    Move.START: (
        lazy("From now on what the enrolled devices send is kept."),
        lazy("A pilot that has started is never taken back: what it measures stays."),
    ),
    Move.CLOSE: (
        lazy("The devices of this pilot cannot send any more."),
        lazy("What was measured stays, and the evidence can be made."),
    ),
    Move.WITHDRAW: (
        lazy("The pilot ends before it began; to try again, propose a new one."),
        lazy("The other side reads your reason."),
    ),
}
REFUSALS: dict[str, str] = {
    Refusal.NOT_READABLE: lazy("Neither JSON nor msgpack of the agreed shape"),
    Refusal.UNKNOWN_FIELD: lazy("A field that is not allowed: it could concern a patient"),
    Refusal.WRONG_VALUE: lazy("A field is missing or has a wrong value"),
    Refusal.TOO_LARGE: lazy("The message is too large"),
    Refusal.WRONG_TOPIC: lazy("A topic that the device may not use"),
    Refusal.UNKNOWN_DEVICE: lazy("The device is not known"),
    Refusal.NOT_RUNNING: lazy("The pilot does not run"),
    Refusal.UNKNOWN_METRIC: lazy("A metric that the protocol does not have"),
    Refusal.TIME_OUT_OF_RANGE: lazy("The time is too far from when it came"),
    Refusal.NOT_STORABLE: lazy("The database does not take this message"),
}
# What metrics.toml and protocol.py say, for the catalogues: neither knows of translations.
METRICS = (
    lazy("Oxygen saturation"),
    lazy("Pulse rate (oximeter)"),
    lazy("Heart rate (ECG)"),
    lazy("Respiration rate"),
    lazy("Blood pressure, systolic"),
    lazy("Blood pressure, diastolic"),
    lazy("Blood pressure, mean"),
    lazy("Body temperature"),
    lazy("Battery charge"),
)
CONTRADICTIONS = (
    lazy("A time needs its zone."),
    lazy("The end has to come after the beginning."),
    lazy("A pilot lasts two years at most."),
    lazy("Service has to end after it begins."),
    lazy("This metric is not known."),
    lazy("The highest plausible value has to exceed the lowest."),
    lazy("This metric is there twice."),
    lazy("Name a metric of this protocol, where it needs one."),
    lazy("This needs a reference device."),
    lazy("A share is between 0 and 1."),
    lazy("Confidence is between 0.5 and 0.999."),
)
