"""Schemas, samples, messages of version 1 and the API's contract: what others rely on stays true."""
