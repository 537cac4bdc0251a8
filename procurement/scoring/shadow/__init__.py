"""Methods that are shown beside an award and never decide it; binary floats are at home here.

TOPSIS, VIKOR and PROMETHEE II answer differently when a losing bid leaves, or when the
normalisation changes; AHP only finds weights before they are published. Every result says
``decides = False``, and no module that awards imports this folder (tests prove both).
"""
