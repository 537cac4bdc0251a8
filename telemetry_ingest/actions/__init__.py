"""What changes pilots and their devices; one transaction each."""
