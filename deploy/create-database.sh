#!/bin/sh
# Runs once, on an empty data folder: an account for the portal that is no superuser.
set -eu
psql -v ON_ERROR_STOP=1 -v password="$(cat /run/secrets/postgres_password)" <<'SQL'
CREATE ROLE tajhiz LOGIN PASSWORD :'password';
CREATE DATABASE tajhiz OWNER tajhiz;
SQL
