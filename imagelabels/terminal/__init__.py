"""What is printed: the console, tables, the sentences for errors of AWS, and the times that people type."""
