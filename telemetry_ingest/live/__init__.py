"""What devices measure, shown while it comes: one subscription a process, many who watch."""
