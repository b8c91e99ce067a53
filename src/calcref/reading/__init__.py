"""Findings, age, sex and laboratory values read from running English; what negation, doubt, time and side do to them."""
