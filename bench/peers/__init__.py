"""The list page of devices, written plainly in other frameworks: same data, same HTML size."""
