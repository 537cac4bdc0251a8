"""Reading the catalogue: every answer is a frozen dataclass."""
