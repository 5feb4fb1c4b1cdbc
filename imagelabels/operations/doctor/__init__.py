"""The checks of `imagelabels doctor`, from the bucket to the queues."""
