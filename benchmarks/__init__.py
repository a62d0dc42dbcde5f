"""Measurements, run by `make bench`. Their figures depend on the machine, so no test rests on them."""
