"""The catalogue: what the organisations of the ecosystem offer."""
