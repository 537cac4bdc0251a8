"""Roll-ups by minute, hour and day: what the readings say, counted again where one came late.

`summing` says in plain Python what a roll-up is; `recompute` does the same in SQL, and a test holds
the two against each other.
"""
