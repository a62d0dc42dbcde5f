"""The API: `requests` reads bodies and finds every fault in them.

`http` knows the caller and writes answers and errors.
"""
