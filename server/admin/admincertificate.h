// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/config/settings.h"
#include "server/net/tlscontext.h"

namespace spillway::admin {

/// The certificate of the admin API: what admin.certificate and admin.key name, else DATA/tls/admin.pem and
/// admin-key.pem, which are made here where they are not there or have ended. Consoles pin its fingerprint
/// rather than ask an authority, so it lasts ten years. InvalidArgument where one of the two settings is
/// alone; Io. Blocks on the disk.
[[nodiscard]] Result<net::CertificateFiles> adminCertificate(const config::Settings& settings,
                                                             const std::string& dataFolder, std::int64_t now);

} // namespace spillway::admin
