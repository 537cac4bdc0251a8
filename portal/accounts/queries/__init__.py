"""Reading accounts: every answer is a frozen dataclass."""
