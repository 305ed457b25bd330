"""The weight of what two customers have in common."""

from collections.abc import Iterable

# How often a match of this kind alone means the same company. A tax number names one
# company; a name after normalising nearly does; a switchboard, a website or a mail
# domain is shared by the companies of a group.
REASONS = {
    "vat": 0.98,
    "name": 0.80,
    "phone": 0.60,
    "website": 0.50,
    "email": 0.40,
}


def score(reasons: Iterable[str]) -> float:
    """Return how likely two customers are one, from 0 to 1.

    Each reason is taken as independent evidence: name (0.8) and phone (0.6) together
    leave 0.2 x 0.4 = 0.08 of doubt, so 0.92.
    """
    doubt = 1.0
    for reason in set(reasons):
        doubt *= 1.0 - REASONS[reason]
    return round(1.0 - doubt, 4)
