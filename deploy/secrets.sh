#!/bin/sh
# Make the secrets of a deployment, once: deploy/secrets.sh [folder]
# The folder is closed to other accounts; the files in it are readable, because each container
# reads its own ones as an account of its own.
set -eu
umask 022
folder=${1:-"$(dirname "$0")/secrets"}
mkdir -p "$folder"
chmod 700 "$folder"

random() { od -An -N24 -tx1 /dev/urandom | tr -d ' \n'; }

keep() { # keep NAME: write standard input to the file unless it is there
  if [ -s "$folder/$1" ]; then cat > /dev/null; else cat > "$folder/$1.new"; mv "$folder/$1.new" "$folder/$1"; fi
}

random | keep postgres_password
random | keep valkey_password
random | keep nats_password
random | keep meili_key
random | keep TAJHIZ_SECRET_KEY
database=$(cat "$folder/postgres_password")
valkey=$(cat "$folder/valkey_password")
nats=$(cat "$folder/nats_password")
meili=$(cat "$folder/meili_key")
trust="sslmode=verify-full&sslrootcert=/certificates/ca.crt"
printf 'postgresql://tajhiz:%s@postgres:5432/tajhiz?%s' "$database" "$trust" | keep TAJHIZ_DATABASE_URL
printf 'redis://:%s@valkey:6379/0' "$valkey" | keep TAJHIZ_VALKEY_URL
printf 'tls://tajhiz:%s@nats:4222' "$nats" | keep TAJHIZ_NATS_URL
printf '%s' "$meili" | keep TAJHIZ_MEILI_KEY
printf 'requirepass %s\n' "$valkey" | keep valkey.conf
printf 'authorization { users: [ { user: "tajhiz", password: "%s" } ] }\n' "$nats" | keep nats_users.conf
printf 'MEILI_MASTER_KEY=%s\n' "$meili" | keep meili.env
echo "The secrets are in $folder: keep a copy where only you can read it."
