"""What the portal itself gives: home, appearance, about, components, probes, sitemap."""

from pathlib import Path

from portal.package import NavigationItem, Package
from portal.permissions import PUBLIC
from portal.web import pages, probes, sitemap, specimens
from portal.web.i18n import lazy


async def public_paths() -> list[str]:
    """Return the portal's own public pages."""
    return ["", "/about", "/accessibility", "/legal", "/privacy", "/terms"]


PACKAGE = Package(
    name="portal",
    folder=Path(__file__).parent.parent,
    pages=(
        pages.home,
        pages.theme,
        pages.about,
        pages.accessibility,
        pages.legal,
        pages.privacy,
        pages.terms,
        specimens.components,
    ),
    controllers=(
        pages.root,
        probes.health,
        probes.ready,
        probes.metrics,
        sitemap.sitemap,
        sitemap.sitemap_file,
        sitemap.robots,
    ),
    navigation=(
        NavigationItem(lazy("About this portal"), "about", PUBLIC, "footer", 10),
        NavigationItem(lazy("Accessibility"), "accessibility", PUBLIC, "footer", 20),
        NavigationItem(lazy("Legal notice"), "legal", PUBLIC, "footer", 30),
        NavigationItem(lazy("Privacy"), "privacy", PUBLIC, "footer", 40),
        NavigationItem(lazy("Terms of use"), "terms", PUBLIC, "footer", 50),
        NavigationItem(lazy("Components"), "components", PUBLIC, "footer", 90),
    ),
    sitemap=public_paths,
)
