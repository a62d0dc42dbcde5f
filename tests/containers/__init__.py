"""Each function runs in Lambda's own container, as `sam local` starts it."""
