"""Choices that pools, runs and allocations share."""

KINDS = [
    ("sales", "Sales"),
    ("marketing", "Marketing"),
    ("service", "Service"),
    ("credit", "Lateness"),
    ("other", "Other"),
]
METHODS = [
    ("time", "Time-driven: minutes per count"),
    ("rate", "Rate-driven: price per count"),
    ("share", "By share of the counts"),
    ("interest", "Interest on late money (not in the books)"),
]
