"""Write names, numbers and addresses in one way, so that equal ones compare equal."""

from .domains import PUBLIC_MAIL_DOMAINS, mail_domain
from .names import normalise_name
from .phones import normalise_phone
from .tax_numbers import TaxNumber, normalise_tax_number

__all__ = [
    "PUBLIC_MAIL_DOMAINS",
    "TaxNumber",
    "mail_domain",
    "normalise_name",
    "normalise_phone",
    "normalise_tax_number",
]
