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

nkey() { # nkey BYTE…: the octal bytes and standard input as NATS writes a key, with its CRC-16
  { printf "$@"; cat; } > "$folder/nkey.new"
  crc=0
  for byte in $(od -An -v -tu1 "$folder/nkey.new"); do
    crc=$((crc ^ byte << 8))
    for _ in 1 2 3 4 5 6 7 8; do crc=$(((crc << 1 ^ (crc >> 15) * 4129) & 65535)); done
  done
  printf "\\$(printf %o $((crc & 255)))\\$(printf %o $((crc >> 8)))" >> "$folder/nkey.new"
  base32 -w0 "$folder/nkey.new" | tr -d =
  rm "$folder/nkey.new"
}

issuer() { # the key that signs who may connect to NATS, and its public part
  [ -s "$1" ] || { openssl genpkey -algorithm ed25519 -outform DER -out "$1.new"; mv "$1.new" "$1"; }
  tail -c 32 "$1" | nkey '\220\000' | keep TAJHIZ_NATS_ISSUER_SEED
  openssl pkey -inform DER -in "$1" -pubout -outform DER | tail -c 32 | nkey '\000' | keep nats_issuer.pub
}

random | keep postgres_password
random | keep valkey_password
random | keep nats_password
random | keep nats_system_password
random | keep meili_key
random | keep TAJHIZ_SECRET_KEY
od -An -N32 -tx1 /dev/urandom | tr -d ' \n' | keep TAJHIZ_EVIDENCE_KEY
database=$(cat "$folder/postgres_password")
valkey=$(cat "$folder/valkey_password")
nats=$(cat "$folder/nats_password")
nats_system=$(cat "$folder/nats_system_password")
meili=$(cat "$folder/meili_key")
trust="sslmode=verify-full&sslrootcert=/certificates/ca.crt"
printf 'postgresql://tajhiz:%s@postgres:5432/tajhiz?%s' "$database" "$trust" | keep TAJHIZ_DATABASE_URL
printf 'redis://:%s@valkey:6379/0' "$valkey" | keep TAJHIZ_VALKEY_URL
printf 'tls://tajhiz:%s@nats:4222' "$nats" | keep TAJHIZ_NATS_URL
printf '%s' "$meili" | keep TAJHIZ_MEILI_KEY
printf 'requirepass %s\n' "$valkey" | keep valkey.conf
printf 'tls://system:%s@nats:4222' "$nats_system" | keep TAJHIZ_NATS_SYSTEM_URL
issuer "$folder/nats_issuer.key"
cat <<END | keep nats_users.conf
accounts {
  PILOTS { jetstream: enabled, users: [ { user: "tajhiz", password: "$nats" } ] }
  SYSTEM { users: [ { user: "system", password: "$nats_system" } ] }
}
system_account: SYSTEM
authorization {
  timeout: 5
  auth_callout {
    issuer: "$(cat "$folder/nats_issuer.pub")", account: PILOTS, auth_users: ["tajhiz", "system"]
  }
}
END
printf 'MEILI_MASTER_KEY=%s\n' "$meili" | keep meili.env
echo "The secrets are in $folder: keep a copy where only you can read it."
