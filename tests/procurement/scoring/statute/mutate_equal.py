"""Mutants of the statutory rules that nobody can observe: (module, line, change) → why.

``mutate`` says when one of them is noticed after all, or is no longer made: then it goes from here.
"""

EQUAL = {
    ("batch", "prices = np.where(batch.admitted, prices, 0)", "0 -> 1"): (
        "the price of an offer that was refused is read for the width of the numbers only, and one "
        "centime decides there if there are more than 2^60 parts"
    ),
    ("batch", "top = prices.max(axis=1, initial=0)", "0 -> 1"): (
        "a row's largest price of 0 or of 1 centime needs the same width, as above"
    ),
    ("batch", "block = np.where(kept, np.where(above, 1, 0), 2)", "2 -> 3"): (
        "only that those not kept come after 0 and 1 matters"
    ),
    ("batch", "place = np.where(new, np.arange(1, distance.shape[1] + 1), 0)", "0 -> 1"): (
        "the largest place so far is taken, and the first offer of a row has place 1"
    ),
    (
        "words",
        "if reader.left or (whole is None and rest is None) or (rest or 0) > 99:",
        "0 -> 1",
    ): "no centimes at all are not more than 99, and neither is one",
    ("words", "if len(self.left) > 1 and self.left[1] in _CENT:", "1 -> 2"): (
        "« deux cent » as the last two words has no unit and is refused whichever way it is read"
    ),
    ("words", "many = _BELOW_HUNDRED.get((self.left[0],), 0)", "0 -> 1"): (
        "neither 0 nor 1 is a number of hundreds from 2 to 9"
    ),
}
