"""Photos found by their labels: the query language, the spelling of labels, the index, and the evaluation."""
