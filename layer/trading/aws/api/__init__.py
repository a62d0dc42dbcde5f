"""The API's side: bodies of requests, callers, answers."""
