"""Who may use the local stack: the account's key, its signatures, and the admission of each request."""
