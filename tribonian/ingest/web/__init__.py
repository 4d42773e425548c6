"""The network, as a guest: one client, polite, careful whom it asks and what it is answered."""
