#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes a presigned URL: PRESIGN_SECRET=HEX presign.py BASE KEY SHARE PATH EXPIRES [x-NAME=VALUE]... (docs/signed-links.md)"""
import base64, hmac, os, sys
from urllib.parse import quote, urlencode

def presign(base, key, secret, share, path, expires, constraints):
    signed = "/".join(path.split("/")[:int(constraints["x-dir"])]) if "x-dir" in constraints else path
    rules = sorted(constraints.items())
    fields = ["p", share, signed, expires] + [text for rule in rules for text in rule]
    message = b"spillway-link-v1\n" + b"".join(b"%d:%s\n" % (len(f), f) for f in map(os.fsencode, fields))
    s = base64.urlsafe_b64encode(hmac.digest(secret, message, "sha256")).rstrip(b"=").decode()
    query = urlencode([("e", expires), ("k", key), *rules, ("s", s)], safe="/:,", quote_via=quote)
    return f"{base}/p/{quote(os.fsencode(share))}/{quote(os.fsencode(path))}?{query}"

if __name__ == "__main__":
    base, key, share, path, expires, *rules = sys.argv[1:]
    print(presign(base, key, bytes.fromhex(os.environ["PRESIGN_SECRET"]), share, path, expires, dict(r.split("=", 1) for r in rules)))
