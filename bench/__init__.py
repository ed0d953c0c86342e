"""Measures what pages and mails cost, as ratios and counts. `make bench` runs it; README.md keeps the last table."""
