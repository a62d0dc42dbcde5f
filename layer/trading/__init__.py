"""The trading system's shared code: `domain` is pure trading knowledge, `aws` is how the stages reach AWS."""
