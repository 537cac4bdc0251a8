#!/bin/sh
# Make the certificates that PostgreSQL and NATS show to our own processes, and NATS and the gateway
# to devices:
# certificates.sh FOLDER; TAJHIZ_DOMAIN is the name devices connect to.
# One own authority for this deployment; run again, it renews what ends within 30 days.
set -eu
umask 077
folder=$1
mkdir -p "$folder"
chmod 755 "$folder"
cd "$folder"

ends_soon() { ! [ -s "$1" ] || ! openssl x509 -checkend 2592000 -noout -in "$1" > /dev/null; }

if ends_soon ca.crt; then
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 3650 \
    -subj "/CN=Tajhiz deployment" -keyout ca.key -out ca.crt \
    -addext "basicConstraints=critical,CA:TRUE" -addext "keyUsage=critical,keyCertSign,cRLSign" 2> openssl.log
  rm -f postgres.crt nats.crt mqtt.crt
fi

for name in postgres nats mqtt; do
  if ends_soon "$name.crt"; then
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=$name" \
      -keyout "$name.key" -out "$name.csr" 2> openssl.log
    [ "$name" = mqtt ] && public="DNS:${TAJHIZ_DOMAIN:-localhost}," || public=
    printf 'subjectAltName=%sDNS:%s,DNS:localhost,IP:127.0.0.1\nextendedKeyUsage=serverAuth,clientAuth\n' "$public" "$name" > "$name.ext"
    openssl x509 -req -in "$name.csr" -CA ca.crt -CAkey ca.key -CAcreateserial -days 820 \
      -extfile "$name.ext" -out "$name.crt" 2> openssl.log
    rm -f "$name.csr" "$name.ext"
  fi
done

# What our processes trust: the usual authorities (for mail) and this one.
cat /etc/ssl/certs/ca-certificates.crt ca.crt > bundle.crt 2> /dev/null || cp ca.crt bundle.crt
chmod 644 ca.crt postgres.crt nats.crt mqtt.crt bundle.crt
if [ "$(id -u)" = 0 ]; then
  chown "${POSTGRES_UID:-999}" postgres.key
  chown "${NATS_UID:-10002}" nats.key
  chown "${NATS_UID:-10002}:${PORTAL_GID:-10001}" mqtt.key
fi
chmod 640 mqtt.key # NATS shows it to devices on MQTT 3.1.1, the gateway to those on MQTT 5
