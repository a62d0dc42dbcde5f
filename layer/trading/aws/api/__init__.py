"""The API: `requests` reads bodies and finds their faults, `http` knows the caller and writes answers and errors."""
