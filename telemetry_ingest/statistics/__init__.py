"""What a pilot proves: pure functions, each with its source, its units and what it assumes.

Confidence is one-sided wherever a bound is judged; scipy is loaded only when one is asked for.
"""
