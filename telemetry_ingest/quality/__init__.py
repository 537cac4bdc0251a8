"""How good what was received is: what is missing, repeated, out of range or from a wrong clock."""
