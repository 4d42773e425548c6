"""What was fitted to pairs of known origin: how much each figure of a likeness is worth.

`benchmarks/tracing_fit.py` finds these figures again. They are from 1,000 principles of five
titles of the CFR and as many of other law; the tables in the documentation are of pairs drawn
with another seed, of a build of other law, and of pairs written by hand.
"""

from __future__ import annotations

from tribonian.align.pairs.likeness import Likeness

# fmt: off
# What puts one candidate before another (a conditional logit over the candidates of a pair):
# by the words alone, and with their order. ``quoted`` is set by hand: the pairs that were
# fitted do not say where they are from.
GLANCE = Likeness(
    answer=9.19, question=1.39, both=8.78, label=2.15, topic=3.10, trail=0.61, lead=-0.02,
    named=4.78, quoted=1.00, leaf=1.12, length=-6.11,
)
WORTH = Likeness(
    answer=2.50, question=1.51, both=3.16, label=1.73, topic=3.42, trail=0.34, lead=0.13,
    named=3.87, quoted=2.00, leaf=0.81, length=-3.61, nearby=4.45, retold=4.52, order=7.55,
    numerals=-0.50,
)

# The logarithm of the odds that the best candidate is right (logistic regressions). `RIGHT`
# knows its lead over the next one; `FITS` asks only whether the words are those of the
# principle, as they are too where another principle has the same.
RIGHT: dict[str, float] = {
    "always": -3.91, "answer": -1.42, "question": -0.13, "both": 0.27, "label": 0.61,
    "topic": 1.25, "named": 2.16, "length": -1.36, "nearby": 2.14, "retold": 1.60,
    "order": 0.88, "numerals": 0.60, "words": 0.64, "lead": 0.26, "clear": 2.19,
}
FITS: dict[str, float] = {
    "always": -3.91, "answer": -0.97, "question": 0.21, "both": 1.55, "label": 1.09,
    "topic": 1.82, "named": 3.21, "length": -1.83, "nearby": 3.44, "retold": 2.24,
    "order": 1.62, "numerals": 0.28, "words": 0.78,
}
# fmt: on
