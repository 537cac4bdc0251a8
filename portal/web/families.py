# ruff: noqa: E501 — a drawing is data, not code
# ruff: noqa: E501 — a drawing is data, not code
"""Line drawings of device families, for devices without a photo: lines on a 96 × 96 ground.

The families are the first letter of the EMDN code (European Medical Device Nomenclature), grouped
by what the devices look like.
"""

FAMILIES = {
    "A": "syringe", "B": "bag", "C": "heart", "D": "bottle", "F": "bag", "G": "tube",
    "H": "suture", "J": "implant", "K": "scope", "L": "scissors", "M": "dressing", "N": "implant",
    "P": "bone", "Q": "eye", "R": "mask", "S": "bottle", "T": "glove", "U": "tube", "V": "box",
    "W": "vial", "X": "box", "Y": "chair", "Z": "monitor",
}  # fmt: skip

DRAWINGS = {
    "syringe": '<path d="M20 76l12-12M26 58l12 12M30 62l30-30 8 8-30 30zM64 36l12-12M70 18l10 10'
    'M40 52l5 5M47 45l5 5M54 38l5 5"/>',
    "bag": '<path d="M32 16h32v8h-32zM30 24h36l4 10v30a14 14 0 0 1-14 14H40a14 14 0 0 1-14-14V34z"/>'
    '<path d="M42 78v8M54 78v8M26 46h44M48 52c-4 6-6 8-6 11a6 6 0 0 0 12 0c0-3-2-5-6-11z"/>',
    "heart": '<path d="M48 78C30 64 16 52 16 37a15 15 0 0 1 32-6 15 15 0 0 1 32 6c0 15-14 27-32 41z"/>'
    '<path d="M16 46h18l6-12 9 24 7-16 3 4h21"/>',
    "bottle": '<path d="M38 14h20v10H38zM40 24v8l-10 10v38a4 4 0 0 0 4 4h28a4 4 0 0 0 4-4V42L56 32v-8"/>'
    '<path d="M30 52h36M30 70h36M48 55v12M42 61h12"/>',
    "tube": '<path d="M16 24c20 0 20 24 32 24s12-18 26-18a10 10 0 0 1 0 20c-18 0-14 26-36 26H20"/>'
    '<circle cx="16" cy="24" r="4"/><path d="M20 70v12M14 76h6"/>',
    "suture": '<path d="M22 60a26 26 0 1 1 50 6M72 66l6-8M72 66l-9-4"/>'
    '<path d="M22 60c4 18 26 22 36 12s-6-16-12-8 8 20 26 16"/>',
    "implant": '<rect x="40" y="38" width="40" height="40" rx="14"/>'
    '<path d="M52 38V28c0-10-24-10-24 4s16 12 8 26-18 10-20 22M54 58h4l3-7 4 14 3-7h4"/>',
    "scope": '<path d="M62 16l16 16-10 10-16-16zM56 32L30 58c-12 12 4 26 14 16s-2-22-14-12"/>'
    '<path d="M74 20l8-6M70 40c8 6 10 20 4 34"/><circle cx="74" cy="78" r="4"/>',
    "scissors": '<circle cx="30" cy="70" r="10"/><circle cx="66" cy="70" r="10"/>'
    '<path d="M36 62L62 14M60 62L34 14M48 44v.5"/>',
    "dressing": '<rect x="10" y="34" width="76" height="28" rx="14" transform="rotate(-35 48 48)"/>'
    '<path d="M36 42l16 23M44 31l16 23M46 47v.5M51 44v.5M48 53v.5M53 50v.5"/>',
    "bone": '<path d="M30 26a9 9 0 1 0-10 12 9 9 0 1 0 14 6l22 22a9 9 0 1 0 14 6 9 9 0 1 0-4-14L44 36'
    'a9 9 0 1 0-14-10z"/><path d="M44 44l4 4M50 50l4 4"/>',
    "eye": '<path d="M10 48c10-16 24-24 38-24s28 8 38 24c-10 16-24 24-38 24S20 64 10 48z"/>'
    '<circle cx="48" cy="48" r="13"/><circle cx="48" cy="48" r="5"/>',
    "mask": '<path d="M28 30c0-10 40-10 40 0 0 18 6 22 6 32 0 14-14 18-26 18s-26-4-26-18c0-10 6-14 6-32z"/>'
    '<path d="M28 36L12 26M68 36l16-10M36 58h24M40 66h16M48 80v8"/><circle cx="48" cy="42" r="6"/>',
    "glove": '<path d="M34 86V62L20 46c-4-6 3-11 8-6l8 8V20c0-6 8-6 8 0v20-26c0-6 8-6 8 0v26-22c0-6 8-6'
    ' 8 0v24-14c0-6 8-6 8 0v26c0 8-6 12-6 18v14z"/><path d="M34 76h28"/>',
    "box": '<path d="M48 12l32 16v40L48 84 16 68V28zM16 28l32 16 32-16M48 44v40M32 20l32 16"/>'
    '<path d="M24 46v8M20 50h8"/>',
    "vial": '<path d="M24 14h18M27 14v54a6 6 0 0 0 12 0V14M54 14h18M57 14v54a6 6 0 0 0 12 0V14"/>'
    '<path d="M27 44h12M57 34h12M14 84h68"/>',
    "chair": '<circle cx="42" cy="66" r="18"/><path d="M30 14v34h30l8 24h10M30 30h22M22 14h8"/>'
    '<circle cx="74" cy="80" r="5"/><circle cx="42" cy="66" r="3"/>',
    "monitor": '<rect x="12" y="16" width="72" height="50" rx="5"/><path d="M36 82h24M48 66v16"/>'
    '<path d="M20 44h14l5-12 8 22 6-14 3 4h20M64 24h12M68 56h8"/>',
}


def family_of(code: str | None) -> str:
    """Return the drawing that suits an EMDN code; a plain box when there is none."""
    return FAMILIES.get((code or "")[:1].upper(), "box")
