"""Photos run through the workflow again: one photo, or a selection as a batch that can be resumed, and the price."""
