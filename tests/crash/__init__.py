"""Every crash point: scenarios that are run again and again, each time with one call of AWS failing in one way."""
