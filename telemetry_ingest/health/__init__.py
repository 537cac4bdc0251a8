"""How telemetry is: what its parts say, whether anything is lost or late, and what to do."""
