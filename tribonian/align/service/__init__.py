"""The service as it is reached: its account, its calls, its refusals."""
