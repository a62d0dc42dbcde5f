"""Measurements, run by `make bench`: their figures depend on the machine, so no test rests on them."""
