"""Stages on the template's resources, with AWS in memory (moto)."""
