#!/bin/sh
# Makes the passwords of compose.yaml in docker/secrets, once; what is there already stays. The folder is 0700 and not
# tracked. The files in it are readable, since the containers' users, who see only their own file, have other user ids.
set -eu
umask 077
folder=$(dirname -- "$(readlink -f -- "$0")")/secrets
mkdir -p -- "$folder"
if [ -e "$folder/creditbank_database_url" ]; then
    echo "secrets.sh: $folder is complete already" >&2
    exit 0
fi
password() { od -An -N24 -tx1 /dev/urandom | tr -d ' \n'; }
admin=$(password)
service=$(password)
printf '%s' "$admin" >"$folder/database_password"
printf 'postgresql://postgres:%s@database:5432/creditbank' "$admin" >"$folder/creditbank_admin_database_url"
printf 'postgresql://creditbank_service:%s@database:5432/creditbank' "$service" >"$folder/creditbank_database_url"
chmod 0444 "$folder"/*
