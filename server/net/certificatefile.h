// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/base/result.h"

#include <cstdint>
#include <openssl/ossl_typ.h>
#include <string>
#include <vector>

namespace spillway::net {

/// What a certificate says, for logs and `doctor`.
struct CertificateFacts
{
    std::string file;
    std::vector<std::string> names; ///< the DNS names it is good for, lower case; "*.example.org" too
    std::int64_t notBefore = 0, notAfter = 0; ///< Unix time
    std::string fingerprint;                  ///< SHA-256 of the certificate, "AB:CD:…"
};

/// What the first certificate of a PEM file says. NotFound, PermissionDenied, Corrupt; the message names the
/// file and what to do. An expired one is no error. Blocks on the disk.
[[nodiscard]] Result<CertificateFacts> readCertificate(const std::string& file);

/// That a private key's file is there, can be read by this process, and not by everybody. Its group may read
/// it, as Debian's ssl-cert does.
[[nodiscard]] Result<void> checkPrivateKeyFile(const std::string& file);

/// SHA-256 of the whole certificate, as every tool shows it: "AB:CD:…".
[[nodiscard]] std::string certificateFingerprint(const X509* certificate);

} // namespace spillway::net
