#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Makes a presigned URL: PRESIGN_SECRET=HEX presign.sh BASE KEY SHARE PATH EXPIRES [x-NAME=VALUE]... (docs/signed-links.md)
# The x- rules are given in the order of their names. Lengths and characters are bytes, hence LC_ALL=C.
export LC_ALL=C
base=$1 key=$2 share=$3 path=$4 expires=$5 signed=$4; shift 5
field() { printf '%d:%s\n' ${#1} "$1"; }
encode() { rest=$1; while [ "$rest" ]; do c=${rest%"${rest#?}"} rest=${rest#?}
    case $c in [A-Za-z0-9._~/-]) printf %s "$c" ;; *) printf '%%%02X' $(($(printf %d "'$c") & 255)) ;; esac; done; }
for rule; do case $rule in x-dir=0) signed= ;; x-dir=*) signed=$(printf %s "$path" | cut -d/ -f "1-${rule#*=}") ;; esac; done
s=$({ printf 'spillway-link-v1\n'; for f in p "$share" "$signed" "$expires"; do field "$f"; done
    for rule; do field "${rule%%=*}"; field "${rule#*=}"; done; } |
    openssl dgst -sha256 -mac HMAC -macopt "hexkey:$PRESIGN_SECRET" -binary | openssl base64 -A | tr '+/' '-_' | tr -d =)
printf '%s/p/%s/%s?e=%s&k=%s' "$base" "$(encode "$share")" "$(encode "$path")" "$expires" "$key"
for rule; do printf '&%s' "$rule"; done; printf '&s=%s\n' "$s"
