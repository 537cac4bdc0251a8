"""Where people find their pilots: the navigation and the cards of the home page."""

from portal.package import HomeCard, NavigationItem
from portal.web.i18n import lazy
from telemetry_ingest.access import HEALTH_VIEW, PILOT_VIEW

NAVIGATION = (
    NavigationItem(lazy("Pilots"), "pilots.list", PILOT_VIEW, place="account", order=30),
    NavigationItem(
        lazy("Health of telemetry"), "telemetry.health", HEALTH_VIEW, place="account", order=90
    ),
)
HOME_CARDS = (
    HomeCard(
        "buyer",
        lazy("Try a device out"),
        lazy("Agree with its maker on what will count, then let it measure in your hospital."),
        "pilots.list",
        icon="heart-pulse",
        order=40,
    ),
    HomeCard(
        "manufacturer",
        lazy("Prove a device in a hospital"),
        lazy("Propose a pilot: its protocol is agreed before the first reading."),
        "pilots.list",
        icon="heart-pulse",
        order=40,
    ),
    HomeCard(
        "engineer",
        lazy("Run a pilot"),
        lazy("Enrol the devices of your hospital, give each a token and start."),
        "pilots.list",
        icon="heart-pulse",
        order=10,
    ),
)
