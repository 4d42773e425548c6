"""What was fitted to pairs of known origin: how much each figure of a likeness is worth.

`benchmarks/tracing_fit.py` finds these figures again. They are from 1,000 principles of five
titles of the CFR and as many of other law; the tables in the documentation are of pairs drawn
with another seed, of a build of other law, and of pairs written by hand.
"""

from __future__ import annotations

from tribonian.align.tracing.likeness import Likeness

# fmt: off
# What puts one candidate before another (a conditional logit over the candidates of a pair):
# by the words alone, and with their order. ``quoted`` and ``called`` are set by hand: the pairs
# that were fitted do not say where they are from and name no label. A label with its number
# that stands in the question decides among all that have some words of the answer.
GLANCE = Likeness(
    answer=8.59, question=2.95, both=8.69, label=2.10, topic=2.25, trail=0.64, lead=-0.63,
    named=4.89, quoted=1.00, called=60.00, leaf=1.06, length=-6.13,
)
WORTH = Likeness(
    answer=2.31, question=2.90, both=3.03, label=1.63, topic=2.61, trail=0.34, lead=-0.28,
    named=4.03, quoted=2.00, called=60.00, leaf=0.75, length=-3.69, nearby=4.49, retold=4.47,
    order=7.52, numerals=-0.32,
)

# The logarithm of the odds that the best candidate is right (logistic regressions). `RIGHT`
# knows its lead over the next one and what others have that it lacks; `FITS` asks only whether
# the words are those of the principle, as they are too where another principle has the same.
RIGHT: dict[str, float] = {
    "always": -3.90, "answer": -1.54, "question": 0.53, "both": -0.34, "label": 0.77,
    "topic": 0.70, "named": 2.89, "called": 2.00, "length": -1.09, "nearby": 1.72,
    "retold": 2.29, "order": 0.12, "numerals": 0.32, "words": 1.26, "lead": 0.15, "clear": 2.02,
    "lacking": -0.64, "unasked": -1.82,
}
FITS: dict[str, float] = {
    "always": -4.08, "answer": -0.87, "question": 0.12, "both": 1.43, "label": 1.40,
    "topic": 1.17, "named": 2.87, "called": 2.00, "length": -1.41, "nearby": 2.78,
    "retold": 2.83, "order": 0.96, "numerals": 0.16, "words": 1.04,
}
# fmt: on
