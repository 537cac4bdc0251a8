"""What the portal can do on this machine, measured beside peers in the same run (`make bench`)."""
