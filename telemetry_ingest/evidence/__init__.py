"""Evidence packs: what a pilot proved, frozen, signed, and re-computed by whoever doubts it."""
