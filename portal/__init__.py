"""The portal: everything the domains share and nothing they are for."""
