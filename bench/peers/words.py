"""What the two peers share: the page's size, the facets and the padding."""

import os

FACETS = ("risk_class", "origin", "registration", "maturity", "manufacturer_name")
PER_PAGE = 20
SIZE = int(os.environ.get("BENCH_HTML_BYTES", "0"))


def padded(html: str) -> str:
    """Fill the page up to the size of ours, so that both send as much."""
    missing = SIZE - len(html.encode())
    return html + f"<!--{'x' * (missing - 7)}-->" if missing > 7 else html
