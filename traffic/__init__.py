"""What comes into a system from outside, made up or replayed: quotes of a market, orders of traders."""
