"""The set-up and the embedded services behind `make run` and the tests."""
